"""What a worker hears of new work: the jobs of its system's queue, taken by a thread beside it.

Delivery is at least once, and a job says only that there is work. So nothing is lost with one that comes too late,
twice or never: the worker looks at the ledger after each, and from time to time without any. A browser belongs to
the thread that opened it, which is the worker's main one; the library's event loop therefore has its own.
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Self

from procrastinate import App, PsycopgConnector
from procrastinate.exceptions import ProcrastinateException

from rpa import clock
from rpa.errors import LedgerFailed
from rpa.store.databases.delivery import TASK

LOOK = 0.2
"""Seconds between two looks whether to stop waiting."""

OFTEN = 1.0
"""Seconds between two looks for a job whose time has come: nobody is told of that."""

HUNG = 60.0
"""Seconds without an answer of the database after which this process ends itself: half-open connections hang."""

LEAVING = 5.0
"""Seconds that the thread has to end."""


class Deliveries:
    """The jobs of one system for this worker, one at a time, while the context is entered.

    *arguments* are the driver's, *missing* is after how many seconds without a sign of life a worker's job is
    given to another one.
    """

    def __init__(self, arguments: Mapping[str, Any], system: str, missing: float) -> None:
        for name in ("procrastinate", "psycopg.pool"):  # what goes wrong is told by ourselves, in our own words
            logging.getLogger(name).setLevel(logging.CRITICAL)
        connector = PsycopgConnector(kwargs=dict(arguments), min_size=1, max_size=3, timeout=HUNG / 2)
        self._app = App(connector=connector)
        self._app.task(name=TASK)(self._deliver)
        self._system, self._missing = system, missing
        self._came: SimpleQueue[Future[None]] = SimpleQueue()
        self._in_hand: Future[None] | None = None
        self._thread = threading.Thread(target=self._listen, name="deliveries", daemon=True)
        self._loop = asyncio.new_event_loop()
        self._taking = self._loop.create_task(self._take())
        self._over = False
        self._pulse = time.monotonic()

    def __enter__(self) -> Self:
        self._thread.start()
        threading.Thread(target=self._watch, name="pulse", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._finish()
        self._over = True
        with suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._taking.cancel)
        self._thread.join(LEAVING)

    def rest(self, seconds: float, told: Callable[[], bool]) -> None:
        """Be done with the job in hand, and wait for another one: so long at most, and until *told* to stop.

        Raises `LedgerFailed` where nothing is delivered any more: the connection broke.
        """
        self._finish()
        until = time.monotonic() + seconds
        while self._in_hand is None and time.monotonic() < until and not told():
            if not self._thread.is_alive():
                raise LedgerFailed("the connection over which work is told of broke: the worker starts anew")
            with suppress(Empty):
                self._in_hand = self._came.get(timeout=LOOK)

    def _finish(self) -> None:
        if self._in_hand is not None:
            self._in_hand.set_result(None)
            self._in_hand = None

    async def _deliver(self) -> None:
        """Be a job: hand over that there is work, and last until the worker has looked."""
        seen: Future[None] = Future()
        self._came.put(seen)
        await asyncio.wrap_future(seen)

    def _listen(self) -> None:
        with suppress(ProcrastinateException, asyncio.CancelledError, OSError):
            self._loop.run_until_complete(self._taking)
        self._loop.close()

    async def _take(self) -> None:
        async with self._app.open_async():
            work = self._app.run_worker_async(
                queues=[self._system],
                install_signal_handlers=False,
                delete_jobs="always",  # the ledger keeps the story
                fetch_job_polling_interval=OFTEN,
                update_heartbeat_interval=self._missing / 4,
                stalled_worker_timeout=self._missing,
                shutdown_graceful_timeout=LOOK,
            )
            tasks = {asyncio.ensure_future(work), asyncio.ensure_future(self._tend())}
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _tend(self) -> None:
        """Give what workers that are missing had in hand to others, again and again."""
        jobs = self._app.job_manager
        while True:
            for job in await jobs.get_stalled_jobs(queue=self._system, seconds_since_heartbeat=self._missing):
                with suppress(ProcrastinateException):  # another worker was quicker
                    await jobs.retry_job(job, retry_at=clock.now())
            self._pulse = time.monotonic()
            await asyncio.sleep(self._missing / 4)

    def _watch(self) -> None:
        """End this process where the database has not answered for too long; it is started anew."""
        while not self._over:
            before = time.monotonic()
            time.sleep(OFTEN)
            stood_still = time.monotonic() - before > HUNG / 2
            if time.monotonic() - self._pulse > HUNG and not stood_still and self._thread.is_alive():
                os.kill(os.getpid(), signal.SIGKILL)
