"""What witnesses said of the log's checkpoints; only added to, as the log itself."""

import sqlalchemy as sa
from alembic import op

from rpa.store.migrations.triggers import only_added_to

revision = "0005"
down_revision = "0004"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the table and its triggers."""
    op.create_table(
        "cosignatures",
        sa.Column("size", Number, autoincrement=False, nullable=False),
        sa.Column("witness", sa.String, nullable=False),
        sa.Column("line", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("size", "witness", name="pk_cosignatures"),
    )
    only_added_to("cosignatures")
