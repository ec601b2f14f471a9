"""What staff correct of documents that they have brought, before the job starts.

A record is put on the ledger as it was read, held back from every system, and then corrected as any other: with a
reason, as a revision, and with a second person where the bot asks for one. Where the process dies in between it is
held back still, for a person; what waits here is deleted with the upload.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.console.uploads import Upload
from rpa.deciding import correct
from rpa.definitions.bot import Bot
from rpa.dispatcher import Intake, put
from rpa.documents.base import Document
from rpa.errors import BusinessException, DocumentProblem
from rpa.intake.correction import CannotBeError, corrected
from rpa.intake.drafts import Draft, Drafts
from rpa.intake.papers import Papers
from rpa.project import Project
from rpa.records import Record
from rpa.store.store import Store
from rpa.work import Run, Status, WorkItem

KEPT = ".amendment-"
"""Begins the names of the files that hold them: one for each record, so that two windows lose nothing."""

HELD = "a person corrected it before the start, and that was not written down: correct it again"
"""Why a record waits for a person while its correction is on its way; for long only where a process died."""


class NotCorrectedError(Exception):
    """Records would be entered as they were read: *names* are their references, or documents."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.names = sorted(set(names))


@dataclass(frozen=True)
class Amendment:
    """What a person has typed for one record: its document's SHA-256, place, reference, texts by field, why."""

    document: str
    place: str
    reference: str
    texts: Mapping[str, str] = field(repr=False)
    reason: str


def amendments(upload: Upload) -> dict[tuple[str, str], Amendment]:
    """Return those of an upload, by document and place."""
    found = [_read(path) for path in upload.folder.glob(f"{KEPT}*")]
    return {(one.document, one.place): one for one in found if one is not None}


def amend(upload: Upload, amendment: Amendment) -> None:
    """Keep an amendment in place of an earlier one. Raises LookupError where the upload was started."""
    upload.keep(_name(amendment.document, amendment.place), json.dumps(asdict(amendment)))


def withdraw(upload: Upload, document: str, place: str) -> bool:
    """Let a record be as it was read; return whether it was amended. Raises as `amend` does."""
    return upload.forget(_name(document, place))


def _name(document: str, place: str) -> str:
    return f"{KEPT}{document}-{hashlib.sha256(place.encode()).hexdigest()}"


def _read(path: Path) -> Amendment | None:
    """Return the amendment; None where it is withdrawn meanwhile.

    Of one that can't be read the document is known by its name: it is no record's, and keeps it from the start.
    """
    try:
        return Amendment(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        return None
    except ValueError:
        document, _, place = path.name.removeprefix(KEPT).partition("-")
        return Amendment(document, place, "", {}, "")


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

    The run knows them then. Raises `NotCorrectedError` where a record could be entered as it was read:
    its document can't be read now, or has no such record any more, or its reference came by another one meanwhile.
    """
    if known := list(amendments(upload).values()):
        _Start(project, store, run, person, project.drafts(bot)).put(upload, known)


@dataclass(frozen=True)
class _Start:
    """One start of a run, by a person."""

    project: Project
    store: Store
    run: Run
    person: Actor
    drafts: Drafts

    def put(self, upload: Upload, known: Iterable[Amendment]) -> None:
        """Do what `put_on_ledger` says, with what is *known* to be corrected."""
        with ExitStack() as at_hand:
            documents, unread = self._kept(upload, at_hand)
            lost = [one.reference for one in known if unread and one.document not in documents]  # of any of them
            for sha256, document in documents.items():
                mine = {one.place: one for one in known if one.document == sha256}
                right = set(self._put_right(document, mine)) if mine else set()
                lost += [one.reference or document.path.name for place, one in mine.items() if place not in right]
        if lost:
            raise NotCorrectedError(lost)

    def _kept(self, upload: Upload, at_hand: ExitStack) -> tuple[dict[str, Document], bool]:
        """Return the documents *at_hand* by their SHA-256, and whether one of the files can't be opened now."""
        documents, unread = dict[str, Document](), False
        for path in upload.paths():
            try:
                document = at_hand.enter_context(self.drafts.keep(path))
            except DocumentProblem:
                unread = True
            else:
                documents[document.sha256] = document
        return documents, unread

    def _put_right(self, document: Document, mine: Mapping[str, Amendment]) -> Iterator[str]:
        """Put a document's records on the ledger; yield the places of those that don't go on as they were read."""
        try:
            found = list(self.drafts.of(document))
        except DocumentProblem:  # nothing of it is remembered: the next start may be in better luck
            return
        here = {(draft.place, draft.reference) for draft in found}
        if any((one.place, one.reference) not in here for one in mine.values()):
            return
        if self.store.knows_document(self.run.bot, document.sha256) is None:
            held = [replace(one, problem=one.problem or HELD) if one.place in mine else one for one in found]
            put(held, self.drafts, document, self.run, self.store, Intake(), self.project.cut_outs)
        for draft in found:
            if draft.place in mine and self._is_right(draft, mine[draft.place]):
                yield draft.place

    def _is_right(self, draft: Draft, amendment: Amendment) -> bool:
        """Correct the record where it is held back as it was read; tell whether it was, or says what was typed."""
        number = self.store.numbers(self.run.bot, [draft.reference]).get(draft.reference)
        if number is None:
            return False
        item = self.store.work_item(number)
        says = Record.from_json(item.record).fingerprint
        held = all(one.status is Status.REJECTED for one in self.store.transactions(number))
        if held and says == draft.record.fingerprint:
            self._correct(item, amendment)
            return True
        return says == self._typed(draft, amendment)

    def _typed(self, draft: Draft, amendment: Amendment) -> str | None:
        """Return the fingerprint of the record as it was typed; None where it can't be."""
        try:
            return corrected(self.project.papers(self.drafts.bot), draft.record, amendment.texts).fingerprint
        except CannotBeError:
            return None

    def _correct(self, item: WorkItem, amendment: Amendment) -> None:
        said, reason, seen = amendment.texts, amendment.reason, item.revision
        # Where what is looked up has changed since, it waits for a person.
        with suppress(CannotBeError, BusinessException):
            correct(self.project, self.store, item, said, person=self.person, reason=reason, revision=seen)
