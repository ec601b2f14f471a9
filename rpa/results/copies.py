"""Copies of the workbooks that records came from, with what became of each row written behind it."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain, count
from pathlib import Path

from rpa.definitions.bot import Bot
from rpa.documents.base import Document, Row
from rpa.errors import RpaError, unforeseen
from rpa.intake.drafts import Drafts, Sketch
from rpa.project import Project
from rpa.records import Record
from rpa.results.added import add_texts
from rpa.results.unchanged import Stamp, Stamps, hash_of
from rpa.results.workbook import outcome_headings, outcomes
from rpa.store.store import Store
from rpa.work import WorkItem

KINDS = frozenset({".xlsx", ".xlsm"})
"""Files that are copied; of other ones only the list of results tells."""

OTHER = "other content"
"""What stands behind a row whose reference is known with other content: nothing of this row was entered."""


@dataclass(frozen=True)
class Copy:
    """A workbook, and its copy; or in words why there is none."""

    name: str
    path: Path | None = None
    problem: str | None = None


def write_copies(project: Project, bot_name: str) -> list[Copy]:
    """Write a copy of each workbook of the bot that is there now, and return them; none where it reads no tables.

    None also where the settings want results masked, since a copy holds all that the workbook holds.

    A copy differs from its workbook in the added cells alone. Every one is a text, so that `00123` stays and
    `=cmd` is never a formula.
    """
    bot = project.bot(bot_name)
    if bot.documents[bot.record.each].reader != "excel" or project.settings.privacy.results == "masked":
        return []
    drafts = project.drafts(bot)
    with project.store() as store:
        folder = project.settings.state_folder / "results" / bot_name
        filler = _Filler(bot, drafts, store, folder, project.library.digest(bot_name))
        for path in drafts.paths():
            if path.suffix.lower() in KINDS:
                filler.copy(path)
        filler.end()
    return filler.copies


class _Filler:
    """Fills in copies for one bot; one that would be what it is already is left as it is."""

    def __init__(self, bot: Bot, drafts: Drafts, store: Store, folder: Path, digest: str) -> None:
        self.copies: list[Copy] = []
        self._bot, self._drafts, self._store, self._folder = bot, drafts, store, folder
        self._items = {item.reference: item for item in store.work_items(bot.bot)}
        self._stamps = Stamps(folder)
        self._digest = digest

    def copy(self, path: Path) -> None:
        """Copy a workbook, or tell why there is no copy: the run has ended, and its end has to be told."""
        name = _free(path, {copy.name.casefold() for copy in self.copies})
        try:
            self.copies.append(Copy(name, self._copied(path, name)))
        except RpaError as problem:
            self.copies.append(Copy(name, problem=str(problem)))
        except Exception as fault:  # noqa: BLE001  # a stranger's file may bring about anything
            self.copies.append(Copy(name, problem=unforeseen(fault)))

    def end(self) -> None:
        """Keep what the copies were written of."""
        if self.copies:
            self._folder.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # then they are written anew the next time
                self._stamps.save()

    def _copied(self, path: Path, name: str) -> Path:
        target, stamp = self._folder / name, self._stamps.get(name)
        with self._drafts.keep(path) as document:
            if stamp is None or not stamp.holds(document.sha256, self._told, target):
                stamp = self._written(document, target)
        self._stamps.put(name, stamp)
        return target

    def _written(self, document: Document, target: Path) -> Stamp:
        heading = self._drafts.headings(document)
        sketches = list(self._drafts.sketches(document))
        texts = {_line(sketch.row): self._outcome(sketch) for sketch in sketches}
        references = [sketch.reference for sketch in sketches]
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f"{target.name}.part")
        headings = list(outcome_headings(self._bot))
        add_texts(document, part, _sheet(heading), {_line(heading): headings, **texts})
        part.replace(target)
        return Stamp(document.sha256, references, self._told(references), hash_of(target))

    def _told(self, references: Sequence[str]) -> str:
        """Return a hash of the bot, of this program, and of all that the ledger says of *references*."""
        told = hashlib.sha256(f"{self._digest} {version('keyonce')}".encode())
        for reference in references:
            item = self._items.get(reference)
            said = [] if item is None else [item.record, *outcomes(self._bot, self._store.transactions(item.id))]
            told.update(json.dumps([reference, said], sort_keys=True).encode())
        return told.hexdigest()

    def _outcome(self, sketch: Sketch) -> list[str]:
        item = self._items.get(sketch.reference)
        if item is None or item.erased is not None:
            return []
        if self._texts(sketch) != self._held(item):
            return [OTHER, "", "see rpa queue"]
        return list(outcomes(self._bot, self._store.transactions(item.id)))

    def _texts(self, sketch: Sketch) -> Mapping[str, str]:
        return {name: value.text for name, value in sketch.fields.items()}

    def _held(self, item: WorkItem) -> Mapping[str, str]:
        """Return what the ledger holds of the fields on the row itself: what was looked up may have changed."""
        fields = Record.from_json(item.record).fields
        return {name: value.text for name, value in fields.items() if name in self._drafts.own_fields}


def _free(path: Path, used: Collection[str]) -> str:
    """Return the name for a copy of *path*, with a number where one of another workbook is called so."""
    names = (f"{path.stem} ({number}){path.suffix}" for number in count(2))
    return next(name for name in chain([path.name], names) if name.casefold() not in used)


def _line(row: Row) -> int:
    if row.line is None:  # pragma: no cover  # the readers of workbooks tell it
        raise ValueError(row.place)
    return row.line


def _sheet(heading: Row) -> str:
    return str(next(iter(heading.cells.values())).source.sheet)
