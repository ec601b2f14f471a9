"""One transaction: search, create, submit, confirm. The only room that may press the button that counts.

The promise (`submitting`, on disk) comes before the press, and from there no way leads back: whatever happens
afterwards, the system is asked what became of it, and nothing is pressed again. Evidence is positive only: an
answer of 200 proves nothing, the row that search finds and the values read back from it do.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from rpa import clock, uptime
from rpa.actions.base import Stage
from rpa.actions.find import FoundSeveral
from rpa.actions.table import act, act_and_aim
from rpa.case import Case
from rpa.definitions.bot import Entry
from rpa.errors import (
    ApplicationException,
    BusinessException,
    LedgerFailed,
    OwnershipLost,
    PressUnanswered,
    RpaError,
    SignedOut,
    SignInRefused,
)
from rpa.work import ENTERED, Status, Transaction

UNFINISHED = 3
"""Attempts beyond those of `retry` that may come to no end, because the worker or its sign-in failed."""

UNASKED = timedelta(minutes=1)
"""How much longer than `settle` a system that can't be asked is asked again, before a person has to."""

RESTORED = "the ledger is an older copy that was put back"
FORGOTTEN = RESTORED + ": look whether {system} holds it, then send it again or abandon it"
WAITS = RESTORED + ": the system is asked once the time to settle is over"

ABSENT = "the press was made, its time to settle is over, and the system says that there is no such entry"

LOOK_AGAIN = timedelta(seconds=1)
"""How long after a search that found nothing yet the system is asked again."""


def perform(case: Case) -> Transaction:
    """Enter the record in one system once, whatever dies on the way; return where the transaction stands now.

    How the system did is told to the ledger, which pauses it after too much trouble, and at once where it refused
    the sign-in: a wrong password that is tried again and again locks the account. Raises `Stopped` where the
    worker is told to stop before the promise; the transaction is to be given back.
    """
    system = case.stage.session.system
    try:
        _perform(case)
    except SignInRefused as problem:
        case.in_trouble(problem)
        case.store.pause_system(system.system, case.trouble)
    else:
        if case.transaction.status in ENTERED:
            case.store.system_answered(system.system)
        elif case.trouble and not case.stopping():
            case.store.system_failed(system.system, case.trouble, system.pause_after)
    return case.transaction


def _perform(case: Case) -> None:
    if not case.promised:
        if case.transaction.unsure is not None and not _sure(case):
            return
        if not _prepared(case) or _closed(case):
            return
        case.go_on()
        case.move(Status.SUBMITTING, disclosure=_disclosure(case))
        _submit(case)
        case.press_is_over()
    _settle(case)


def prepare(stage: Stage, entry: Entry) -> bool:
    """Do everything up to the press: search, and if nothing is found fill in the form and read it back.

    Return False where the system already holds the record; the stage then stands on its row. Where the system asks
    to sign in on the way, it is begun again from the record, once: what was filled in went with the session.
    """
    try:
        return _prepare(stage, entry)
    except (SignedOut, PressUnanswered) as problem:
        if isinstance(problem, PressUnanswered) and not isinstance(problem.reason, SignedOut):
            raise
    return _prepare(stage, entry)


def _prepare(stage: Stage, entry: Entry) -> bool:
    if entry.search is not None:
        act(stage, entry.search)
        if stage.row is not None:
            return False
    act_and_aim(stage, entry.create, entry.submit[0].target)
    return True


def _prepared(case: Case) -> bool:
    case.move(Status.IN_PROGRESS)
    if case.transaction.attempt > case.retry.times + UNFINISHED:
        case.move(Status.FAILED, f"{case.transaction.attempt - 1} attempts came to no end")
        return False
    try:
        ready = prepare(case.stage, case.entry)
        if not ready:
            _already_entered(case)
            return False
        case.keep_picture()
    except (OwnershipLost, LedgerFailed):
        raise
    except BusinessException as problem:
        if isinstance(problem, FoundSeveral):
            case.alarm(problem)
        case.move(Status.REJECTED, str(problem))
    except ApplicationException as problem:
        case.go_on()
        case.try_picture()
        _try_again(case, problem)
    return case.transaction.status is Status.IN_PROGRESS


def _sure(case: Case) -> bool:
    """Tell whether a search is to be believed, although the ledger may have forgotten a press of this record."""
    left = case.stage.session.system.settle - uptime.since(case.transaction.unsure)
    if case.entry.search is not None and left <= timedelta():
        return True
    case.move(Status.IN_PROGRESS)
    if case.entry.search is None:
        case.move(Status.FAILED, FORGOTTEN.format(system=case.entry.system))
    else:
        case.move(Status.NEW, WAITS, not_before=clock.now() + left)
    return False


def _closed(case: Case) -> bool:
    """Give the transaction back where the system's hours ended meanwhile: nothing is pressed after them."""
    opens = case.stage.session.system.opens(clock.now())
    if opens is not None:
        case.move(Status.NEW, f"{case.entry.system} closed before the press", not_before=opens)
    return opens is not None


def _already_entered(case: Case) -> None:
    differing = _read_back(case)
    if differing:
        case.move(Status.REJECTED, f"{case.entry.system} already holds something else: {differing}")
    else:
        case.move(Status.ALREADY_ENTERED)


