"""Systems whose work waits, deaths and re-entries that are counted, promises dated by uptime, restored ledgers."""

import sqlalchemy as sa
from alembic import op

from rpa.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables and columns."""
    op.create_table(
        "systems",
        sa.Column("system", sa.String, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("paused", UtcDateTime),
        sa.Column("reason", sa.Text),
        sa.Column("next_probe", UtcDateTime),
        sa.Column("probes", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("system", name="pk_systems"),
    )
    op.create_table(
        "restores",
        sa.Column("id", Number, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("uptime", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restores"),
    )
    op.add_column("transactions", sa.Column("uptime", sa.String))
    op.add_column("transactions", sa.Column("deaths", sa.Integer, nullable=False, server_default="0"))
    op.add_column("transactions", sa.Column("entered_again", sa.Integer, nullable=False, server_default="0"))
    op.add_column("transactions", sa.Column("unsure", sa.String))
