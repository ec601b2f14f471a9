"""What production asks for beyond what works: approved bots, no root, credentials that are bound and kept well."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from rpa.approval import Approval, NotApproved
from rpa.audit.entry import Actor, Event
from rpa.errors import SetupError
from rpa.project import Project
from rpa.starts import hashes, reads
from rpa.store.store import Store
from rpa.work import Run

DEVELOPMENT_ONLY = ("environment", "keyring")
"""Stores that anybody who may look at the process, or sits at the screen, can read."""

ROOT = "in production nothing runs as root, for then no sandbox holds: start it by an account of its own"

OWNER = (
    "in production nothing works as the owner of the ledger's tables, who can drop what guards the log: sign in as"
    " the `app` of [database_roles]"
)


@dataclass(frozen=True)
class Start:
    """By what a bot is started, and the *files* that its documents are read from instead of its own."""

    by: Actor
    files: Mapping[str, str]


def require(project: Project, bot: str, start: Start | None = None) -> Approval | None:
    """Return what lets the bot run, None where this is no production; raise `SetupError` where nothing may run.

    Where a schedule or a trigger has it run, that has to be approved with it.
    """
    if project.settings.mode != "production":
        return None
    refuse_root()
    store = project.settings.secrets.store
    if store in DEVELOPMENT_ONLY:
        raise SetupError(f"in production credentials don't come from `{store}`: see docs/secrets.md")
    approval = project.approvals.of(bot, project.library.digest(bot))
    if start is not None and start.by.kind in {"schedule", "trigger"}:
        _require_start(project, bot, approval, start)
    return approval


def unapproved(project: Project, bot: str, approval: Approval) -> list[str]:
    """Return the schedules and triggers of the bot that were not approved with it, or have been changed since."""
    now = hashes(project.starts(bot))
    return sorted(name for name, sha256 in now.items() if approval.starts.get(name) != sha256)


def _require_start(project: Project, bot: str, approval: Approval, start: Start) -> None:
    name, words = start.by.id, f"{bot} may not be started by {start.by.id} in production"
    if name not in project.starts(bot) or name in unapproved(project, bot, approval):
        raise NotApproved(f"{words}: that was not approved with it, or has been changed since")
    one = project.schedules.get(name) if name in project.schedules else project.triggers.get(name)
    if not reads(one, start.files):
        raise NotApproved(f"{words}: it is to read other files than were approved")


def refuse_root() -> None:
    """Raise `SetupError` for the account that may do anything."""
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise SetupError(ROOT)


def refuse_owner(store: Store) -> None:
    """Raise `SetupError` for an account of the database against which its roles guard nothing."""
    if store.is_unguarded():
        raise SetupError(OWNER)


def guarded(project: Project, store: Store) -> None:
    """Do as `refuse_owner`, in production."""
    if project.settings.mode == "production":
        refuse_owner(store)


def begin(project: Project, store: Store, bot: str, start: Start | None = None) -> Approval | None:
    """Do as `require`, and write a refusal into the log."""
    try:
        guarded(project, store)
        return require(project, bot, start)
    except SetupError as refusal:
        store.log.append(Event.BOT_REFUSED, reason=str(refusal), data={"bot": bot})
        raise


def told(store: Store, run: Run, approval: Approval | None) -> None:
    """Write into the log who let this run begin."""
    if approval is not None:
        event = Event.BOT_OVERRIDDEN if approval.is_override else Event.BOT_APPROVED
        said = {"by": list(approval.by), "author": approval.author, "until": approval.until, "note": approval.note}
        data = {key: text for key, text in said.items() if text}
        store.log.append(event, run=run, reason=approval.reason or None, data=data)
