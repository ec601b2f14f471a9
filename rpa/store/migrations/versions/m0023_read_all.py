"""Which runs have read all documents, of those before nobody knows; and nobody owns what has ended.

What the system refused in words, and nobody sent again, holds nothing of the record and may be corrected.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

LET_GO = "UPDATE transactions SET owner = NULL WHERE status NOT IN ('new', 'in_progress', 'submitting')"
REJECTED = sa.text(
    "SELECT id, receipt FROM transactions WHERE status = 'rejected' AND promised IS NOT NULL AND decided = 0"
).columns(sa.column("id", sa.Integer), sa.column("receipt", sa.JSON))
REFUSED = sa.text("UPDATE transactions SET promised = NULL WHERE id = :id")


def upgrade() -> None:
    """Add the column, and let go what a person decided while a worker had it in hand."""
    op.add_column("runs", sa.Column("read_all", sa.Boolean))
    op.execute(LET_GO)
    connection = op.get_bind()
    for row in connection.execute(REJECTED).all():
        if row.receipt.get("refusal") is not None and not row.receipt.get("verdicts"):
            connection.execute(REFUSED, {"id": row.id})
