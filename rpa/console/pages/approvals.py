"""A change that waits for a second person: what is to be changed, by whom and why, and whether they agree."""

from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from rpa.audit.entry import Event
from rpa.console.bots_known import known
from rpa.console.pages.items import REVEALED
from rpa.console.roles import APPROVES, PERSONAL
from rpa.console.values import compared
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.errors import BusinessException
from rpa.records import Record
from rpa.store.accounts import actor_of
from rpa.store.change import Change

ANSWERS = ("approve", "refuse")


def show(visit: Visit) -> Response:
    """Show the change."""
    return _page(visit, visit.store.changes.one(visit.number("change")))


def reveal(visit: Visit) -> Response:
    """Show what is personal of it, once somebody has said why."""
    change, reason = visit.store.changes.one(visit.number("change")), visit.said("why")
    if not reason:
        return _page(visit, change, status=UNPROCESSABLE, problem="why")
    item = visit.store.work_item(change.work_item_id)
    visit.store.log.append(Event.DATA_VIEWED, item=item, reason=reason, data={"view": "console"})
    token = visit.known.shows(f"item {item.id}", datetime.now(UTC))
    return visit.to(f"/approvals/{change.id}?{REVEALED}={token}")


def decide(visit: Visit) -> Response:
    """Write down whether the person agrees; or say what is missing, or that it can't be."""
    changes, answer, reason = visit.store.changes, visit.said("answer"), visit.said("reason")
    change = changes.one(visit.number("change"))
    if answer not in ANSWERS or not reason:
        problem = "reason" if answer in ANSWERS else "answer"
        return _page(visit, change, status=UNPROCESSABLE, problem=problem, answer=answer, reason=reason)
    write = changes.approve if answer == "approve" else changes.refuse
    try:
        write(change.id, person=actor_of(visit.user), reason=reason)
    except BusinessException as error:
        return _page(visit, changes.one(change.id), status=CONFLICT, problem=error.field or "refused")
    return visit.to(f"/work/{change.work_item_id}")


def _page(visit: Visit, change: Change, *, status: int = 200, **said: Any) -> Response:
    item = visit.store.work_item(change.work_item_id)
    token = visit.asked(REVEALED)
    revealed = bool(token) and visit.known.may_see(f"item {item.id}", token, datetime.now(UTC))
    bot, fields = known(visit.house.project, item.bot), []
    if change.before is not None and change.after is not None:
        before, after = Record.from_json(change.before), Record.from_json(change.after)
        fields = [one for one in compared(before, after, bot, personal=revealed) if one.differs]
    return visit.page(
        "approval.html",
        status=status,
        change=change,
        item=item,
        fields=fields,
        hidden=any(field.hidden for field in fields),
        may_decide=visit.may(*APPROVES) and change.waits,
        own=change.asked_by.id == visit.user.id,
        may_reveal=visit.may(*PERSONAL),
        revealed=token if revealed else "",
        **{"problem": None, "answer": "", "reason": "", **said},
    )
