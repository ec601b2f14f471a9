"""A connection that does not wait for ever for a server that answers nothing.

A path to the server can go silent without an end: a firewall forgets it, a proxy hangs. Keep-alives notice some
of that, not where whatever is between still acknowledges. And silence alone says nothing: a statement may wait for
its turn, or take minutes. So after a while of it the server is asked by another connection what it is at.
"""

from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen
from psycopg.errors import _WaitTimeout

Answer = TypeVar("Answer")

QUIET = 20.0
"""Seconds without an answer after which the server is asked by another connection, again and again."""

PROMPT = 10
"""Seconds that it has to answer that."""

UNDER_WAY = "SELECT state = 'active' FROM pg_stat_activity WHERE pid = %s"

SILENT = "the server answers nothing on this connection any more"


class AnsweredConnection(psycopg.Connection[Any]):
    """Waits while the server works on the statement; else it is closed, and raises OperationalError."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait for what the server says next, which *gen* takes in."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        while True:
            with suppress(_WaitTimeout):
                return super().wait(gen, interval, QUIET)
            if not self._is_under_way():
                return self._last_words(gen, interval)

    def _is_under_way(self) -> bool:
        """Ask the server by another connection."""
        given: dict[str, Any] = {**self.info.get_parameters(), "password": self.info.password or None}
        given["connect_timeout"] = PROMPT
        try:
            with _Prompt.connect(**given, autocommit=True) as other:
                return other.execute(UNDER_WAY, [self.info.backend_pid]).fetchone() == (True,)
        except psycopg.Error:
            return False

    def _last_words(self, gen: PQGen[Answer], interval: float) -> Answer:
        """Take what came while the server was asked; nothing more will."""
        try:
            return super().wait(gen, interval, interval)
        except _WaitTimeout:
            self.pgconn.finish()
            raise psycopg.OperationalError(SILENT) from None


class _Prompt(psycopg.Connection[Any]):
    """A connection for one question."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait a little."""
        return super().wait(gen, interval, PROMPT if timeout is None else timeout)
