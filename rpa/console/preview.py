"""What stands on documents, read before anything is entered: each record, typed, with its problems and places."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

from rpa.console.acquaintance import Acquaintance, acquaintances
from rpa.console.amendments import amended, amendments
from rpa.console.uploads import Upload
from rpa.definitions.bot import Bot
from rpa.documents.base import Document, Source
from rpa.documents.pdf.labels import is_not_printed
from rpa.doubt import State
from rpa.errors import DocumentProblem
from rpa.intake.drafts import Draft, Drafts
from rpa.project import Project
from rpa.records import title
from rpa.store.store import Store

MOST_KEPT = 300
"""Documents whose reading is remembered, so that a page need not read all of them again."""

MOST_SHOWN = 100
"""Records of one document that are shown, those with a problem first: nobody looks through thousands."""

MOST_KNOWN = 5
"""Other records about the same person that are shown beside one."""


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field as it was read, or in words why it was not."""

    title: str
    text: str
    place: Source | None
    problem: str
    kind: str = ""
    warnings: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Found:
    """One record: *before* tells that its reference is on the ledger already, as that work item.

    *acquaintances* are other records about the same person. *strange* tells that most of the form is not printed
    on the paper, its reference neither: it is another form. *document* and *place* name the record.
    *correctable* tells whether it may be corrected before the start, and *corrected* that it was.
    """

    reference: str
    place: str
    problem: str
    fields: Sequence[Field]
    notices: Sequence[str]
    before: int | None = None
    acquaintances: Sequence[Acquaintance] = ()
    strange: bool = False
    document: str = ""
    correctable: bool = False
    corrected: bool = False


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One document, or why it can't be read.

    Of its *total* records, *old* are known already and will not be entered again, *bad* are others that have a
    problem; *records* are those that are shown.
    """

    name: str
    records: Sequence[Found] = ()
    problem: str = ""
    known: bool = False
    total: int = 0
    bad: int = 0
    old: int = 0

    @property
    def good(self) -> int:
        """How many of the records will be entered."""
        return self.total - self.bad - self.old

    @property
    def more(self) -> int:
        """How many of the records are not shown."""
        return self.total - len(self.records)


@dataclass
class Previews:
    """Reads documents, each once for as long as the bot and what it looks up stay the same."""

    _read: "OrderedDict[_Key, list[Draft]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def of(self, project: Project, store: Store, bot: Bot, upload: Upload) -> list[Sheet]:
        """Return what stands on the documents; nothing of them is kept beside the upload."""
        paths = upload.paths()
        if not paths:
            return []
        papers, told = project.papers(bot, upload.kept), amendments(upload)
        drafts = Drafts(papers)
        known_by = (project.library.digest(bot.bot), *drafts.seals())

        def as_corrected(draft: Draft) -> Draft:
            return amended(papers, draft, told)

        return [self._sheet(drafts, store, known_by, path, as_corrected) for path in paths]

    def one(self, project: Project, bot: Bot, upload: Upload, document: str, place: str) -> Draft:
        """Return one record as it was read; raise `LookupError` where there is none."""
        drafts = project.drafts(bot, upload.kept)
        known_by = (project.library.digest(bot.bot), *drafts.seals())
        for path in upload.paths():
            with suppress(DocumentProblem), drafts.keep(path) as kept:
                for draft in (
                    self._drafts(drafts, kept, (kept.sha256, *known_by)) if kept.sha256 == document else ()
                ):
                    if draft.place == place:
                        return draft
        raise LookupError("there is no such record")

    def _sheet(
        self, drafts: Drafts, store: Store, known_by: "_Key", path: Path, as_corrected: Callable[[Draft], Draft]
    ) -> Sheet:
        try:
            with drafts.keep(path) as document:
                read = self._drafts(drafts, document, (document.sha256, *known_by))
        except DocumentProblem as problem:  # it is read anew each time: the next try may be in better luck
            return Sheet(name=path.name, problem=str(problem))
        found = [as_corrected(draft) for draft in read]
        changed = {one.place for one, before in zip(found, read, strict=True) if one is not before}
        known = store.knows_document(drafts.bot.bot, document.sha256) is not None
        before = store.numbers(drafts.bot.bot, [draft.reference for draft in found])
        return Sheet(
            name=path.name,
            records=[
                _found(drafts.bot, store, draft, before.get(draft.reference), corrected=draft.place in changed)
                for draft in _shown(found)
            ],
            known=known,
            total=len(found),
            bad=0 if known else sum(bool(draft.problem) for draft in found),
            old=len(found) if known else sum(not draft.problem and draft.reference in before for draft in found),
        )

    def _drafts(self, drafts: Drafts, document: Document, key: "_Key") -> list[Draft]:
        found = self._read.get(key)
        if found is None:
            found = list(drafts.of(document))
            with self._lock:
                self._read[key] = found
                while len(self._read) > MOST_KEPT:
                    self._read.popitem(last=False)
        return found


_Key = tuple[str, ...]
"""Hashes of the document, the bot, and each file that is looked up."""


def _shown(found: list[Draft]) -> list[Draft]:
    """Return the records to show, as they stand on the document; where there are too many, the bad ones first."""
    return found if len(found) <= MOST_SHOWN else sorted(found, key=lambda one: not one.problem)[:MOST_SHOWN]


def _found(bot: Bot, store: Store, draft: Draft, before: int | None, *, corrected: bool) -> Found:
    return Found(
        reference=draft.reference,
        place=draft.place,
        problem=draft.problem or "",
        fields=[_field(bot, draft, name) for name in bot.record.fields],
        notices=draft.notices,
        before=before,
        acquaintances=acquaintances(store, bot, draft.record, but=before, most=MOST_KNOWN),
        strange=_is_strange(bot, draft),
        document=draft.document.sha256,
        correctable=before is None and bot.record.reference in draft.record.fields,
        corrected=corrected,
    )


def _is_strange(bot: Bot, draft: Draft) -> bool:
    """Tell whether the paper is printed, and is not the form."""
    own = {name for name, spec in bot.record.fields.items() if spec.from_ == bot.record.each}
    lacks = {name for name in own & set(draft.doubts) if is_not_printed(draft.doubts[name].reason)}
    return bot.record.reference in lacks and 2 * len(lacks) > len(own)


def _field(bot: Bot, draft: Draft, name: str) -> Field:
    called = title(name, bot.record.fields[name])
    value, doubt = draft.record.fields.get(name), draft.doubts.get(name)
    if value is not None:
        return Field(
            title=called,
            text=value.text,
            place=value.source,
            problem="",
            kind=value.type,
            warnings=value.warnings,
        )
    if doubt is None:
        return Field(title=called, text="", place=None, problem=State.MISSING)
    return Field(title=called, text=doubt.raw, place=doubt.source, problem=doubt.reason, warnings=doubt.warnings)
