"""Many at once: what was rejected or has failed for the same reason gets one decision, each with its own entry."""

from datetime import datetime
from typing import Any

from starlette.responses import Response

from rpa.console.roles import DECIDES
from rpa.console.visit import UNPROCESSABLE, Visit
from rpa.deciding import Decided, decide_together
from rpa.store.accounts import actor_of
from rpa.words import whole_number
from rpa.work import Status

ANSWERS = {"again": Status.NEW, "abandon": Status.ABANDONED}

MOST = 200
"""Of so many at most is decided at once: a person can still look through them."""


def show(visit: Visit) -> Response:
    """List the reasons for which several wait."""
    return visit.page("together.html", surges=visit.store.lists.surges())


def one(visit: Visit) -> Response:
    """Show what waits for one reason."""
    return _page(visit)


def decide(visit: Visit) -> Response:
    """Decide about those that were chosen; tell which of them could not be."""
    seen = dict(_chosen(visit))
    answer, reason = visit.said("answer"), visit.said("reason")
    problem = "none" if not seen else "answer" if answer not in ANSWERS else "reason" if not reason else None
    if problem is not None:
        return _page(visit, status=UNPROCESSABLE, problem=problem, answer=answer, reason=reason, left=seen)
    by = actor_of(visit.user)
    told = decide_together(visit.house.project, visit.store, seen, ANSWERS[answer], person=by, reason=reason)
    return visit.page("together_done.html", told=told, refused=_refused(visit, told), answer=answer)


def _chosen(visit: Visit) -> Any:
    """Yield each transaction that was chosen, with when it had last changed as it was shown."""
    for text in visit.form.getlist("one"):
        said, _, at = str(text).partition("@")
        if (number := whole_number(said)) is None:
            raise LookupError("there is no such transaction")
        yield number, datetime.fromisoformat(at)


def _refused(visit: Visit, told: Decided) -> list[tuple[str, int, str]]:
    """Return what could not be decided: its reference, its work item, and why."""
    rows = []
    for number, words in told.refused.items():
        item = visit.store.work_item(visit.store.transaction(number).work_item_id)
        rows.append((item.reference, item.id, words))
    return rows


def _page(visit: Visit, *, status: int = 200, left: dict[int, datetime] | None = None, **said: Any) -> Response:
    found, total = visit.store.lists.alike(visit.number("transaction"), MOST)
    if not found:
        return visit.to("/together")
    chosen = {row.transaction_id for row in found} if left is None else set(left)
    return visit.page(
        "together_one.html",
        status=status,
        found=found,
        total=total,
        chosen=chosen,
        may_decide=visit.may(*DECIDES),
        **{"problem": None, "answer": "", "reason": "", **said},
    )
