"""When the person of a record was born, hidden: what came before is known by its subject alone."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column and its index."""
    op.add_column("work_items", sa.Column("born", sa.String(64)))
    op.create_index("ix_work_items_born", "work_items", ["born"])
