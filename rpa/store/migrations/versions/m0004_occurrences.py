"""What runs by itself: schedules, and what became of each of their times and of what came to triggers."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import UtcDateTime

revision = "0004"
down_revision = "0003"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "schedules",
        sa.Column("schedule", sa.String, nullable=False),
        sa.Column("clock", sa.String(64), nullable=False),
        sa.Column("since", UtcDateTime, nullable=False),
        sa.Column("paused", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.PrimaryKeyConstraint("schedule", name="pk_schedules"),
    )
    op.create_table(
        "occurrences",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("nominal", sa.String, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("due", UtcDateTime, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("reason", sa.Text),
        sa.Column("files", sa.JSON, nullable=False),
        sa.Column("owner", sa.String),
        sa.Column("told_to_stop", sa.Boolean, nullable=False),
        sa.Column("deaths", sa.Integer, nullable=False),
        sa.Column("run_id", Number),
        sa.Column("changed", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("name", "nominal", name="pk_occurrences"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_occurrences_run_id"),
    )
    op.create_index("ix_occurrences_state_due", "occurrences", ["state", "due"])
