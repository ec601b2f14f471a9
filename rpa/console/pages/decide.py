"""What a person decides of a transaction: confirm, send again, abandon, each with a reason."""

from datetime import datetime

from starlette.responses import Response

from rpa.console.pages.items import REVEALED, page
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.deciding import send_again
from rpa.errors import BusinessException
from rpa.store.accounts import actor_of
from rpa.work import Receipt, Status, Transaction

ANSWERS = {"confirm": Status.CONFIRMED, "again": Status.NEW, "abandon": Status.ABANDONED}


def decide(visit: Visit) -> Response:
    """Write down the decision; or say what is missing, or who was quicker."""
    item = visit.store.work_item(visit.number("item"))
    one = next((t for t in visit.store.transactions(item.id) if t.id == visit.number("transaction")), None)
    if one is None:
        raise LookupError("the work item has no such transaction")
    answers = {name: visit.said(name) for name in ("answer", "reason", "receipt")}
    problem = _lacking(visit, one)
    if problem is not None:
        status = CONFLICT if problem == "changed" else UNPROCESSABLE
        return page(visit, item, status=status, problem=problem, transaction=one.id, answers=answers)
    try:
        _write(visit, one)
    except BusinessException as error:  # somebody was quicker, between our look and our writing
        problem = error.field if error.field in {"newer", "asked"} else "changed"
        return page(visit, item, status=CONFLICT, problem=problem, transaction=one.id, answers=answers)
    token = visit.asked(REVEALED)
    return visit.to(f"/work/{item.id}" + (f"?{REVEALED}={token}" if token else ""))


def _write(visit: Visit, one: Transaction) -> None:
    status, seen = ANSWERS[visit.said("answer")], datetime.fromisoformat(visit.said("seen"))
    person, reason = actor_of(visit.user), visit.said("reason")
    if status is Status.NEW:
        send_again(visit.house.project, visit.store, one.id, person=person, reason=reason, seen=seen)
        return
    receipt = Receipt(kept={"receipt": visit.said("receipt")}) if status is Status.CONFIRMED else None
    visit.store.decide(one.id, status, person=person, reason=reason, receipt=receipt, seen=seen)


def _lacking(visit: Visit, one: Transaction) -> str | None:
    """Return the word for what keeps the decision from being written, if anything does."""
    if visit.said("seen") != one.changed.isoformat():
        return "changed"
    answer = visit.said("answer")
    if answer not in ANSWERS:
        return "answer"
    if answer == "confirm" and not visit.said("receipt"):
        return "receipt"
    if not visit.said("reason"):
        return "reason"
    return None
