"""Which runs have read all documents, of those before nobody knows; and nobody owns what has ended."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

LET_GO = "UPDATE transactions SET owner = NULL WHERE status NOT IN ('new', 'in_progress', 'submitting')"


def upgrade() -> None:
    """Add the column, and let go what a person decided while a worker had it in hand."""
    op.add_column("runs", sa.Column("read_all", sa.Boolean))
    op.execute(LET_GO)
