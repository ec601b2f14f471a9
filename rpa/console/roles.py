"""What each role may do, by the kinds of things that there are to do, and the menu that follows from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from rpa.people import Role, User

ANYBODY: frozenset[Role] = frozenset()
"""Without a session: the way in alone."""

LOOKS = frozenset(Role)
"""Looks at schedules, systems and bots, which hold nothing of anybody's record."""

WORK = frozenset({Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.AUTHOR, Role.AUDITOR})
"""Looks at records and what became of them; what is personal stays hidden."""

PERSONAL = frozenset({Role.OPERATOR, Role.APPROVER, Role.AUDITOR})
"""May see what is personal, for a reason that is written down."""

DECIDES = frozenset({Role.OPERATOR, Role.APPROVER})
APPROVES = frozenset({Role.APPROVER})
"""Agrees to what somebody else has corrected or sends again, where the bot asks for four eyes."""

TELLS = frozenset({Role.VIEWER, Role.OPERATOR, Role.APPROVER, Role.AUTHOR})
"""Says what is wrong with a bot; an auditor only looks."""

STARTS = frozenset({Role.OPERATOR})
RESUMES = frozenset({Role.OPERATOR, Role.ADMIN})
MANAGES = frozenset({Role.ADMIN})
AUDITS = frozenset({Role.AUDITOR})


@dataclass(frozen=True)
class Place:
    """One place in the menu; *word* is its name in the texts."""

    path: str
    word: str
    roles: frozenset[Role]


MENU = (
    Place("/needs-you", "needs", WORK),
    Place("/start", "start", STARTS),
    Place("/work", "work", WORK),
    Place("/runs", "runs", WORK),
    Place("/schedules", "schedules", LOOKS),
    Place("/systems", "systems", LOOKS),
    Place("/bots", "bots", LOOKS),
    Place("/insight", "insight", WORK),
    Place("/audit", "audit", AUDITS),
    Place("/people", "people", MANAGES),
)


def menu_of(user: User) -> Iterator[Place]:
    """Yield the places that the person may go to, in the order of the menu."""
    return (place for place in MENU if place.roles & user.roles)


def home_of(user: User) -> str:
    """Return where the person's work is."""
    return next(place.path for place in menu_of(user))
