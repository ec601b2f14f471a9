"""One transaction under way: what it enters, on which stage, and what the ledger is told of it."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rpa import uptime
from rpa.actions.base import Stage
from rpa.actions.find import FoundSeveral
from rpa.audit.entry import Event
from rpa.definitions.bot import Entry, Retry
from rpa.errors import ApplicationException, RpaError, Stopped
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import ENDED, Receipt, Status, Transaction


@dataclass
class Case:
    """One transaction under way: what it enters, on which stage, and who holds it in the ledger.

    *picture* takes a masked picture of the screen in front and returns its SHA-256. *stopping* tells whether the
    worker was told to stop: nothing is promised any more then.
    """

    transaction: Transaction
    entry: Entry
    retry: Retry
    stage: Stage
    store: Store
    owner: Owner
    picture: Callable[[Stage], str]
    stopping: Callable[[], bool] = lambda: False
    evidence: list[str] = field(default_factory=list)
    pressed: bool = False
    """Whether the press was made by this worker just now, and was answered."""
    trouble: str = ""
    """What the system did wrong, if anything. The browser may have been left in a state that can't be trusted."""

    def in_trouble(self, problem: RpaError) -> None:
        """Keep in mind what the system did wrong."""
        self.trouble = self.stage.record.redact(str(problem))

    def move(
        self,
        status: Status,
        reason: str | None = None,
        *,
        not_before: datetime | None = None,
        disclosure: Mapping[str, Any] | None = None,
    ) -> None:
        """Move the transaction, with what has been kept and pictured so far as its receipt."""
        self.transaction = self.store.move(
            self.transaction,
            status,
            self.owner,
            reason=reason and self.stage.record.redact(reason),
            receipt=self.receipt(),
            not_before=not_before,
            told=self._told(status, disclosure),
        )

    def _told(self, status: Status, disclosure: Mapping[str, Any] | None) -> Mapping[str, Any]:
        """Return what the log is to say besides: what went where and to whom, what was compared with what."""
        if status is Status.SUBMITTING:
            given = {} if disclosure is None else {"disclosure": dict(disclosure)}
            return {"entered": self.stage.written, **given}
        return {"compared": self.stage.compared} if status in ENDED and self.stage.compared else {}

    @property
    def promised(self) -> bool:
        """Whether the press may be made, or may have been: from here on it is finished."""
        return self.transaction.status is Status.SUBMITTING

    def go_on(self) -> None:
        """Raise `Stopped` where the worker was told to stop and nothing is promised yet."""
        if self.stopping() and not self.promised:
            raise Stopped

    def note(self, problem: str | None = None) -> None:
        """Keep what the system showed right after the press, and what went wrong with it."""
        refusal = self.stage.session.refusal()
        receipt = replace(self.receipt(), refusal=refusal and self.stage.record.redact(refusal))
        if problem is None and receipt == self.transaction.receipt:
            return
        reason = problem and self.stage.record.redact(problem)
        self.transaction = self.store.note(self.transaction, self.owner, receipt, reason)

    def alarm(self, problem: FoundSeveral) -> None:
        """Write into the log that the system holds the record more than once."""
        said = self.stage.record.redact(str(problem))
        self.store.log.append(Event.TRANSACTION_DUPLICATE, transaction=self.transaction, reason=said)

    def press_is_over(self) -> None:
        """Count the time to settle from now: this worker may have stood still between promise and press."""
        self.transaction = replace(self.transaction, uptime=uptime.mark())

    def keep_picture(self) -> None:
        """Keep a masked picture of the screen in front, if the system's map wants pictures."""
        if self.stage.session.system.pictures:
            self.evidence.append(self.picture(self.stage))

    def try_picture(self) -> None:
        """Keep a picture for the person who will have to judge; without one where none can be taken any more."""
        with suppress(ApplicationException):
            self.keep_picture()

    def receipt(self) -> Receipt:
        """Return what the system has shown so far, added to what an earlier attempt saw."""
        earlier = self.transaction.receipt
        return Receipt(
            kept={**earlier.kept, **self.stage.kept},
            verdicts=dict(self.stage.verdicts),
            evidence=tuple(dict.fromkeys((*earlier.evidence, *self.evidence))),
            refusal=earlier.refusal,
        )
