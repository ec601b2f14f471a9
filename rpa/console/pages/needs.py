"""*Needs you*: everything that waits for a person, who should act, and how old it is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache, partial

from starlette.responses import Response

from rpa.console.bots_known import who_acts
from rpa.console.paging import paging
from rpa.console.roles import home_of
from rpa.console.visit import Visit
from rpa.store.listing import Part
from rpa.store.review import Waiting
from rpa.work import PERSON_ONLY, Status

KINDS = ("in_doubt", "rejected", "failed", "quarantined", "revision", "approval")
"""In the order in which they are shown: what is in doubt can't wait."""

MANY = 200
"""Of more than so many some surely wait for the same reason; to look for it would hold up the page."""


def home(visit: Visit) -> Response:
    """Send people to where their work is."""
    return visit.to(home_of(visit.user))


def show(visit: Visit) -> Response:
    """List what needs a person."""
    bots = visit.store.lists.bots()
    bot = visit.asked("bot") if len(bots) > 1 else ""
    kind = visit.asked("kind") if visit.asked("kind") in KINDS else ""
    page = paging(visit, "bot", "kind")
    counts = _counts(visit, bot)
    asked = [one for one in PERSON_ONLY if kind in {"", one}]
    before = sum(counts[one] for one in asked)
    status = Status(kind) if kind in PERSON_ONLY else None
    found = visit.store.lists.decisions(page.part, bot=bot or None, status=status) if asked else []
    others = [one for one in visit.store.waiting(bot or None) if kind in {"", one.kind}]
    return visit.page(
        "needs.html",
        decisions=found,
        others=_part(others, page.part, before),
        counts=counts,
        alike=_some_alike(visit, counts, bot),
        kind=kind,
        bot=bot,
        in_vain=visit.store.lists.runs_in_vain(bot or None) if not kind else [],
        bots=bots,
        acts=cache(partial(who_acts, visit.house.project)),
        page=page.of(before + len(others)),
    )


def _counts(visit: Visit, bot: str) -> dict[str, int]:
    counts = visit.store.lists.decision_counts(bot or None)
    waiting: Counter[str] = Counter(one.kind for one in visit.store.waiting(bot or None))
    return {kind: counts.get(kind, 0) + waiting[kind] for kind in KINDS}


def _some_alike(visit: Visit, counts: Mapping[str, int], bot: str) -> bool:
    """Tell whether several of the *bot*, or of any, were rejected or have failed for the same reason."""
    waiting = counts[Status.REJECTED] + counts[Status.FAILED]
    if not 1 < waiting <= MANY:
        return waiting > MANY
    return any(bot in {"", surge.bot} for surge in visit.store.lists.surges())


def _part(rows: Sequence[Waiting], part: Part, before: int) -> Sequence[Waiting]:
    """Return the part of a list that follows *before* lines of another one."""
    start = max(0, part.skip - before)
    return rows[start : max(0, part.skip + part.size - before)]
