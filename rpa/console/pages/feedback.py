"""Feedback: staff say what is wrong with a bot or with what it said of a record, and its author reads it."""

from starlette.responses import Response

from rpa.console.bots_known import known
from rpa.console.pages.items import page
from rpa.console.roles import TELLS
from rpa.console.visit import UNPROCESSABLE, Visit

EXAMPLES = 5
"""Of each complaint, the newest that are shown."""


def show(visit: Visit) -> Response:
    """Show what staff say of one bot, the most often first."""
    return _page(visit, _bot(visit))


def of_bot(visit: Visit) -> Response:
    """Keep what somebody says of the bot as a whole."""
    bot, words = _bot(visit), visit.said("words")
    if not words:
        return _page(visit, bot, status=UNPROCESSABLE, problem=True)
    visit.store.feedback.give(bot, words)
    return visit.to(f"/bots/{bot}")


def of_exception(visit: Visit) -> Response:
    """Keep what somebody says of the words with which a transaction was rejected or failed."""
    item, words = visit.store.work_item(visit.number("item")), visit.said("words")
    one = next((t for t in visit.store.transactions(item.id) if t.id == visit.number("transaction")), None)
    if one is None or not one.reason:
        raise LookupError("the work item has nothing there to be wrong")
    if not words:
        return page(visit, item, status=UNPROCESSABLE, problem="words", transaction=one.id)
    visit.store.feedback.give(item.bot, words, about=one.reason, item=item)
    return visit.to(f"/bots/{item.bot}")


def _bot(visit: Visit) -> str:
    """Return the bot in the path; raise LookupError for one that the project does not know."""
    name: str = visit.request.path_params["bot"]
    if name not in visit.house.project.library.bots:
        raise LookupError(f"there is no bot {name}")
    return name


def _page(visit: Visit, name: str, *, status: int = 200, problem: bool = False) -> Response:
    said = [visit.store.feedback.with_examples(one, EXAMPLES) for one in visit.store.feedback.counts(name)]
    return visit.page(
        "feedback.html",
        status=status,
        name=name,
        bot=known(visit.house.project, name),
        said=said,
        problem=problem,
        may_tell=visit.may(*TELLS),
    )
