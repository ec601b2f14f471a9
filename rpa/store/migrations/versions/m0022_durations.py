"""Whose transactions are whose without a look at the records, when each was begun, and how long they took."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import UtcDateTime

revision = "0022"
down_revision = "0021"

BOTS = "UPDATE transactions SET bot = (SELECT bot FROM work_items WHERE work_items.id = transactions.work_item_id)"


def upgrade() -> None:
    """Add the columns, give each transaction its bot, and add the table."""
    op.add_column("transactions", sa.Column("bot", sa.String, nullable=False, server_default=""))
    op.add_column("transactions", sa.Column("began", UtcDateTime))
    op.execute(BOTS)
    by_bot = ["bot", "system", "entry", "status", "work_item_id"]
    op.create_index("ix_transactions_bot_system_entry_status_work_item_id", "transactions", by_bot)
    op.create_table(
        "durations",
        sa.Column("bot", sa.String, nullable=False),
        sa.Column("system", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("le", sa.String(8), nullable=False),
        sa.Column("ended", sa.BigInteger, nullable=False),
        sa.Column("milliseconds", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("bot", "system", "status", "le", name="pk_durations"),
    )
