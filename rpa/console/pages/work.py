"""*Work queue*: every work item, found by its reference or receipt number, its bot or where it stands."""

from starlette.responses import Response

from rpa.console.paging import paging
from rpa.console.public.facts import number
from rpa.console.visit import Visit
from rpa.work import Status

LONGEST = 100
"""Letters of a reference that are looked for."""


def show(visit: Visit) -> Response:
    """List the work items, the newest first."""
    bots = visit.store.lists.bots()
    bot = visit.asked("bot") if len(bots) > 1 else ""
    status, text = visit.asked("status"), visit.asked("reference")[:LONGEST]
    page = paging(visit, "bot", "status", "reference")
    known = Status(status) if status in set(Status) else None
    receipt = number(text)
    brought = visit.store.receipts.brought(receipt) if receipt else None
    lines, total = visit.store.lists.work(page.part, bot=bot or None, status=known, text=text, document=brought)
    return visit.page(
        "work.html",
        lines=lines,
        page=page.of(total),
        bot=bot,
        bots=bots,
        stands=known,
        statuses=list(Status),
        text=text,
    )
