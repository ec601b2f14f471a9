"""Drafts become work items on the ledger; a document that is known already is passed over."""

import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rpa.definitions.bot import Bot, Entry
from rpa.definitions.step import REFERENCE
from rpa.documents.base import Document
from rpa.errors import DocumentProblem
from rpa.fields.base import folded
from rpa.intake.cut_outs import CutOuts
from rpa.intake.drafts import Draft, Drafts
from rpa.records import Record, rule_of
from rpa.store.intake import SALT_BYTES, Added, NewEntry, NewItem
from rpa.store.store import Store
from rpa.work import Run

Came = Callable[[], None]
"""Told that a record is on the ledger."""


@dataclass
class Intake:
    """What came of the documents of one run, counted for the summary; *came* hears of each record."""

    documents: int = 0
    known: int = 0
    quarantined: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    came: Came = field(default=lambda: None, repr=False, compare=False)

    def count(self, outcome: str) -> None:
        """Count one more record with this *outcome*: added, rejected, known or revision."""
        self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
        self.came()


def dispatch(
    drafts: Drafts, run: Run, store: Store, cut_outs: CutOuts | None = None, came: Came = lambda: None
) -> Intake:
    """Put the records of every new document on the ledger; keep *cut_outs* of what is unsure.

    *came* hears of each record as soon as it is there.

    A document counts as known only once all its records are there, so an interrupted intake is taken up again.
    """
    intake = Intake(came=came)
    for path in drafts.paths():
        intake.documents += 1
        try:
            with drafts.keep(path) as document:
                if store.knows_document(run.bot, document.sha256):
                    intake.known += 1
                else:
                    take_in(drafts, document, run, store, intake, cut_outs)
        except DocumentProblem as problem:
            _refuse(_nameless(path), path, problem, run, store, intake)
    return intake


def take_in(
    drafts: Drafts, document: Document, run: Run, store: Store, intake: Intake, cut_outs: CutOuts | None
) -> None:
    """Put the records of a document on the ledger; one that can't be read is quarantined."""
    try:
        found = list(drafts.of(document))
    except DocumentProblem as problem:
        _refuse(document.sha256, document.path, problem, run, store, intake)
    else:
        put(found, drafts, document, run, store, intake, cut_outs)


def put(  # what, by which run, and where it is counted
    found: Sequence[Draft],
    drafts: Drafts,
    document: Document,
    run: Run,
    store: Store,
    intake: Intake,
    cut_outs: CutOuts | None,
) -> None:
    """Put the records that were *found* in a document on the ledger; keep *cut_outs* of what is unsure."""
    added = []
    for draft in found:
        added.append(store.add(run, _item(draft, drafts)))
        intake.count(added[-1].outcome)
    store.remember_document(run, document.sha256, document.path.name, _outcome(added), None)
    if cut_outs is not None:
        cut_outs.keep(run.bot, found, drafts.passwords)


def _refuse(sha256: str, path: Path, problem: DocumentProblem, run: Run, store: Store, intake: Intake) -> None:
    if store.knows_document(run.bot, sha256):
        intake.known += 1
        return
    intake.quarantined += 1
    store.remember_document(run, sha256, path.name, "quarantined", f"{problem.kind}: {problem}")


def _nameless(path: Path) -> str:
    """Return what stands for the hash of a file that could not be kept, and so has none."""
    return hashlib.sha256(f"refused {path.name}".encode(errors="surrogateescape")).hexdigest()


def _item(draft: Draft, drafts: Drafts) -> NewItem:
    salt = secrets.token_bytes(SALT_BYTES)
    rules = {name: rule_of(spec) for name, spec in drafts.bot.record.fields.items()}
    return NewItem(
        reference=draft.reference,
        record=draft.record.to_json(),
        fingerprint=draft.record.fingerprint,
        entries=entries_of(drafts.bot, draft.record),
        salt=salt,
        sources=draft.record.provenance(salt, rules),
        place=draft.place,
        logged=draft.logged,
        document=draft.document.sha256,
        rejected=draft.problem,
        subject=subject_of(drafts.bot, draft.record),
        urgency=draft.urgency,
    )


def subject_of(bot: Bot, record: Record) -> str:
    """Return whom the record is about; nothing where the bot does not say or the field could not be read."""
    field = record.fields.get(bot.record.subject or "")
    return "" if field is None else field.text


def entries_of(bot: Bot, record: Record) -> tuple[NewEntry, ...]:
    """Return what the bot enters of the record, in order."""
    return tuple(_entry(entry, record) for entry in bot.enter)


def _outcome(added: list[Added]) -> str:
    return "duplicate" if added and all(one.outcome == "known" for one in added) else "read"


def _entry(entry: Entry, record: Record) -> NewEntry:
    return NewEntry(entry.name, entry.system, tuple(sorted(_depends(entry))), _looks_for(entry, record))


def _looks_for(entry: Entry, record: Record) -> str | None:
    """Return a hash of what the entry's search looks for; None where only another entry's receipt will tell."""
    if entry.find is None:
        return None
    told = []
    for (*_, column), text in entry.find.texts():
        match = REFERENCE.fullmatch(text)
        if match is None:
            told.append((str(column), text))
        elif match[2] is not None or match[1] not in record.fields:
            return None
        else:
            told.append((str(column), folded(record.fields[match[1]].text).casefold()))
    return hashlib.sha256(json.dumps(sorted(told)).encode()).hexdigest()


def _depends(entry: Entry) -> set[str]:
    return {name for step in entry.steps() for name, part in step.references() if part is not None}
