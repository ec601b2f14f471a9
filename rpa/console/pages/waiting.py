"""A document that could not be read, or a revision: what it is, and what a person decides of it."""

import re
from datetime import UTC, datetime
from typing import Any

from starlette.responses import Response

from rpa.audit.entry import Event
from rpa.console.bots_known import known, who_acts
from rpa.console.pages.items import REVEALED
from rpa.console.roles import DECIDES, PERSONAL
from rpa.console.values import Compared, compared
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.deciding import take_revision
from rpa.errors import BusinessException
from rpa.records import Record
from rpa.store.review import AGAIN, DISMISSED, Waiting

ANSWERS = {"again": AGAIN, "dismiss": DISMISSED, "take": "taken"}
NAMED = re.compile(r"(document|revision)-[0-9]{1,18}")


def show(visit: Visit) -> Response:
    """Show what waits, or that it was settled."""
    one = _found(visit)
    return _settled(visit) if one is None else _page(visit, one)


def reveal(visit: Visit) -> Response:
    """Show what is personal in a revision, once somebody has said why."""
    one, reason = _found(visit), visit.said("why")
    if one is None:
        return _settled(visit)
    if one.work_item_id is None:
        raise LookupError("only a revision has values")
    if not reason:
        return _page(visit, one, status=UNPROCESSABLE, problem="why")
    item = visit.store.work_item(one.work_item_id)
    visit.store.log.append(Event.DATA_VIEWED, item=item, reason=reason, data={"view": "console"})
    return visit.to(f"/waiting/{one.id}?{REVEALED}={visit.known.shows(one.id, datetime.now(UTC))}")


def decide(visit: Visit) -> Response:
    """Write down the decision; or say what is missing, or that it can't be."""
    one, answer, reason = _found(visit), visit.said("answer"), visit.said("reason")
    if one is None:
        return _settled(visit)
    if answer not in ANSWERS or not reason:
        problem = "reason" if answer in ANSWERS else "answer"
        return _page(visit, one, status=UNPROCESSABLE, problem=problem, answer=answer, reason=reason)
    try:
        if answer == "take":
            take_revision(visit.house.project, visit.store, one.id, reason=reason)
        else:
            visit.store.decide_waiting(one.id, ANSWERS[answer], reason=reason)
    except BusinessException:
        return _page(visit, one, status=CONFLICT, problem="refused", answer=answer, reason=reason)
    return visit.to("/needs-you")


def _found(visit: Visit) -> Waiting | None:
    """Return what waits; None for what nobody waits for any more. Raises `LookupError` for what is none."""
    wanted = visit.request.path_params["id"]
    others = (one for one in visit.store.waiting() if one.kind != "approval")  # which has a page of its own
    found = next((one for one in others if one.id == wanted), None)
    if found is None and not NAMED.fullmatch(wanted):
        raise LookupError(f"{wanted} does not wait for a person")
    return found


def _settled(visit: Visit) -> Response:
    return visit.page("error.html", status=CONFLICT, kind="settled", words=None)


def _page(visit: Visit, one: Waiting, *, status: int = 200, **said: Any) -> Response:
    token = visit.asked(REVEALED)
    revealed = bool(token) and visit.known.may_see(one.id, token, datetime.now(UTC))
    fields = _compared(visit, one, personal=revealed) if one.work_item_id is not None else []
    return visit.page(
        "waiting.html",
        status=status,
        one=one,
        fields=fields,
        hidden=any(field.hidden for field in fields),
        acts=who_acts(visit.house.project, one.bot),
        may_decide=visit.may(*DECIDES),
        may_reveal=visit.may(*PERSONAL),
        revealed=revealed,
        **{"problem": None, "answer": "", "reason": "", **said},
    )


def _compared(visit: Visit, one: Waiting, *, personal: bool) -> list[Compared]:
    """Return each field as it is on the ledger and as the revision has it."""
    bot = known(visit.house.project, one.bot)
    item = visit.store.work_item(one.work_item_id or 0)
    before = Record.from_json(item.record)
    after = Record.from_json(visit.store.revision(one.id).record or item.record)
    return compared(before, after, bot, personal=personal)
