"""How often a person decided about a transaction; what was decided before stands in the log alone."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the column."""
    op.add_column("transactions", sa.Column("decided", sa.Integer, nullable=False, server_default="0"))
