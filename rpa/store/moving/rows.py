"""The rows of a table: written as they are, and compared, some at a time."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    RowMapping,
    Select,
    Table,
    Text,
    bindparam,
    cast,
    func,
    insert,
    select,
    tuple_,
)

BATCH = 500


def batches(connection: Connection, table: Table) -> Iterator[Sequence[RowMapping]]:
    """Yield all rows, `BATCH` at a time, and never hold more."""
    rows = connection.execute(exactly(table).execution_options(yield_per=BATCH))
    yield from rows.mappings().partitions()


def exactly(table: Table) -> Select[Any]:
    """Return the query for rows as they are stored: JSON as its text, since a value could be written otherwise."""
    return select(*(cast(column, Text).label(column.name) if _is_json(column) else column for column in table.c))


def add(connection: Connection, table: Table, rows: Sequence[RowMapping]) -> None:
    """Add the rows as they are."""
    texts = {column.name: f"{column.name}_text" for column in table.c if _is_json(column)}
    as_json = {name: cast(bindparam(text, type_=Text), JSON) for name, text in texts.items()}
    given = [{texts.get(name, name): value for name, value in row.items()} for row in rows]
    connection.execute(insert(table).values(as_json), given)


def count(connection: Connection, table: Table) -> int:
    """Return how many rows there are."""
    return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def same(connection: Connection, table: Table, rows: Sequence[RowMapping]) -> bool:
    """Tell whether the table holds each of the *rows* as it is."""
    key = list(table.primary_key)
    names = [column.name for column in key]
    keys = [tuple(row[name] for name in names) for row in rows]
    found = connection.execute(exactly(table).where(tuple_(*key).in_(keys))).mappings()
    held = {tuple(row[name] for name in names): dict(row) for row in found}
    return all(held.get(one) == dict(row) for one, row in zip(keys, rows, strict=True))


def _is_json(column: Column[Any]) -> bool:
    return isinstance(column.type, JSON)
