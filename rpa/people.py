"""Who signs in to the console, and what each role may do there. Frozen, no I/O."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """What somebody may do in the console. A person may have several; what no role allows is denied."""

    VIEWER = "viewer"
    """Looks at work, runs, systems and bots; personal values stay hidden."""
    OPERATOR = "operator"
    """Starts jobs, settles what needs a person, resumes systems."""
    APPROVER = "approver"
    """Settles what needs a person; starts nothing."""
    AUTHOR = "author"
    """Writes bots: looks at work, runs, systems and bots."""
    AUDITOR = "auditor"
    """Looks at everything, and searches and verifies the audit log."""
    ADMIN = "admin"
    """Looks after accounts; looks at schedules, systems and bots, and resumes them; sees no work."""


@dataclass(frozen=True, kw_only=True)
class User:
    """An account. *id* is what is typed to sign in, *name* stands in the audit log, *disabled* since when.

    *language* is the code of the one chosen for the pages; None where their browser says it. One that an identity
    provider looks after is known by its *issuer* and the name that it has there; it is signed in there alone, and
    given its roles by it.
    """

    id: str
    name: str
    roles: frozenset[Role]
    created: datetime
    disabled: datetime | None = None
    language: str | None = None
    issuer: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A session: who, since when, and when they last did something."""

    user: User
    began: datetime
    seen: datetime
