"""The ledger's first tables; the audit log refuses changes by itself."""

import sqlalchemy as sa
from alembic import op

from rpa.store.migrations.triggers import only_added_to
from rpa.store.schema import UtcDateTime

revision = "0001"
down_revision = None

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")

APPEND_ONLY = ("audit_entries", "checkpoints")


def upgrade() -> None:
    """Make the tables, the triggers and the empty log."""
    _runs_and_documents()
    _work()
    _intake()
    _audit()
    for table in APPEND_ONLY:
        only_added_to(table)


def _runs_and_documents() -> None:
    op.create_table(
        "runs",
        sa.Column("id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("by", sa.String, nullable=False),
        sa.Column("started", UtcDateTime, nullable=False),
        sa.Column("finished", UtcDateTime),
        sa.Column("summary", sa.JSON),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_bot_finished", "runs", ["bot", "finished"])
    op.create_table(
        "documents",
        sa.Column("id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("run_id", Number, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_documents_run_id"),
        sa.UniqueConstraint("bot", "sha256", name="uq_documents_bot_sha256"),
    )


def _work() -> None:
    op.create_table(
        "work_items",
        sa.Column("id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("deadline", UtcDateTime),
        sa.Column("postponed_until", UtcDateTime),
        sa.Column("run_id", Number, nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("record", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_work_items"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_work_items_run_id"),
        sa.UniqueConstraint("bot", "reference", name="uq_work_items_bot_reference"),
    )
    op.create_index("ix_work_items_reference", "work_items", ["reference"])
    op.create_table(
        "transactions",
        sa.Column("id", Number, nullable=False),
        sa.Column("work_item_id", Number, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("not_before", UtcDateTime),
        sa.Column("promised", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.Column("receipt", sa.JSON, nullable=False),
        sa.Column("looks_for", sa.String(64)),
        sa.Column("owner", sa.String),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("changed", UtcDateTime, nullable=False),
        sa.Column("run_id", Number),
        sa.PrimaryKeyConstraint("id", name="pk_transactions"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_items.id"], name="fk_transactions_work_item_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_transactions_run_id"),
        sa.UniqueConstraint("work_item_id", "entry", name="uq_transactions_work_item_id_entry"),
    )
    op.create_index("ix_transactions_owner", "transactions", ["owner"])
    op.create_index("ix_transactions_status_system", "transactions", ["status", "system"])
    op.create_table(
        "dependencies",
        sa.Column("transaction_id", Number, nullable=False),
        sa.Column("needs_id", Number, nullable=False),
        sa.PrimaryKeyConstraint("transaction_id", "needs_id", name="pk_dependencies"),
        sa.ForeignKeyConstraint(["transaction_id"], ["transactions.id"], name="fk_dependencies_transaction_id"),
        sa.ForeignKeyConstraint(["needs_id"], ["transactions.id"], name="fk_dependencies_needs_id"),
    )


def _intake() -> None:
    op.create_table(
        "intake",
        sa.Column("id", Number, nullable=False),
        sa.Column("run_id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("document", sa.String(64), nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("outcome", sa.String, nullable=False),
        sa.Column("reference", sa.String, nullable=False),
        sa.Column("work_item_id", Number, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("record", sa.JSON),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_intake_run_id"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_items.id"], name="fk_intake_work_item_id"),
    )
    op.create_index("ix_intake_run_id", "intake", ["run_id"])
    op.create_index("ix_intake_bot", "intake", ["bot"])


def _audit() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", Number, autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("leaf", sa.LargeBinary(32), nullable=False),
        sa.Column("reference", sa.String),
        sa.PrimaryKeyConstraint("seq", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_reference", "audit_entries", ["reference"])
    head = op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("size", Number, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
    )
    op.bulk_insert(head, [{"id": 1, "size": 0, "peaks": b""}])
    op.create_table(
        "checkpoints",
        sa.Column("size", Number, autoincrement=False, nullable=False),
        sa.Column("peaks", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_checkpoints"),
    )
