"""The content of an audit entry may be dropped once its time is over; nothing else of it may change."""

from rpa.store.migrations.triggers import allow, refuse, unchanged

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Let the trigger pass what drops a body and nothing else."""
    allow("audit_entries", "UPDATE")
    dropped = f"length(NEW.body) = 0 AND {unchanged(('seq', 'leaf', 'reference'))}"
    refuse("audit_entries", "UPDATE", unless=dropped)
