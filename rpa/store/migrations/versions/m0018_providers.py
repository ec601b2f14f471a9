"""Accounts that an identity provider looks after."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns and their index."""
    op.add_column("users", sa.Column("issuer", sa.String))
    op.add_column("users", sa.Column("subject", sa.String))
    op.create_index("ix_users_issuer_subject", "users", ["issuer", "subject"], unique=True)
