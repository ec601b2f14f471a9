"""A way to the server that goes silent is noticed, and one that is only slow, or busy, is not taken for it."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from rpa.store.databases import answered
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.store import Store
from tests.postgresql import server
from tests.rpa.engines.relay import Relay, relay
from tests.rpa.store.ledgers import ROBOT, database_of
from tests.waiting import wait_for

pytestmark = pytest.mark.parametrize("store", ["postgresql"], indirect=True)

QUIET = 0.2
BUSY = text("SELECT pg_sleep(0.8)")
LARGE = text("SELECT repeat('x', 6000000) FROM pg_sleep(0.5)")


@pytest.fixture
def way(postgresql: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    monkeypatch.setattr(answered, "QUIET", QUIET)
    with relay(postgresql) as made:
        yield made


@pytest.fixture
def distant(store: Store, folder: Path, way: Relay) -> PostgresLedger:
    """Return the ledger, as it is reached by the relay."""
    del store  # it made the database
    return PostgresLedger(f"postgresql://keyonce@{way.address}/{name(folder)}?sslmode=disable", folder)


@pytest.fixture
def engine(distant: PostgresLedger) -> Iterator[Engine]:
    made = distant.connect()
    yield made
    made.dispose()


def name(folder: Path) -> str:
    """Return the name of the ledger's database."""
    database = database_of(folder)
    assert database is not None
    return str(database.address.database)


@contextmanager
def asking(engine: Engine, statement: Any) -> Iterator[Future[Any]]:
    """Execute the statement, in a thread of its own."""
    with ThreadPoolExecutor(1) as pool, engine.connect() as connection:
        yield pool.submit(lambda: connection.execute(statement).scalar_one())


def test_a_long_statement_is_waited_for_behind_a_pooler_which_numbers_its_connections_itself(
    engine: Engine, way: Relay
) -> None:
    way.pools = True

    with engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        assert driver.info.backend_pid == 1
        connection.execute(BUSY)


def test_a_long_statement_is_waited_for_while_the_server_lets_nobody_in_who_could_ask(
    engine: Engine, folder: Path, postgresql: Path
) -> None:
    with engine.connect() as connection:
        server.execute(postgresql, f'ALTER DATABASE "{name(folder)}" ALLOW_CONNECTIONS false')

        connection.execute(BUSY)


def test_a_large_answer_over_a_slow_way_is_waited_for(engine: Engine, way: Relay) -> None:
    with engine.connect() as connection:
        way.pace = 0.02

        assert len(connection.execute(LARGE).scalar_one()) == 6_000_000


def test_a_server_that_waits_for_us_to_take_its_answer_is_not_taken_for_busy(
    engine: Engine, way: Relay, postgresql: Path
) -> None:
    with asking(engine, LARGE) as answer:
        is_asked = "SELECT FROM pg_stat_activity WHERE query LIKE '%repeat%' AND wait_event = 'PgSleep'"
        wait_for(lambda: server.execute(postgresql, is_asked) == 1)
        way.strand()
        wait_for(answer.done)

        with pytest.raises(OperationalError, match="answers nothing on this connection"):
            answer.result()


def test_what_a_silent_connection_has_locked_is_free_as_soon_as_it_is_given_up(
    store: Store, distant: PostgresLedger, way: Relay
) -> None:
    with Store.open(distant.folder, actor=ROBOT, database=distant) as elsewhere:
        slot = elsewhere.slot("meridian", 0)
        assert slot.take()
        assert not store.slot("meridian", 0).take()
        way.strand()

        assert not slot.held
        wait_for(store.slot("meridian", 0).take)
