"""What staff correct of documents that they have brought, before the job starts.

A record is put on the ledger as it was read, held back from every system, and then corrected as any other: with a
reason, as a revision, and with a second person where the bot asks for one. Where the process dies in between it is
held back still, for a person; what waits here is deleted with the upload.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

from rpa.audit.entry import Actor
from rpa.console.uploads import Upload
from rpa.deciding import correct
from rpa.definitions.bot import Bot
from rpa.dispatcher import Intake, take_in
from rpa.errors import BusinessException, DocumentProblem
from rpa.intake.correction import CannotBeError, corrected
from rpa.intake.drafts import Draft
from rpa.intake.papers import Papers
from rpa.project import Project
from rpa.store.store import Store
from rpa.work import Run

KEPT = ".amendments.json"

HELD = "a person corrected it before the start, and that was not written down: correct it again"
"""Why a record waits for a person while its correction is on its way; for long only where a process died."""


@dataclass(frozen=True)
class Amendment:
    """What a person has typed for one record: its document's SHA-256, its place in it, texts by field, why."""

    document: str
    place: str
    texts: Mapping[str, str] = field(repr=False)
    reason: str


def amendments(upload: Upload) -> dict[tuple[str, str], Amendment]:
    """Return those of an upload, by document and place."""
    path = upload.folder / KEPT
    told = json.loads(path.read_text("utf-8")) if path.exists() else []
    return {(one["document"], one["place"]): Amendment(**one) for one in told}


def amend(upload: Upload, amendment: Amendment) -> None:
    """Keep an amendment in place of an earlier one. Raises LookupError where the upload was started."""
    _keep(upload, {**amendments(upload), (amendment.document, amendment.place): amendment})


def withdraw(upload: Upload, document: str, place: str) -> bool:
    """Let a record be as it was read; return whether it was amended. Raises as `amend` does."""
    known = amendments(upload)
    was = known.pop((document, place), None) is not None
    _keep(upload, known)
    return was


def _keep(upload: Upload, known: Mapping[tuple[str, str], Amendment]) -> None:
    upload.keep(KEPT, json.dumps([asdict(one) for one in known.values()]))


def amended(papers: Papers, draft: Draft, known: Mapping[tuple[str, str], Amendment]) -> Draft:
    """Return *draft* as it will be once it is corrected, if somebody has; with what is wrong with it then."""
    mine = known.get((draft.document.sha256, draft.place))
    if mine is None:
        return draft
    try:
        record = corrected(papers, draft.record, mine.texts)
    except CannotBeError as wrong:
        return replace(draft, problem=wrong.rest or "; ".join(wrong.fields.values()))
    return replace(draft, record=record, problem=None, doubts={})


def put_on_ledger(project: Project, store: Store, bot: Bot, run: Run, upload: Upload, person: Actor) -> None:
    """Put the documents on the ledger of which a record was corrected, and correct it there.

    The run knows them then. A record whose reference came by another document meanwhile stays as it is.
    """
    known, drafts = amendments(upload), project.drafts(bot)
    for path in upload.paths() if known else ():
        with suppress(DocumentProblem):  # the run tells of it
            document = drafts.keep(path)
            mine = {place: one for (sha256, place), one in known.items() if sha256 == document.sha256}
            if not mine or store.knows_document(bot.bot, document.sha256):
                continue
            held = dict.fromkeys(mine, HELD)
            for taken in take_in(drafts, document, run, store, Intake(), project.cut_outs, held=held):
                if taken.draft.place in mine and taken.added.outcome == "rejected":
                    _correct(project, store, taken.added.work_item.id, mine[taken.draft.place], person)


def _correct(project: Project, store: Store, number: int, amendment: Amendment, person: Actor) -> None:
    item = store.work_item(number)
    with suppress(CannotBeError, BusinessException):  # what is looked up has changed since: it waits for a person
        said, reason = amendment.texts, amendment.reason
        correct(project, store, item, said, person=person, reason=reason, revision=item.revision)
