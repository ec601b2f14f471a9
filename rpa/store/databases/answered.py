"""A connection that does not wait for ever for a server that answers nothing.

A path to the server can go silent without an end: a firewall forgets it, a proxy hangs. Keep-alives notice some
of that, not where whatever is between still acknowledges. And silence alone says nothing: a statement may wait for
its turn, or take minutes. So after a while of it the server is asked by another connection what it is at.
"""

from contextlib import closing, suppress
from datetime import datetime
from time import monotonic
from typing import Any, TypeVar, cast

import psycopg
from psycopg import conninfo, pq
from psycopg.abc import PQGen

Answer = TypeVar("Answer")

QUIET = 20.0
"""Seconds without an answer after which the server is asked by another connection, again and again."""

PROMPT = 10
"""Seconds that it has to be reached, and as many to answer."""

UNDER_WAY = """
SELECT state = 'active' AND wait_event_type IS DISTINCT FROM 'Client'
       OR state_change > clock_timestamp() - interval '1 s'
FROM pg_stat_activity WHERE pid = %s AND backend_start = %s
"""
"""Whether it works, and does not wait for us; what ended just now may be on its way here."""

END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = %s AND backend_start = %s"

SILENT = "the server answers nothing on this connection any more"


class AnsweredConnection(psycopg.Connection[Any]):
    """Waits while the server works on the statement; else it is ended, and raises OperationalError."""

    session: tuple[int | None, datetime | None] = (None, None)
    """Its process on the server, and since when; a pooler in between tells numbers of its own."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait for what the server says next, which *gen* takes in."""
        return super().wait(self._answered(gen), interval, timeout)

    def _answered(self, gen: PQGen[Answer]) -> PQGen[Answer]:
        """Go through *gen*; each *interval* in which nothing comes it is told so."""
        under_way: bool | None = True
        heard = monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready:
                    under_way, heard = True, monotonic()
                elif not under_way:  # what came while the server was asked would be here by now
                    self._give_up(is_reached=under_way is False)
                elif monotonic() - heard >= QUIET:
                    under_way, heard = self._is_under_way(), monotonic()
                wanted = gen.send(ready)
        except StopIteration as end:
            return cast("Answer", end.value)

    def _is_under_way(self) -> bool | None:
        """Ask the server by another connection; None where it is not reached. Where it can't say, it may be."""
        way = self._way()
        try:
            other = _Prompt.connect(way, autocommit=True)
        except psycopg.errors.ConnectionTimeout:
            return None
        except psycopg.Error:  # without an SQLSTATE, whatever it is
            return pq.PGconn.ping(way.encode()) in {pq.Ping.OK, pq.Ping.REJECT} or None
        try:
            with closing(other):
                return other.execute(UNDER_WAY, self.session).fetchone() == (True,)
        except psycopg.Error as error:
            return error.sqlstate is not None or None

    def _give_up(self, *, is_reached: bool) -> None:
        """Close it, at the server too, where it would hold its locks on."""
        if is_reached:
            with suppress(psycopg.Error), closing(_Prompt.connect(self._way(), autocommit=True)) as other:
                other.execute(END, self.session)
        self.pgconn.finish()
        raise psycopg.OperationalError(SILENT)

    def _way(self) -> str:
        """Return how this very server is reached, of those that the settings may name: a secret."""
        info = self.info
        here = {"host": info.host, "hostaddr": info.hostaddr or None, "port": info.port}
        given: dict[str, Any] = {**info.get_parameters(), **here, "password": info.password or None}
        return conninfo.make_conninfo("", **{**given, "connect_timeout": PROMPT})


class _Prompt(psycopg.Connection[Any]):
    """A connection for one question."""

    def wait(self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None) -> Answer:
        """Wait a little."""
        return super().wait(gen, interval, PROMPT if timeout is None else timeout)
