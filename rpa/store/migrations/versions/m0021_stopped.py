"""Which runs were told to stop, and where they take their systems to be: of those before nobody knows."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("runs", sa.Column("addresses", sa.String(64)))
    op.add_column("runs", sa.Column("stopped", sa.Boolean))
