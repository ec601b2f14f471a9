"""The language that somebody chose for the console's pages: nobody has chosen one yet."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Add the column."""
    op.add_column("users", sa.Column("language", sa.String(8)))
