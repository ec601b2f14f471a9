"""The tables of the ledger. A change here is a new migration and a new `REVISION`."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
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

REVISION = "0023"
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


LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_OF_ALL = "1970-01-01 00:00:00.000000"

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
    # Why it could not do its work, if so.
    Column("reason", Text),
    Column("addresses", String(64)),
    Column("stopped", Boolean),
    # Whether all documents that lay there are on the ledger, and not only those that a trigger named.
    Column("read_all", Boolean),
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

subjects = Table(
    "subjects",
    ledger,
    _id(),
    Column("bot", String, nullable=False),
    # Who it is, hidden: found by whoever can name them, read by nobody.
    Column("name", String(64), nullable=False),
    # What opens the records of the subject; without this row nothing does.
    Column("key", LargeBinary, nullable=False),
    UniqueConstraint("bot", "name"),
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
    # When people were told that it will probably miss its deadline.
    Column("warned", UtcDateTime),
    Column("postponed_until", UtcDateTime),
    Column("run_id", ForeignKey("runs.id"), nullable=False, index=True),
    Column("created", UtcDateTime, nullable=False),
    # Whom it is about, and when its content was erased: then it has neither subject nor content.
    Column("subject_id", Number, index=True),
    Column("erased", UtcDateTime),
    # How often its content was put in the place of another, counted from 1: what somebody saw may be old.
    Column("revision", Integer, nullable=False, server_default="1"),
    # When the person was born, hidden as the name of a subject is; empty where the bot does not say.
    Column("born", String(64), index=True),
    # Under the subject's key: the salt of the commitments in the audit log, and the record.
    Column("salt", LargeBinary),
    # Last: looking for the next work item then reads no records.
    Column("record", LargeBinary),
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
    # How often a person decided about it, or about its record.
    Column("decided", Integer, nullable=False, server_default="0"),
    # The earliest is taken first: of its work item's priority, deadline and age.
    Column("turn", UtcDateTime, nullable=False, server_default=FIRST_OF_ALL),
    # That of its work item, so that nobody who counts has to read those.
    Column("bot", String, nullable=False, server_default=""),
    # When a worker began it last.
    Column("began", UtcDateTime),
    UniqueConstraint("work_item_id", "entry"),
    Index(None, "status", "system", "turn"),
    Index(None, "status", "changed"),
    Index(None, "status", "work_item_id"),
    Index(None, "run_id", "entry", "status", "work_item_id"),
    Index(None, "bot", "system", "entry", "status", "work_item_id"),
)

# How many transactions came to an end by a worker within so many seconds, and how long they took together.
durations = Table(
    "durations",
    ledger,
    Column("bot", String, primary_key=True),
    Column("system", String, primary_key=True),
    Column("status", String, primary_key=True),
    # At most so many seconds, and more than the next smaller one.
    Column("le", String(8), primary_key=True),
    Column("ended", BigInteger, nullable=False),
    Column("milliseconds", BigInteger, nullable=False),
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

schedules = Table(
    "schedules",
    ledger,
    Column("schedule", String, primary_key=True),
    # A hash of what says when it runs: the times of another clock were not missed.
    Column("clock", String(64), nullable=False),
    # Up to when its times are written down.
    Column("since", UtcDateTime, nullable=False),
    Column("paused", UtcDateTime),
    Column("reason", Text),
)

# Who fires is decided here: whoever writes the row first. The name is that of a schedule or a trigger; nominal is
# the local time that is meant, or what came.
occurrences = Table(
    "occurrences",
    ledger,
    Column("name", String, primary_key=True),
    Column("nominal", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("bot", String, nullable=False),
    Column("due", UtcDateTime, nullable=False),
    Column("state", String, nullable=False),
    Column("reason", Text),
    Column("files", JSON, nullable=False),
    Column("owner", String),
    Column("told_to_stop", Boolean, nullable=False),
    Column("deaths", Integer, nullable=False),
    Column("run_id", ForeignKey("runs.id")),
    Column("changed", UtcDateTime, nullable=False),
    Index(None, "state", "due"),
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
    # Of a revision: how urgent it is, whom it is about, and under their key its content.
    Column("priority", Integer),
    Column("deadline", UtcDateTime),
    Column("subject_id", Number, index=True),
    Column("record", LargeBinary),
    Column("fingerprint", String(64), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

# Of forms that people bring by themselves: who knows both number and second fact finds the row.
receipts = Table(
    "receipts",
    ledger,
    # A keyed hash of the number and the fact.
    Column("id", String(64), primary_key=True),
    Column("bot", String, nullable=False),
    Column("document", String(64), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
)

# What a person has changed of a work item, or asks a second person for.
changes = Table(
    "changes",
    ledger,
    _id(),
    Column("work_item_id", ForeignKey("work_items.id"), nullable=False, index=True),
    # What is to be sent again, where that is all; fields are corrected otherwise.
    Column("transaction_id", ForeignKey("transactions.id")),
    Column("state", String, nullable=False, index=True),
    # The revision of the work item that the person saw, and the names of the fields that were corrected.
    Column("revision", Integer, nullable=False),
    Column("fields", JSON, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", JSON, nullable=False),
    Column("asked", UtcDateTime, nullable=False),
    Column("decided_by", JSON),
    Column("decided", UtcDateTime),
    # How urgent it is then.
    Column("priority", Integer),
    Column("deadline", UtcDateTime),
    # By entry, what its search looks for then, hashed.
    Column("looks_for", JSON, nullable=False),
    # The content before and after, each under the key of whom it is then about; nothing of it once it was erased.
    Column("before_subject_id", Number, index=True),
    Column("before_fingerprint", String(64), nullable=False),
    Column("before", LargeBinary),
    Column("subject_id", Number, index=True),
    Column("fingerprint", String(64), nullable=False),
    Column("record", LargeBinary),
)

# What staff say is wrong with a bot, or with what it said of a record.
feedback = Table(
    "feedback",
    ledger,
    _id(),
    Column("bot", String, nullable=False),
    # The exception's words; none where it is about the bot as a whole.
    Column("about", Text, nullable=False),
    Column("work_item_id", ForeignKey("work_items.id")),
    Column("words", Text, nullable=False),
    Column("by", JSON, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Index(None, "bot"),
)

users = Table(
    "users",
    ledger,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", JSON, nullable=False),
    # Argon2id, with its salt and costs.
    Column("password", Text, nullable=False),
    Column("created", UtcDateTime, nullable=False),
    Column("disabled", UtcDateTime),
    # The code of the language chosen for the console's pages; NULL where the browser says it.
    Column("language", String(8)),
    # The identity provider that looks after the account, and its own name for the person; no password then.
    Column("issuer", String),
    Column("subject", String),
    Index(None, "issuer", "subject", unique=True),
)

sessions = Table(
    "sessions",
    ledger,
    # SHA-256 of what the browser holds: who reads the ledger can't go on with anybody's session.
    Column("token", String(64), primary_key=True),
    Column("user_id", ForeignKey("users.id"), nullable=False, index=True),
    Column("began", UtcDateTime, nullable=False),
    Column("seen", UtcDateTime, nullable=False),
)

second_factors = Table(
    "second_factors",
    ledger,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    # Under a key of its own, wrapped by the project's, what the person's device knows.
    Column("key", LargeBinary, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    # The newest time step of which a code was used: no code holds twice.
    Column("used", Integer, nullable=False),
    # SHA-256 of the codes for a lost device that are left.
    Column("codes", JSON, nullable=False),
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

cosignatures = Table(
    "cosignatures",
    ledger,
    # The size of the checkpoint that a witness has seen, and the line by which it says so.
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("witness", String, primary_key=True),
    Column("line", Text, nullable=False),
)

settings = Table(
    "settings",
    ledger,
    # By name, what the log told last of how this machine is set up; no secret.
    Column("name", String, primary_key=True),
    Column("value", Text, nullable=False),
)

key_changes = Table(
    "key_changes",
    ledger,
    # How many entries the key before signed last, and the note by which both keys say so.
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
)

timestamps = Table(
    "timestamps",
    ledger,
    # The size of the checkpoint, and what a timestamping authority answered (RFC 3161, DER).
    Column("size", Number, primary_key=True, autoincrement=False),
    Column("place", String, primary_key=True),
    Column("token", LargeBinary, nullable=False),
)

kept_keys = Table(
    "kept_keys",
    ledger,
    # Under the project's key, since that was changed: the key by which values are found without being read.
    Column("use", String, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
)

LOG = (audit_entries.name, checkpoints.name, cosignatures.name, key_changes.name, timestamps.name)
"""The tables that are only added to."""
