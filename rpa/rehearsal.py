"""A rehearsal: everything but submit, for every record that could be entered."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from rpa.actions.custom import load_actions
from rpa.browser.launch import Started, browser
from rpa.browser.session import Session
from rpa.definitions.bot import Bot, Entry
from rpa.definitions.step import Keep
from rpa.errors import DocumentProblem, RpaError, SetupError
from rpa.intake.drafts import Draft
from rpa.performer import prepare
from rpa.production import require
from rpa.project import Project
from rpa.staging import keep_picture, stage, write_denied
from rpa.work import Receipt


@dataclass(frozen=True, kw_only=True)
class Act:
    """How far one record came in one entry. *picture* is the path of a masked picture of the filled form."""

    reference: str
    entry: str | None
    found: bool = False
    problem: str | None = None
    picture: str | None = None


def rehearse(project: Project, bot_name: str, *, reference: str | None, headed: bool) -> Iterator[Act]:
    """Yield an act for each record and entry. A receipt that only a real run gets is its own name."""
    require(project, bot_name)
    bot = project.bot(bot_name)
    load_actions(project.settings.bots_folder / "actions.py")
    with ExitStack() as stack:
        chromium = stack.enter_context(browser(headed=headed))
        sessions: dict[str, Session] = {}
        for draft in _drafts(project, bot):
            if reference not in {None, draft.reference}:
                continue
            if isinstance(draft, Act):
                yield draft
            else:
                for entry in bot.enter:
                    if entry.system not in sessions:
                        sessions[entry.system] = stack.enter_context(_session(project, chromium, entry.system))
                    yield _act(project, bot, draft, entry, sessions[entry.system])


@contextmanager
def _session(project: Project, chromium: Started, name: str) -> Iterator[Session]:
    system = project.system(name)
    with project.store() as store:
        slot = store.slot(name, 0)
        if not slot.take():
            raise SetupError(f"a run is signed in to {name}: rehearse when it has ended")
        try:
            with Session(chromium, system, project.credential(system)) as session:
                try:
                    with _signing_out(session):
                        yield session
                finally:
                    with project.sealing() as written:
                        write_denied(written, session)
        finally:
            slot.free()


@contextmanager
def _signing_out(session: Session) -> Iterator[None]:
    """Sign out at the end; raise where that fails, unless something else went wrong before."""
    try:
        yield
    except BaseException:
        with suppress(Exception):
            session.sign_out()
        raise
    session.sign_out()


def _drafts(project: Project, bot: Bot) -> Iterator[Draft | Act]:
    drafts = project.drafts(bot)
    for path in drafts.paths():
        try:
            with drafts.keep(path) as document:
                for draft in drafts.of(document):
                    yield (
                        Act(reference=draft.reference, entry=None, problem=draft.problem)
                        if draft.problem
                        else draft
                    )
        except DocumentProblem as problem:
            yield Act(reference=path.name, entry=None, problem=str(problem))


def _act(project: Project, bot: Bot, draft: Draft, entry: Entry, session: Session) -> Act:
    with ExitStack() as at_hand:
        shown = stage(project, session, draft.record, _stand_ins(bot), at_hand)
        try:
            found = not prepare(shown, entry)
        except RpaError as problem:
            return Act(reference=draft.reference, entry=entry.name, problem=draft.record.redact(str(problem)))
        place = f"{project.evidence.where}/{keep_picture(project, entry, shown)}"
        return Act(reference=draft.reference, entry=entry.name, found=found, picture=place)


def _stand_ins(bot: Bot) -> Mapping[str, Receipt]:
    kept = {
        entry.name: {name: name for step in entry.steps() if isinstance(step.root, Keep) for name in step.target}
        for entry in bot.enter
    }
    return {name: Receipt(kept=values) for name, values in kept.items()}
