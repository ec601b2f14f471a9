"""What people correct in a record, or ask a second person for; and how often a record's content was replaced."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import Number, UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the table and the count."""
    op.add_column("work_items", sa.Column("revision", sa.Integer, nullable=False, server_default="1"))
    op.create_table(
        "changes",
        sa.Column("id", Number, nullable=False),
        sa.Column("work_item_id", Number, nullable=False),
        sa.Column("transaction_id", Number),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("fields", sa.JSON, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("asked_by", sa.JSON, nullable=False),
        sa.Column("asked", UtcDateTime, nullable=False),
        sa.Column("decided_by", sa.JSON),
        sa.Column("decided", UtcDateTime),
        sa.Column("looks_for", sa.JSON, nullable=False),
        sa.Column("before_subject_id", Number),
        sa.Column("before_fingerprint", sa.String(64), nullable=False),
        sa.Column("before", sa.LargeBinary),
        sa.Column("subject_id", Number),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("record", sa.LargeBinary),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_items.id"], name="fk_changes_work_item_id"),
        sa.ForeignKeyConstraint(["transaction_id"], ["transactions.id"], name="fk_changes_transaction_id"),
    )
    for column in ("work_item_id", "state", "before_subject_id", "subject_id"):
        op.create_index(f"ix_changes_{column}", "changes", [column])
