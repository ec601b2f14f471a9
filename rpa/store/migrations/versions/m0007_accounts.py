"""Who signs in to the console, their sessions, and indexes that find the work of a run."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add the tables and the indexes."""
    op.create_table(
        "users",
        sa.Column("id", sa.String, nullable=False),
        sa.Column("name", sa.String, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created", UtcDateTime, nullable=False),
        sa.Column("disabled", UtcDateTime),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
    )
    op.create_table(
        "sessions",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("user_id", sa.String, nullable=False),
        sa.Column("began", UtcDateTime, nullable=False),
        sa.Column("seen", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("token", name="pk_sessions"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_sessions_user_id"),
    )
    op.create_index("ix_sessions_user_id", "sessions", ["user_id"])
    op.create_index("ix_work_items_run_id", "work_items", ["run_id"])
    op.create_index("ix_transactions_run_id", "transactions", ["run_id"])
