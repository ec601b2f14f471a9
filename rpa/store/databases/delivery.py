"""The queue of Procrastinate in the ledger's own database: its tables, and the trigger that puts work on it.

Whatever writes a transaction so that a worker may take it puts a job on the queue of its system, in the same
commit, by a trigger of the database: no code of ours can forget it, and no job tells of what was never written. A
job says that there is work in a system, and nothing else; the ledger decides what it is, and whose.
"""

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, inspect

TASK = "work"
"""The name of the jobs' task."""

FREE = "NEW.owner IS NULL AND NEW.status IN ('new', 'in_progress', 'submitting')"

CHANGED = "(OLD.owner, OLD.status, OLD.not_before) IS DISTINCT FROM (NEW.owner, NEW.status, NEW.not_before)"

TELL = f"""
CREATE FUNCTION keyonce_tell_workers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {FREE} THEN
        INSERT INTO procrastinate_jobs (queue_name, task_name, scheduled_at)
            VALUES (NEW.system, '{TASK}', CASE WHEN NEW.not_before > now() THEN NEW.not_before END);
    ELSIF NEW.status IN ('confirmed', 'already_entered') THEN
        INSERT INTO procrastinate_jobs (queue_name, task_name)
            SELECT waits.system, '{TASK}' FROM dependencies JOIN transactions waits ON waits.id = transaction_id
            WHERE needs_id = NEW.id AND waits.status = 'new';
    END IF;
    RETURN NULL;
END $$
"""  # noqa: S608  # all of it is fixed text

ADDED = (
    "CREATE TRIGGER keyonce_added AFTER INSERT ON transactions"
    " FOR EACH ROW EXECUTE FUNCTION keyonce_tell_workers()"
)
MOVED = (
    "CREATE TRIGGER keyonce_moved AFTER UPDATE OF owner, status, not_before ON transactions"
    f" FOR EACH ROW WHEN ({CHANGED}) EXECUTE FUNCTION keyonce_tell_workers()"
)


def lay(connection: Connection) -> None:
    """Make the queue, unless another process was quicker."""
    if not inspect(connection).has_table("procrastinate_jobs"):
        for statement in (SchemaManager.get_schema(), TELL, ADDED, MOVED):
            connection.connection.cursor().execute(statement.encode())