def _try_again(case: Case, problem: ApplicationException) -> None:
    case.in_trouble(problem)
    attempt, retry = case.transaction.attempt, case.retry
    if isinstance(problem, SignInRefused):
        case.move(Status.NEW, str(problem))
        raise problem
    if attempt >= retry.times:
        case.move(Status.FAILED, f"{problem} (tried {attempt} times)")
        return
    wait = retry.wait * 2 ** (attempt - 1)
    case.move(Status.NEW, str(problem), not_before=clock.now() + wait)


def _submit(case: Case) -> None:
    """Press once. What is raised here changes nothing: only the system can tell whether the press landed."""
    try:
        _press(case)
        case.pressed = True
        case.try_picture()
    except RpaError as problem:
        case.in_trouble(problem)
        case.try_picture()
        case.note(str(problem))
    else:
        case.note()


def _press(case: Case) -> None:
    """Press while the browser is kept from sending anything twice; say what went over the wire if it fails."""
    with case.stage.session.armed() as fuse:
        try:
            act(case.stage, case.entry.submit)
        except PressUnanswered as problem:
            seen = fuse.told()
            raise PressUnanswered(ApplicationException(f"{problem}; {seen}")) if seen else problem from None


def _disclosure(case: Case) -> Mapping[str, Any] | None:
    """Return to whom the record is given away by entering it, and which fields of it; never a value."""
    told = case.stage.session.system.disclosure
    if told is None:
        return None
    names = {name for step in (*(case.entry.search or ()), *case.entry.create) for name, _ in step.references()}
    return {**told.model_dump(exclude_defaults=True), "fields": sorted(names & case.stage.record.fields.keys())}


def _settle(case: Case) -> None:
    """Ask the system what became of the press; never press again."""
    waited = uptime.since(case.transaction.uptime)
    try:
        if case.entry.search is None:
            _confirm_at_once(case)
            return
        act(case.stage, case.entry.search)
        if case.stage.row is not None:
            _confirm(case)
        else:
            case.try_picture()
            _not_found(case, waited)
    except (OwnershipLost, LedgerFailed):
        raise
    except SignInRefused:
        # Asking again and again with a wrong password would lock the account: a person resumes it first.
        case.transaction = case.store.postpone(case.transaction, case.owner, clock.now())
        raise
    except FoundSeveral as problem:
        case.try_picture()
        case.alarm(problem)
        case.move(Status.IN_DOUBT, str(problem))
    except RpaError as problem:
        if case.stopping():  # the next run asks: that we stop says nothing about the system
            case.transaction = case.store.postpone(case.transaction, case.owner, clock.now())
            return
        case.in_trouble(problem)
        _ask_later(case, waited - UNASKED, f"the system could not be asked: {problem}")


def _confirm_at_once(case: Case) -> None:
    """Take the page after the press for evidence, where the system has no way to look. There is no second look."""
    if not case.pressed:
        case.move(Status.IN_DOUBT, f"{case.entry.system} has no way to look what became of the press")
    elif case.transaction.receipt.refusal is not None:
        case.move(Status.REJECTED, f"{case.entry.system} says: {case.transaction.receipt.refusal}")
    else:
        _confirm(case)


def _confirm(case: Case) -> None:
    differing = _read_back(case)
    if differing:
        case.move(Status.REJECTED, f"{case.entry.system} holds something else: {differing}")
    else:
        case.move(Status.CONFIRMED)


def _read_back(case: Case) -> str:
    """Do the confirm steps on the row that was found; return the names of what differs, or nothing."""
    act(case.stage, case.entry.confirm)
    case.keep_picture()
    return ", ".join(name for name, verdict in case.stage.verdicts.items() if verdict != "same")


def _not_found(case: Case, waited: timedelta) -> None:
    """Ask later; once that is over, and where the bot says so, let it be entered again: the system has none."""
    over, refused = waited >= case.stage.session.system.settle, case.transaction.receipt.refusal is not None
    transaction = case.transaction
    once = case.entry.if_absent == "enter_again" and (transaction.entered_again, transaction.unsure) == (0, None)
    if over and once and not refused:
        case.transaction = case.store.enter_again(case.transaction, case.owner, ABSENT)
    else:
        _ask_later(case, waited, "the press was made, but the system does not show the entry")


def _ask_later(case: Case, waited: timedelta, reason: str) -> None:
    """Give the transaction back to be settled later; end it if the time to settle was over when it was asked.

    *waited* is how long ago the promise then was. What the system refused in words, and does not show even then,
    is rejected; otherwise a person has to look.
    """
    if case.entry.search is not None and waited < case.stage.session.system.settle:
        soon = clock.now() + LOOK_AGAIN
        case.transaction = case.store.postpone(case.transaction, case.owner, soon)
        return
    if case.transaction.reason:
        reason = f"{reason}; at the press: {case.transaction.reason}"
    refusal = case.transaction.receipt.refusal
    if refusal is not None:
        case.move(Status.REJECTED, f"{case.entry.system} says: {refusal}")
    else:
        case.move(Status.IN_DOUBT, reason)
