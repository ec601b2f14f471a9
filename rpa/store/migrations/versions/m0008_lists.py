"""Indexes under the long lists of the console: what stands where, for how long, and the work of a run."""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the indexes; the one by the run alone is part of a wider one."""
    op.drop_index("ix_transactions_run_id", "transactions")
    for columns in (
        ("status", "changed"),
        ("status", "work_item_id"),
        ("run_id", "entry", "status", "work_item_id"),
    ):
        op.create_index(f"ix_transactions_{'_'.join(columns)}", "transactions", list(columns))
