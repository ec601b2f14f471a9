"""What lets tables only be added to, in the words of each database."""

from collections.abc import Mapping, Sequence

from alembic import op

REFUSAL = "the audit log is only added to"

SAME: Mapping[str, str] = {"sqlite": "IS", "postgresql": "IS NOT DISTINCT FROM"}

BEGIN: Mapping[str, str] = {
    "sqlite": f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "postgresql": "EXECUTE FUNCTION keyonce_refuse()",
}
EACH_ROW: Mapping[str, str] = {"sqlite": "", "postgresql": "FOR EACH ROW"}

FUNCTION = (
    "CREATE OR REPLACE FUNCTION keyonce_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
)


def only_added_to(table: str) -> None:
    """Refuse every change and deletion of the table's rows."""
    if _dialect() == "postgresql":  # alone in emptying a table by another statement
        op.execute(FUNCTION)
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION keyonce_refuse()"
        )
    for change in ("UPDATE", "DELETE"):
        refuse(table, change)


def refuse(table: str, change: str, *, unless: str = "") -> None:
    """Refuse a kind of change of the table's rows, *unless* a condition holds of OLD and NEW."""
    dialect = _dialect()
    when = f"WHEN (NOT ({unless}))" if unless else ""
    op.execute(
        f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
        f" {EACH_ROW[dialect]} {when} {BEGIN[dialect]}"
    )


def allow(table: str, change: str) -> None:
    """Refuse it no more."""
    on = f" ON {table}" if _dialect() == "postgresql" else ""
    op.execute(f"DROP TRIGGER {table}_no_{change.lower()}{on}")


def unchanged(columns: Sequence[str]) -> str:
    """Return the condition that these columns stay what they are."""
    same = SAME[_dialect()]
    return " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in columns)


def _dialect() -> str:
    return op.get_bind().dialect.name
