"""*Runs*: each in plain words, live while it goes on."""

from starlette.responses import Response

from rpa.console.bots_known import known, who_acts
from rpa.console.paging import paging
from rpa.console.visit import Visit
from rpa.store.listing import RunLine, RunStory
from rpa.store.systems import SystemState
from rpa.work import ENDED, ENTERED, PERSON_ONLY, Status

LOOK_NO_MORE = 286
"""What tells htmx to ask no more."""


def show(visit: Visit) -> Response:
    """List the runs, the newest first."""
    bot = visit.asked("bot")
    page = paging(visit, "bot")
    found, total = visit.store.lists.runs(page.part, bot=bot or None)
    states = {one.id: _state(visit, one) for one in found}
    return visit.page(
        "runs.html",
        names=_names(visit),
        runs=found,
        states=states,
        page=page.of(total),
        bot=bot,
        bots=visit.store.lists.bots(),
    )


def one(visit: Visit) -> Response:
    """Show one run."""
    return _page(visit, "run.html", fragment=False)


def progress(visit: Visit) -> Response:
    """Answer with how far the run is: the part of its page that changes."""
    return _page(visit, "run_progress.html", fragment=True)


def _page(visit: Visit, template: str, *, fragment: bool) -> Response:
    run = visit.store.lists.run(visit.number("run"))
    story = visit.store.lists.run_story(run.id)
    state = _state(visit, run)
    status = LOOK_NO_MORE if fragment and state != "going" else 200
    said = {"run": run, "state": state, "story": story, "fragment": fragment, "paused": _paused(visit, run)}
    said["names"] = _names(visit)
    said["acts"] = who_acts(visit.house.project, run.bot)
    return visit.page(template, status=status, **said, **_sums(story))


def _names(visit: Visit) -> dict[str, str]:
    """Return what people are called, by the ids of their accounts."""
    return {user.id: user.name for user in visit.store.accounts.all()}


def _state(visit: Visit, run: RunLine) -> str:
    """Return `done`, `failed`, `going` or, where its process has ended without a word, `cut_off`."""
    if run.finished is not None:
        return "failed" if run.reason else "done"
    return "cut_off" if visit.house.starter.is_gone(run.id) else "going"


def _paused(visit: Visit, run: RunLine) -> list[SystemState]:
    """Return the systems of the bot that are paused now; what they were in an earlier run, nobody has kept."""
    bot, last = known(visit.house.project, run.bot), visit.store.current_run(run.bot)
    if bot is None or last is None or last.id != run.id:
        return []
    systems = {entry.system for entry in bot.enter}
    return [one for one in visit.store.systems() if one.paused is not None and one.system in systems]


def _sums(story: RunStory) -> dict[str, int]:
    def together(statuses: frozenset[Status]) -> int:
        return sum(count for (_, status), count in story.transactions.items() if status in statuses)

    return {
        "ended": together(ENDED),
        "everything": sum(story.transactions.values()),
        "entered": together(ENTERED),
        "person": together(PERSON_ONLY) + story.documents.get("quarantined", 0),
    }
