"""Why a run could not do its work."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Add the column."""
    op.add_column("runs", sa.Column("reason", sa.Text))
