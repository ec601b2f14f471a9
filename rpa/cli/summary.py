"""What a run tells at its end: a table for people, an object for programs."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from os.path import relpath
from pathlib import Path
from typing import Any

import click

from rpa import clock
from rpa.audit.entry import Event
from rpa.audit.verify import Verdict
from rpa.definitions.bot import Bot
from rpa.errors import ExitCode
from rpa.project import Project
from rpa.results.copies import Copy
from rpa.runner import Outcome
from rpa.store.systems import SystemState
from rpa.words import counted
from rpa.work import ENDED, PERSON_ONLY, Status

ROWS: Mapping[str, tuple[Status, ...]] = {
    "entered": (Status.CONFIRMED,),
    "already entered": (Status.ALREADY_ENTERED,),
    "rejected": (Status.REJECTED,),
    "failed": (Status.FAILED,),
    "in doubt": (Status.IN_DOUBT,),
    "abandoned": (Status.ABANDONED,),
    "not done yet": (Status.NEW, Status.IN_PROGRESS, Status.SUBMITTING),
}
"""The lines of the table, and what is counted in each."""

SETTLED = frozenset({Status.CONFIRMED, Status.ALREADY_ENTERED, Status.REJECTED, Status.ABANDONED})
ALL_IN = ": everything that can be entered is in the systems already"
RESTORED = "Ledger: an older copy was put back; the systems were asked before anything was entered"

RESUME = "put it right, then `rpa systems resume {system} --reason ...`"

JSON_STATUSES = ("confirmed", "already_entered", "rejected", "failed", "in_doubt")


@dataclass(frozen=True)
class Summary:
    """The end of a run, told."""

    project: Project
    bot: Bot
    outcome: Outcome
    workbook: Path
    copies: Sequence[Copy] = ()

    @cached_property
    def verdict(self) -> Verdict:
        """What a verification of the audit trail found just now."""
        with self.project.store() as store:
            return store.log.verify()

    @property
    def entered_now(self) -> int:
        """How many transactions this run itself confirmed."""
        return sum(self.outcome.now(entry.name, Status.CONFIRMED) for entry in self.bot.enter)

    @property
    def exit_code(self) -> ExitCode:
        """3 where a person has to look at something or something is left undone, else 0."""
        left = sum(self.outcome.total(status) for status in set(Status) - ENDED)
        return ExitCode.NEEDS_PERSON if self.for_a_person or left or self.paused else ExitCode.DONE

    @cached_property
    def for_a_person(self) -> int:
        """How much waits for a person: transactions, documents that could not be read, revisions."""
        with self.project.store() as store:
            others = len(store.waiting(self.bot.bot))
        return others + sum(self.outcome.total(status) for status in PERSON_ONLY)

    @cached_property
    def paused(self) -> list[SystemState]:
        """The systems of the bot whose work waits."""
        with self.project.store() as store:
            ours = {entry.system for entry in self.bot.enter}
            return [state for state in store.systems() if state.paused and state.system in ours]

    @cached_property
    def closed(self) -> dict[str, datetime]:
        """The systems of the bot whose hours are over, and when they open."""
        at, names = clock.now(), sorted({entry.system for entry in self.bot.enter})
        opens = {name: self.project.system(name).opens(at) for name in names}
        return {name: moment for name, moment in opens.items() if moment is not None}

    @cached_property
    def duplicates(self) -> list[str]:
        """The references that this run found more than once in a system."""
        with self.project.store() as store:
            said = store.log.read(run=self.outcome.run.id)
            return sorted({one["reference"] for one in said if one["event"] == Event.TRANSACTION_DUPLICATE})

    def data(self) -> dict[str, Any]:
        """Return everything for a program. Transactions are counted as the ledger holds them now."""
        intake = self.outcome.intake
        with self.project.store() as store:
            items = len(store.work_items(self.bot.bot))
        return {
            "bot": self.bot.bot,
            "run": self.outcome.run.id,
            "documents": intake.documents,
            "known_documents": intake.known,
            "quarantined": intake.quarantined,
            "records": dict(intake.outcomes),
            "work_items": items,
            "transactions": {word: self.outcome.total(Status(word)) for word in JSON_STATUSES},
            "entered_now": self.entered_now,
            "for_a_person": self.for_a_person,
            "failures": list(self.outcome.failures),
            "duplicates": self.duplicates,
            "restored": self.outcome.restored,
            "closed": {name: at.isoformat() for name, at in self.closed.items()},
            "paused": [{"system": state.system, "reason": state.reason} for state in self.paused],
            "workbook": str(self.workbook),
            "copies": [str(copy.path) for copy in self.copies if copy.path is not None],
            "evidence": self.project.evidence.where,
            "audit": "broken" if self.verdict.problems else "verified",
            "seconds": round(self.outcome.seconds, 2),
        }

    def tell(self, say: Callable[[str], None] = click.echo) -> None:
        """Tell the end of the run to a person."""
        say("")
        for line in (*self._read(), "", *self._table(), "", *self._ends()):
            say(line)

    def _read(self) -> list[str]:
        intake = self.outcome.intake
        outcomes = ", ".join(f"{count} {word}" for word, count in intake.outcomes.items())
        known = f"; {intake.known} known from an earlier run" if intake.known else ""
        quarantined = f"; {intake.quarantined} could not be read" if intake.quarantined else ""
        records = f"Records: {outcomes}" if outcomes else "Records: nothing new"
        return [f"Read: {counted(intake.documents, 'document')}{known}{quarantined}", records]

    def _table(self) -> list[str]:
        entries = [entry.name for entry in self.bot.enter]
        width = max(12, *(len(name) + 2 for name in entries))
        lines = [" " * 18 + "".join(f"{name:>{width}}" for name in entries)]
        for word, statuses in ROWS.items():
            counts = [sum(self.outcome.after.get((name, status), 0) for status in statuses) for name in entries]
            lines.append(f"{word:<18}" + "".join(f"{count:>{width}}" for count in counts))
        return lines

    def _ends(self) -> list[str]:
        seconds, entered = self.outcome.seconds, self.entered_now
        speed = f", {entered / seconds * 60:.0f} a minute" if entered else ""
        now = f"Entered by this run: {entered}{speed}"
        if not entered:
            whole = not any(count for (_, status), count in self.outcome.after.items() if status not in SETTLED)
            now = f"Nothing was entered{ALL_IN if whole and self.outcome.after else ' by this run'}"
        return [
            now,
            f"Elapsed: {seconds:.1f} s",
            *self._tell_whom(),
            *(f"Failed: {words}" for words in self.outcome.failures),
            *([RESTORED] if self.outcome.restored else []),
            *map(_paused, self.paused),
            *self._closed(),
            *self._duplicates(),
            f"Result workbook: {self.workbook}",
            *map(_copy, self.copies),
            f"Evidence: {self.project.evidence.where}",
            self._audit(),
        ]

    def _closed(self) -> list[str]:
        return [f"Closed: {name} opens {at:%Y-%m-%d %H:%M %Z}; its work waits" for name, at in self.closed.items()]

    @property
    def _where(self) -> str:
        """What a command needs behind it, where it is used in another folder than the project's."""
        return (
            "" if self.project.folder.samefile(".") else f" --project {shlex.quote(relpath(self.project.folder))}"
        )

    def _duplicates(self) -> list[str]:
        found = self.duplicates
        return (
            [f"DUPLICATES: {', '.join(found)}; the system holds each more than once, see rpa queue{self._where}"]
            if found
            else []
        )

    def _tell_whom(self) -> list[str]:
        if not self.for_a_person:
            return []
        whom = ", ".join(self.bot.notify or [self.bot.owner])
        return [f"For a person ({whom}): {self.for_a_person}; `rpa queue{self._where}` lists what and why"]

    def _audit(self) -> str:
        verdict = self.verdict
        if verdict.problems:
            return f"AUDIT TRAIL BROKEN: {verdict.problems[0]}; run rpa audit verify"
        return verdict.sentence


def _copy(copy: Copy) -> str:
    if copy.path is None:
        return f"No copy of {copy.name} with results: {copy.problem}"
    return f"Copy with results: {copy.path}"


def _paused(state: SystemState) -> str:
    on = f"one transaction is tried by a run after {state.next_probe:%H:%M} UTC" if state.next_probe else RESUME
    return f"Paused: {state.system}, because {state.reason}; its work waits: {on.format(system=state.system)}"
