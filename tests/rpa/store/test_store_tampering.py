"""Somebody changes the database file: the ledger refuses, and what can't be refused is seen."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Connection, select, text, update

from rpa.audit.entry import Event
from rpa.audit.tree import Tree, leaf_hash
from rpa.audit.verify import Verdict
from rpa.errors import ApplicationException, SetupError
from rpa.store.schema import audit_entries, audit_head, checkpoints
from rpa.store.store import Store
from rpa.work import Run
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, new_item

FREE = [
    f"DROP TRIGGER {table}_no_{change}"
    for table in ("audit_entries", "checkpoints")
    for change in ("update", "delete")
]


@pytest.fixture
def log(store: Store) -> Store:
    """Two runs under their checkpoints, and two entries after them; the database's own guards are gone."""
    for number in range(2):
        run = store.start_run(BOT, DIGEST, "u-1")
        for item in range(6):
            store.add(run, new_item(f"CL-{number}{item}"))
        store.finish_run(run, {})
    open_run = store.start_run(BOT, DIGEST, "u-1")
    store.log.append(Event.SECRET_USED, run=open_run)
    attack(store, lambda connection: [connection.execute(text(statement)) for statement in FREE])
    return store


def attack(store: Store, how: Callable[[Connection], object]) -> Verdict:
    with store._books.engine.begin() as connection:
        how(connection)
    return store.log.verify()


def edit(connection: Connection, seq: int, **columns: object) -> None:
    connection.execute(update(audit_entries).where(audit_entries.c.seq == seq).values(columns))


def forge(connection: Connection, seq: int) -> None:
    """Rewrite an entry, its hash, the tree's head, and everything else that needs no key."""
    body = connection.execute(select(audit_entries.c.body).where(audit_entries.c.seq == seq)).scalar_one()
    edit(connection, seq, body=body.replace(b'"host":"', b'"host":"x'))
    tree = Tree()
    for row in connection.execute(select(audit_entries.c.seq, audit_entries.c.body)).all():
        edit(connection, row.seq, leaf=leaf_hash(row.body))
        tree = tree.add(leaf_hash(row.body))
    connection.execute(update(audit_head).values(size=tree.size, peaks=tree.pack()))


def swap(connection: Connection) -> None:
    for statement in (
        "UPDATE audit_entries SET seq = 99 WHERE seq = 4",
        "UPDATE audit_entries SET seq = 4 WHERE seq = 5",
        "UPDATE audit_entries SET seq = 5 WHERE seq = 99",
    ):
        connection.execute(text(statement))


def run_sql(statement: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(text(statement))


def test_the_untouched_log_is_whole(log: Store) -> None:
    verdict = log.log.verify()

    since = next(log.log.read(after=16))["at"]
    assert verdict == Verdict(entries=18, checkpoints=2, covered_until=16, problems=(), uncovered_since=since)


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda connection: edit(connection, 5, body=b"{}"), id="an entry edited"),
        pytest.param(lambda connection: edit(connection, 5, reference="CL-99"), id="an entry filed elsewhere"),
        pytest.param(lambda connection: forge(connection, 5), id="an entry edited and the tree made to fit"),
        pytest.param(run_sql("DELETE FROM audit_entries WHERE seq = 5"), id="an entry deleted"),
        pytest.param(run_sql("DELETE FROM audit_entries WHERE seq > 16"), id="the uncovered tail cut"),
        pytest.param(run_sql("DELETE FROM audit_entries WHERE seq > 12"), id="the covered tail cut"),
        pytest.param(run_sql("DELETE FROM audit_entries"), id="everything deleted"),
        pytest.param(swap, id="two entries swapped"),
        pytest.param(run_sql("UPDATE audit_head SET size = 17"), id="the head's size"),
        pytest.param(run_sql("UPDATE audit_head SET peaks = zeroblob(64)"), id="the head's tree"),
        pytest.param(run_sql("UPDATE checkpoints SET size = size - 1"), id="the checkpoints' sizes"),
        pytest.param(run_sql("UPDATE checkpoints SET note = zeroblob(9)"), id="the checkpoints' notes"),
        pytest.param(run_sql("UPDATE checkpoints SET peaks = zeroblob(96)"), id="the checkpoints' trees"),
    ],
)
def test_tampering_is_seen(log: Store, how: Callable[[Connection], object]) -> None:
    assert attack(log, how).problems


