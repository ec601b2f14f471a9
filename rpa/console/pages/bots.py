"""*Bots*: what there is, who answers for each, and which can't run and why."""

from collections import Counter
from dataclasses import dataclass

from starlette.responses import Response

from rpa.console.bots_known import known
from rpa.console.roles import STARTS, WORK
from rpa.console.uploads import takes_uploads
from rpa.console.visit import Visit
from rpa.definitions.bot import Bot
from rpa.errors import DefinitionError


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One bot on the page: its *version* is the start of its digest, *problems* keep it from running.

    *complaints* are how often staff said that something is wrong with it.
    """

    name: str
    bot: Bot | None
    version: str
    problems: list[str]
    startable: bool
    complaints: int


def show(visit: Visit) -> Response:
    """List the bots."""
    names, said = sorted(visit.house.project.library.bots), Counter[str]()
    for one in visit.store.feedback.counts():
        said[one.bot] += one.count
    return visit.page(
        "bots.html",
        bots=[_shown(visit, name, said[name]) for name in names],
        may_start=visit.may(*STARTS),
        may_read=visit.may(*WORK),
    )


def _shown(visit: Visit, name: str, complaints: int) -> Shown:
    library = visit.house.project.library
    try:
        bot = library.bot(name)
    except DefinitionError as error:
        problems = [f"{one.path.name}:{one.line}: {one.message}" for one in error.problems] or [str(error)]
        return Shown(
            name=name,
            bot=known(visit.house.project, name),
            version="",
            problems=problems,
            startable=False,
            complaints=complaints,
        )
    return Shown(
        name=name,
        bot=bot,
        version=library.digest(name)[:12],
        problems=[],
        startable=takes_uploads(bot),
        complaints=complaints,
    )
