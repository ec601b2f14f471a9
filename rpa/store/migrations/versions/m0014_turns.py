"""When the turn of each transaction is, how urgent revisions and changes are, of which deadlines was told."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import FIRST_OF_ALL, UtcDateTime

revision = "0014"
down_revision = "0013"

# Nothing had a priority or a deadline before.
TURNS = (
    "UPDATE transactions SET turn = (SELECT {} FROM work_items WHERE work_items.id = transactions.work_item_id)"
)
IN_30_DAYS = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%f000', created, '+30 days')",
    "postgresql": "created + interval '30 days'",
}


def upgrade() -> None:
    """Add the columns and give each transaction its turn."""
    op.add_column("transactions", sa.Column("turn", UtcDateTime, nullable=False, server_default=FIRST_OF_ALL))
    op.add_column("work_items", sa.Column("warned", UtcDateTime))
    for table in ("intake", "changes"):
        op.add_column(table, sa.Column("priority", sa.Integer))
        op.add_column(table, sa.Column("deadline", UtcDateTime))
    op.execute(TURNS.format(IN_30_DAYS[op.get_bind().dialect.name]))
    op.drop_index("ix_transactions_status_system", "transactions")
    op.create_index("ix_transactions_status_system_turn", "transactions", ["status", "system", "turn"])
