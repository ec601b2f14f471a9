"""The tables of the ledger. A change here is a new migration and a new `REVISION`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

REVISION = "0002"
"""The newest migration's name, known without importing Alembic: opening an up-to-date ledger must be quick."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Only aware times go in; UTC comes out, also of databases that keep no time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; raise ValueError for a time without a zone."""
        del dialect
        if value is not None and value.tzinfo is None:
            raise ValueError("the ledger keeps moments: give the time its zone")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment as an aware time."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ledger = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only in a column that is exactly INTEGER.
Number = BigInteger().with_variant(Integer, "sqlite")


def _id() -> Column[Any]:
    return Column("id", Number, primary_key=True)


runs = Table(
    "runs",
    ledger,
    _id(),
    Column("bot", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("by", String, nullable=False),
    Column("started", UtcDateTime, nullable=False),
    Column("finished", UtcDateTime),
    Column("summary", JSON),
    Index(None, "bot", "finished"),
)

documents = Table(
    "documents",
    ledger,
    _id(),
    Column("bot", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("name", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reason", Text),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("bot", "sha256"),
)

work_items = Table(
    "work_items",
    ledger,
    _id(),
    Column("bot", String, nullable=False),
    Column("reference", String, nullable=False, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("priority", Integer, nullable=False),
    Column("deadline", UtcDateTime),
    Column("postponed_until", UtcDateTime),
    Column("run_id", ForeignKey("runs.id"), nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    # Last: looking for the next work item then reads no records.
    Column("record", JSON, nullable=False),
    UniqueConstraint("bot", "reference"),
)

transactions = Table(
    "transactions",
    ledger,
    _id(),
    Column("work_item_id", ForeignKey("work_items.id"), nullable=False),
    Column("entry", String, nullable=False),
    Column("system", String, nullable=False),
    Column("status", String, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("not_before", UtcDateTime),
    Column("promised", UtcDateTime),
    Column("reason", Text),
    Column("receipt", JSON, nullable=False),
    # What its search looks for, hashed: two that look for the same must not be under way at once.
    Column("looks_for", String(64)),
    Column("owner", String, index=True),
    Column("fence", Integer, nullable=False),
    Column("changed", UtcDateTime, nullable=False),
    # The run whose worker took it last; the work item's run is the one that found it.
    Column("run_id", ForeignKey("runs.id")),
    # The moment of the promise by the machine's own running time, which no change of the clock touches.
    Column("uptime", String),
    # How many workers died while they had it under way, and how often it was entered again by itself.
    Column("deaths", Integer, nullable=False, server_default="0"),
    Column("entered_again", Integer, nullable=False, server_default="0"),
    # Since when (by uptime) a restored ledger may have forgotten a press of it; empty otherwise.
    Column("unsure", String),
    UniqueConstraint("work_item_id", "entry"),
    Index(None, "status", "system"),
)

dependencies = Table(
    "dependencies",
    ledger,
    Column("transaction_id", ForeignKey("transactions.id"), primary_key=True),
    Column("needs_id", ForeignKey("transactions.id"), primary_key=True),
)

systems = Table(
    "systems",
    ledger,
    Column("system", String, primary_key=True),
    # Application exceptions in a row.
    Column("failures", Integer, nullable=False),
    Column("paused", UtcDateTime),
    Column("reason", Text),
    # When one transaction is let through to try; a paused system without it waits for a person.
    Column("next_probe", UtcDateTime),
    Column("probes", Integer, nullable=False),
)

restores = Table(
    "restores",
    ledger,
    _id(),
    Column("at", UtcDateTime, nullable=False),
    Column("uptime", String, nullable=False),
)

intake = Table(
    "intake",
    ledger,
    _id(),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("bot", String, nullable=False, index=True),
    Column("document", String(64), nullable=False),
    Column("place", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("reference", String, nullable=False),
    Column("work_item_id", ForeignKey("work_items.id"), nullable=False),
    Column("reason", Text),
    Column("record", JSON(none_as_null=True)),
    Column("fingerprint", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

audit_entries = Table(
    "audit_entries",
    ledger,
    Column("seq", Number, primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("leaf", LargeBinary(32), nullable=False),
    Column("reference", String, index=True),
)

audit_head = Table(
    "audit_head",
    ledger,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("size", Number, nullable=False),
    Column("peaks", LargeBinary, nullable=False),
)

checkpoints = Table(
    "checkpoints",
    ledger,
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("peaks", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False),
)
