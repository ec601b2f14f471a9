"""Workers as child processes on this machine."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from ctypes import c_bool
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from queue import Empty
from types import TracebackType
from typing import Self

from rpa.errors import ExitCode, RpaError, unforeseen
from rpa.order import STOPS, Order

STOP_WITHIN = 28.0
"""Seconds after which a worker that was told to stop, and should have ended long ago, is killed.

With the leaving of those that are killed, a run has ended 30 seconds after it was told to.
"""

LOOK = 0.05
"""Seconds between two looks whether the workers have stopped."""


@dataclass(frozen=True)
class Flags:
    """What the parent says to its workers.

    Each flag is one byte without a lock: whoever is killed while it looks would keep a lock for ever.
    """

    finished: c_bool
    failed: c_bool
    dismissed: c_bool

    def stop(self) -> bool:
        """Tell whether this worker was dismissed, or the parent is gone: who ended it wants the run to stop."""
        parent = multiprocessing.parent_process()
        return self.dismissed.value or parent is None or not parent.is_alive()

    def no_more_work(self) -> bool:
        """Tell whether everything that will come is on the queue."""
        return self.finished.value

    def others_failed(self) -> bool:
        """Tell whether another worker has ended with an error."""
        return self.failed.value


Works = Callable[[Order, Flags], None]
"""What a process does with its order."""


def enter(order: Order, said: Flags) -> None:
    """Be a worker of one run; what it needs is loaded in its own process alone."""
    from rpa.worker import work

    work(order, said)


class Workers:
    """A process for each order, once it is started.

    Leaving the context waits until every one has ended, by an error within 30 s.
    """

    def __init__(self, orders: Sequence[Order], works: Works = enter) -> None:
        # Spawned, not forked: Playwright's driver and the ledger's connections must not be shared by accident.
        context = multiprocessing.get_context("spawn")
        self._finished = context.RawValue(c_bool)
        self._failed = context.RawValue(c_bool)
        self._words = context.Queue()
        self._noted: set[int] = set()
        self._signals: list[str] = []
        self._dismissed = [context.RawValue(c_bool) for _ in orders]

        def process(number: int) -> BaseProcess:
            said = Flags(self._finished, self._failed, self._dismissed[number])
            return context.Process(target=_work, args=(works, orders[number], said, self._words))

        self._process = process
        self._processes = [process(number) for number in range(len(orders))]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.no_more_work()
        if error is not None:
            self._stop()
        for process in self._started():
            process.join()

    def _stop(self) -> None:
        """Tell the workers to stop; once more if we are told so once more, and then they leave at once."""
        until = time.monotonic() + STOP_WITHIN
        self._terminate()
        while self.alive() and time.monotonic() < until:
            try:
                time.sleep(LOOK)
            except KeyboardInterrupt:
                self._terminate()
        for process in self._started():
            process.kill()

    def _terminate(self) -> None:
        for process in self._started():
            process.terminate()

    def _started(self) -> list[BaseProcess]:
        return [process for process in self._processes if process.pid is not None]

    def start(self, number: int) -> None:
        """Start the worker that has the order of this *number*; anew where it has ended."""
        self._note()
        self._noted.discard(number)
        self._dismissed[number].value = False
        if self._processes[number].pid is not None:
            self._processes[number] = self._process(number)
        with _unheard():
            self._processes[number].start()

    def dismiss(self, number: int) -> None:
        """Let a worker end after the transaction that it has in hand."""
        self._dismissed[number].value = True

    def without(self) -> list[int]:
        """Return the numbers of the orders for which no worker lives: it has ended, or was never started."""
        return [number for number, process in enumerate(self._processes) if not process.is_alive()]

    def startable(self) -> list[int]:
        """Return the numbers of those of them whose worker may be started: for the first time, or anew.

        Anew where it was dismissed, or found nothing left and others are still at work: what they enter may let
        more be entered. Where one has failed, those that are left end by themselves.
        """
        going_on = self.alive() and not self._failed.value
        return [number for number in self.without() if self._may_start(number, going_on=going_on)]

    def _may_start(self, number: int, *, going_on: bool) -> bool:
        process = self._processes[number]
        return process.pid is None or self._dismissed[number].value or (going_on and process.exitcode == 0)

    def at_work(self) -> list[int]:
        """Return the numbers of the orders whose workers live and were not dismissed."""
        return [
            number
            for number, process in enumerate(self._processes)
            if process.is_alive() and not self._dismissed[number].value
        ]

    def no_more_work(self) -> None:
        """Let the workers end once the queue holds nothing for them."""
        self._finished.value = True

    def alive(self) -> bool:
        """Tell whether any worker is still at work; note on the way whether one has failed."""
        self._note()
        return any(process.is_alive() for process in self._processes)

    def outlives_the_ledger(self) -> bool:
        """Say no: workers end over it."""
        return False

    def failures(self) -> tuple[str, ...]:
        """Return the last words, not told yet, of the workers that ended with an error."""
        words = []
        while True:
            try:
                words.append(self._words.get(timeout=0.1))
            except Empty:
                break
        self._note()
        killed, self._signals = self._signals, []
        return (*words, *killed)

    def _note(self) -> None:
        """Note once of each worker that ended with an error that one has failed, and the signal that ended it."""
        for number, process in enumerate(self._processes):
            if process.exitcode and number not in self._noted:
                self._noted.add(number)
                self._failed.value = True
                if process.exitcode < 0:
                    self._signals.append(f"a worker was ended by signal {-process.exitcode}")


@contextmanager
def _unheard() -> Iterator[None]:
    """Start processes in the block that hear of being told to stop only when they are ready to."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(works: Works, order: Order, said: Flags, words: "multiprocessing.Queue[str]") -> None:
    # Out of the terminal's reach: Ctrl-C would end the browser's driver too, and is for the run alone to hear.
    with suppress(PermissionError):
        os.setsid()
    try:
        works(order, said)
    except RpaError as error:
        words.put(f"{order.system}: {error}")
        raise SystemExit(int(error.exit_code)) from None
    except Exception as error:  # noqa: BLE001  # the last door: nothing that holds a value may pass it
        # A mistake of ours or of an action's. Its own words may hold values, so only its kind and place are told.
        words.put(f"{order.system}: {unforeseen(error)}")
        raise SystemExit(int(ExitCode.FAILED)) from None
