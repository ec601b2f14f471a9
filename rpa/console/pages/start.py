"""*Start a job*: pick a bot, bring documents, see what was read, start."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from rpa import production
from rpa.console.amendments import NotCorrectedError, put_on_ledger
from rpa.console.bots_known import known
from rpa.console.uploads import NameRefusedError, Upload, Uploads, inbox, takes_uploads
from rpa.console.visit import CONFLICT, UNPROCESSABLE, Visit
from rpa.definitions.bot import Bot
from rpa.errors import DefinitionError
from rpa.store.accounts import actor_of
from rpa.work import Run

NOT_HANDED_OVER = "the documents could not be put into the folder of the bot"
NOT_CORRECTED = "what was corrected before the start could not be put into the queue"


def choose(visit: Visit) -> Response:
    """Show the bots that can be started."""
    return _choice(visit)


def begin(visit: Visit) -> Response:
    """Go on with one bot."""
    name = visit.said("bot")
    if name not in _names(visit):
        return _choice(visit, status=UNPROCESSABLE, problem="bot")
    return visit.to(f"/start/{_uploads(visit).begin(name, visit.user.id).token}")


def show(visit: Visit) -> Response:
    """Show what was read of the documents."""
    return _page(visit, upload_of(visit))


def take(visit: Visit) -> Response:
    """Take documents in, and show what was read."""
    upload = upload_of(visit)
    bot, files = (
        bot_of(visit, upload),
        [one for one in visit.form.getlist("documents") if isinstance(one, UploadFile)],
    )
    refused = []
    for file in files:
        try:
            upload.add(file.filename or "", file.file, bot)
        except NameRefusedError:
            refused.append(file.filename or "")
    named = [name for name in refused if name]
    if named or not any(file.filename for file in files):
        return _page(visit, upload, status=UNPROCESSABLE, problem="names" if named else "none", refused=named)
    return visit.to(f"/start/{upload.token}")


def leave_out(visit: Visit) -> Response:
    """Leave one of the documents out."""
    upload = upload_of(visit)
    upload.leave_out(visit.said("document"))
    return visit.to(f"/start/{upload.token}")


def run(visit: Visit) -> Response:
    """Hand the documents to the bot and start its run."""
    upload = upload_of(visit)
    bot, project = bot_of(visit, upload), visit.house.project
    production.begin(project, visit.store, bot.bot)
    person = actor_of(visit.user)
    try:
        with upload.started() as aside, _begun(visit, bot) as begun:
            put_on_ledger(project, visit.store, bot, begun, aside, person)
            aside.hand_over(project.folder, bot)
    except NotCorrectedError as lost:
        return _page(visit, upload, status=CONFLICT, problem="lost", lost=lost.names)
    visit.house.starter.start(begun.id, person)
    return visit.to(f"/runs/{begun.id}")


@contextmanager
def _begun(visit: Visit, bot: Bot) -> Iterator[Run]:
    """Give a new run of the bot; where it can't go on, it has ended."""
    project, by = visit.house.project, f"person:{visit.user.id}"
    run = visit.store.start_run(bot.bot, project.library.digest(bot.bot), by, project.addresses(bot.bot))
    try:
        yield run
    except BaseException as error:
        reason = NOT_CORRECTED if isinstance(error, NotCorrectedError) else NOT_HANDED_OVER
        visit.store.finish_run(run, {}, reason)
        raise


def _choice(visit: Visit, *, status: int = 200, problem: str | None = None) -> Response:
    bots = [bot for name in _names(visit) if (bot := known(visit.house.project, name))]
    return visit.page("start.html", status=status, bots=bots, problem=problem, chosen=visit.asked("bot"))


def _names(visit: Visit) -> list[str]:
    """Return the bots that pass their check and take documents from one folder."""
    library = visit.house.project.library
    return [name for name in sorted(library.bots) if _is_ready(visit, name)]


def _is_ready(visit: Visit, name: str) -> bool:
    try:
        return takes_uploads(visit.house.project.bot(name))
    except DefinitionError:
        return False


def _page(visit: Visit, upload: Upload, *, status: int = 200, **said: Any) -> Response:
    bot, project = bot_of(visit, upload), visit.house.project
    return visit.page(
        "upload.html",
        status=status,
        upload=upload,
        bot=bot,
        pattern=inbox(bot)[1],
        sheets=visit.house.previews.of(project, visit.store, bot, upload),
        **{"problem": None, "refused": [], "lost": [], **said},
    )


def _uploads(visit: Visit) -> Uploads:
    return visit.house.uploads


def upload_of(visit: Visit) -> Upload:
    """Return the person's own upload that the address names; raise `LookupError` where there is none."""
    return _uploads(visit).of(visit.request.path_params["upload"], visit.user.id)


def bot_of(visit: Visit, upload: Upload) -> Bot:
    """Return the bot; raise `DefinitionError` where it fails its check since."""
    return visit.house.project.bot(upload.bot)