@pytest.mark.parametrize("how", [lambda c: forge(c, 3), lambda c: forge(c, 18)])
def test_a_log_that_was_tampered_with_is_seen_or_not_under_a_checkpoint(
    log: Store, how: Callable[[Connection], object]
) -> None:
    verdict = attack(log, how)

    assert verdict.problems or verdict.covered_until == 16


def test_random_bits_of_random_cells_are_seen(log: Store) -> None:
    random = Random(7)
    places = [(audit_entries, "body"), (audit_entries, "leaf"), (checkpoints, "note"), (checkpoints, "peaks")]
    places += [(audit_head, "peaks")]
    for _ in range(200):
        table, column = random.choice(places)
        with log._books.engine.connect() as connection:
            key = next(iter(table.primary_key.columns))
            rows = connection.execute(select(key, table.c[column])).all()
            number, raw = random.choice(rows)
            bit = random.randrange(len(raw) * 8)
            flipped = raw[: bit // 8] + bytes([raw[bit // 8] ^ 1 << bit % 8]) + raw[bit // 8 + 1 :]
            connection.execute(update(table).where(key == number).values({column: flipped}))
            connection.commit()
            assert log.log.verify().problems, f"bit {bit} of {table.name}.{column} {number}"
            connection.execute(update(table).where(key == number).values({column: raw}))
            connection.commit()
    assert log.log.verify().problems == ()


@pytest.mark.parametrize("table", ["audit_entries", "checkpoints"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_the_database_refuses_changes_to_the_log(store: Store, run: Run, table: str, change: str) -> None:
    store.finish_run(run, {})
    column = {"audit_entries": "seq", "checkpoints": "size"}[table]

    with pytest.raises(Exception, match="the audit log is only added to"):
        attack(store, run_sql(change.format(table, column, column)))
    assert store.log.verify().problems == ()


@pytest.mark.parametrize(
    "how",
    [
        lambda connection: edit(connection, 17, body=b"{}"),
        run_sql("DELETE FROM audit_entries WHERE seq = 17"),
        run_sql("UPDATE checkpoints SET peaks = zeroblob(32) WHERE size = 16"),
        run_sql("UPDATE checkpoints SET note = zeroblob(9) WHERE size = 16"),
        run_sql("UPDATE checkpoints SET size = 15 WHERE size = 16"),
    ],
)
def test_a_log_that_does_not_continue_its_last_checkpoint_is_not_signed(
    log: Store, how: Callable[[Connection], object]
) -> None:
    attack(log, how)
    run = log.start_run(BOT, DIGEST, "u-1")
    before = list(log.log.read(after=17))

    with pytest.raises(SetupError, match="does not continue its last checkpoint"):
        log.finish_run(run, {})
    assert list(log.log.read(after=17)) == before


def test_a_head_that_is_no_tree_takes_no_more_entries(log: Store) -> None:
    attack(log, run_sql("UPDATE audit_head SET peaks = zeroblob(5)"))

    with pytest.raises(ValueError, match="other peaks"):
        log.start_run(BOT, DIGEST, "u-1")


def test_an_entry_number_that_is_taken_stops_the_change(log: Store) -> None:
    attack(log, run_sql("UPDATE audit_head SET size = 16, peaks = zeroblob(32)"))

    with pytest.raises(ApplicationException, match="nothing was written"):
        log.start_run(BOT, DIGEST, "u-1")


def test_a_log_whose_public_key_is_lost_is_not_called_whole(log: Store, folder: Path) -> None:
    (folder / "audit.pub").unlink()

    with pytest.raises(SetupError, match=r"audit\.pub cannot be read"):
        log.log.verify()


def test_the_checkpoint_of_a_run_covers_its_own_end(store: Store, run: Run, folder: Path) -> None:
    store.finish_run(run, {})
    with Store.open(folder, actor=ROBOT) as again:
        assert again.log.verify() == Verdict(entries=2, checkpoints=1, covered_until=2, problems=())
