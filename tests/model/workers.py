"""Workers of a history: the real performer on the real ledger, dying or standing still at any moment."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from rpa.actions.base import Stage
from rpa.browser.session import Session
from rpa.case import Case
from rpa.definitions.bot import Entry, Retry
from rpa.errors import OwnershipLost
from rpa.performer import perform
from rpa.records import Record
from rpa.store.owner import Owner
from rpa.store.queue import Reserved
from rpa.store.store import Store
from rpa.work import Transaction
from tests.model.browser import ENTRY, SimulatedSession, Weather
from tests.model.county import County


class DiedError(BaseException):
    """The process is gone: no `except` of the product may see it."""


Interruption = Callable[["Life"], None]
"""What happens to a worker at one moment: it dies, or stands still while others go on."""


@dataclass
class Life:
    """One worker from its start to its end or death. *plan* says what happens at which of its moments."""

    plan: Mapping[int, Interruption]
    moments: int = 0

    def moment(self) -> None:
        """Let happen what is planned for now."""
        self.moments += 1
        interruption = self.plan.get(self.moments)
        if interruption is not None:
            interruption(self)


class WatchedStore(Store):
    """The ledger, with a moment before and after each change."""

    life: Life

    def reserve(self, owner: Owner, systems: Collection[str], *bots: str) -> Reserved | None:
        """Reserve between two moments."""
        return cast("Reserved | None", self._between(lambda: Store.reserve(self, owner, systems, *bots)))

    def move(self, *args: Any, **more: Any) -> Transaction:
        """Move between two moments."""
        return cast("Transaction", self._between(lambda: Store.move(self, *args, **more)))

    def note(self, *args: Any, **more: Any) -> Transaction:
        """Note between two moments."""
        return cast("Transaction", self._between(lambda: Store.note(self, *args, **more)))

    def enter_again(self, *args: Any, **more: Any) -> Transaction:
        """Give it back to be entered again, between two moments."""
        return cast("Transaction", self._between(lambda: Store.enter_again(self, *args, **more)))

    def postpone(self, *args: Any, **more: Any) -> Transaction:
        """Postpone between two moments."""
        return cast("Transaction", self._between(lambda: Store.postpone(self, *args, **more)))

    def _between(self, does: Callable[[], Any]) -> Any:
        self.life.moment()
        result = does()
        self.life.moment()
        return result


@dataclass
class Workshop:
    """Starts workers one after another, or one while another stands still."""

    folder: Path
    store: Store
    county: County
    pressing: Callable[[Transaction], None]
    entry: Entry = ENTRY

    def work(self, weather: Weather, plan: Mapping[int, Interruption]) -> bool:
        """Let a new worker take what is due and perform it; tell whether there was anything."""
        life = Life(plan)
        store = WatchedStore(self.store._books)
        store.life = life
        try:
            with Owner.hold(self.folder) as owner:
                reserved = store.reserve(owner, ["county"], "claims")
                if reserved is not None:
                    perform(self._case(store, owner, reserved, weather))
        except DiedError:
            (
                self.folder / "locks" / f"{owner.id}.lock"
            ).touch()  # a dead process leaves its lock's file behind, and nobody holds it
            return True
        except OwnershipLost:
            return True
        return reserved is not None

    def _case(self, store: WatchedStore, owner: Owner, reserved: Reserved, weather: Weather) -> Case:
        def pressing(_number: str) -> None:
            self.pressing(case.transaction)

        session = SimulatedSession(self.county, weather, store.life.moment, pressing)
        record = Record.from_json(reserved.work_item.record)
        case = Case(
            transaction=reserved.transaction,
            entry=self.entry,
            retry=Retry.model_validate({"times": 3, "wait": "2s"}),
            stage=Stage(cast("Session", session), record, reserved.receipts, lambda _name: Path()),
            store=store,
            owner=owner,
            picture=lambda _stage: "0" * 64,
        )
        return case
