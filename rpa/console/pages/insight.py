"""*Insight*: throughput, time saved, what goes straight through, why people are needed, how old the backlog is."""

from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.responses import Response

from rpa.console import figures
from rpa.console.visit import Visit

MOST = 20
"""Records at risk that are named of each bot and system."""


def show(visit: Visit) -> Response:
    """Show the figures; whoever looks next finds them no older than this look."""
    counted, project = visit.house.counted.of(visit.store), visit.house.project
    saved = figures.saved(counted.entered_by, project)
    answer = visit.page(
        "insight.html",
        counted=counted,
        days=list(counted.entered.items()),
        saved=saved,
        hours=sum((one.time for one in saved), timedelta()),
        late=[(one, late) for one in counted.forecasts for late in one.late[:MOST]],
        rate=_share(sum(one.untouched for one in counted.through), sum(one.records for one in counted.through)),
        causes=list(figures.reasons(counted.causes, project)),
    )
    answer.background = BackgroundTask(visit.house.counted.renew, visit.store)
    return answer


def _share(part: int, whole: int) -> float | None:
    """Return the part of one; None of nothing."""
    return part / whole if whole else None
