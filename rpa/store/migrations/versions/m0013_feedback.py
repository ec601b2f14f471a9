"""What staff say is wrong with a bot, or with what it said of a record."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import Number, UtcDateTime

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "feedback",
        sa.Column("id", Number, nullable=False),
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("work_item_id", Number),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by", sa.JSON, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["work_item_id"], ["work_items.id"], name="fk_feedback_work_item_id"),
    )
    op.create_index("ix_feedback_bot", "feedback", ["bot"])
