"""The audit log as the rest of the house sees it: what is added to it, read, signed, shown and verified."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rpa.audit.entry import FACTS, Event, Fact
from rpa.audit.note import PublicKey
from rpa.audit.places import Place
from rpa.audit.timestamps import Stamped
from rpa.audit.verify import ALONE, Verdict, Watch
from rpa.store import checking, configuration, exporting, memory, pruning, rekeying, seals, trail
from rpa.store.connect import Books
from rpa.store.facts import about
from rpa.store.rows import now
from rpa.work import Run, Transaction, WorkItem


@dataclass(frozen=True)
class Log:
    """The log of one ledger. What changes the ledger adds its entry by itself, in the same commit."""

    _books: Books

    def prune(self, days: Mapping[str, int], authority: str) -> int:
        """Drop the content of entries older than so many *days*, by the first word of their event; keep hashes.

        Only what a checkpoint covers is dropped; return of how many entries. `personal.clean` afterwards.
        """
        return pruning.prune(self._books, days, authority)

    def append(
        self,
        event: Event,
        *,
        run: Run | None = None,
        transaction: Transaction | None = None,
        item: WorkItem | None = None,
        reason: str | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> int:
        """Write down a fact that changes nothing in the ledger, of a run, a transaction or a work item.

        Return its number.

        Raises ValueError for an event that goes with a change, TypeError for a float in *data*.
        """
        if event not in FACTS:
            raise ValueError(f"{event} is written by the change that it tells")
        with self._books.writing() as connection:
            fact = Fact(event=event)
            if transaction is not None:
                fact = about(self._books, connection, transaction.id, event)
            if run is not None:
                fact = replace(fact, bot=run.bot, digest=run.digest, run=run.id)
            if item is not None:
                fact = replace(fact, bot=item.bot, reference=item.reference, work_item=item.id)
            fact = replace(fact, reason=reason, data=data or {})
            return trail.append(connection, self._books.author, fact, now())

    def tell_settings(self, told: Mapping[str, str]) -> None:
        """Write down which settings, by name, are others than when this was last told; no secret in them."""
        configuration.tell(self._books, told)

    def read(
        self,
        reference: str | None = None,
        *,
        bot: str | None = None,
        run: int | None = None,
        transaction: int | None = None,
        after: int = 0,
    ) -> Iterator[dict[str, Any]]:
        """Yield the audit entries of what is given, numbered above *after*, oldest first."""
        return trail.read(self._books, reference=reference, after=after, bot=bot, run=run, transaction=transaction)

    def size(self) -> int:
        """Return how many audit entries there are: the number of the newest one."""
        return trail.size(self._books)

    def unsigned(self) -> int:
        """Return how many entries stand after the last checkpoint."""
        return seals.unsigned(self._books)

    def checkpoint(self) -> None:
        """Sign a checkpoint over the whole log, unless it is signed already.

        Raises `LogRewritten` where the log does not go on from its last checkpoint, `SetupError` where the signer
        refuses.
        """
        with self._books.writing() as connection:
            note = seals.sign(connection, self._books)
        if note is not None:
            memory.follow(self._books)

    def change_signing_key(self) -> None:
        """Let a new key sign what comes after the last checkpoint; a note of both keys says so, and the log.

        Raises `SetupError` where there is no new key or no checkpoint, and as `checkpoint` does.
        """
        rekeying.change(self._books)
        self.checkpoint()

    def idle(self) -> None:
        """Write down that nothing happened, and sign it: a log that is silent can be told from one that is cut."""
        with self._books.writing() as connection:
            trail.append(connection, self._books.author, Fact(event=Event.CHECKPOINT_IDLE), now())
        self.checkpoint()

    def export(self, folder: Path, *, reference: str | None = None, witnesses: Sequence[PublicKey] = ()) -> int:
        """Write an export that proves itself into the new *folder*; return how many entries it has.

        Everything that is in the log, or what is signed of one *reference*. Raises `FileExistsError` for a folder
        that is there, `BusinessException` where nothing is signed yet.
        """
        return exporting.bundle(self._books, folder, reference, witnesses)

    def publish(self, places: Sequence[Place]) -> list[str]:
        """Show the last checkpoint to each of the places; return in words which of them have not taken it."""
        return seals.publish(self._books, places)

    def stamped(self, place: str) -> list[Stamped]:
        """Return the checkpoints that the timestamping authority of this name has signed, and its answers."""
        return seals.stamped(self._books, place)

    def verify(self, watch: Watch = ALONE) -> Verdict:
        """Verify the whole log against its checkpoints, the public key beside it, and what is kept elsewhere."""
        return checking.verified(self._books, watch)
