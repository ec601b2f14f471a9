"""The settings that the log told last, changes of its signing key, and what timestamping authorities said."""

import sqlalchemy as sa
from alembic import op

from rpa.store.migrations.triggers import only_added_to

revision = "0009"
down_revision = "0008"

Number = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the tables; what belongs to the log is only added to."""
    op.create_table(
        "settings",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_settings"),
    )
    op.create_table(
        "key_changes",
        sa.Column("size", Number, autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("size", name="pk_key_changes"),
    )
    op.create_table(
        "timestamps",
        sa.Column("size", Number, autoincrement=False, nullable=False),
        sa.Column("place", sa.String, nullable=False),
        sa.Column("token", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("size", "place", name="pk_timestamps"),
    )
    for table in ("key_changes", "timestamps"):
        only_added_to(table)
