"""The roles of a ledger on PostgreSQL, and what each may do in it.

The owner has the tables and their triggers, and changes them. Workers, service and console sign in as the app: it
does what the code does, and can neither change nor drop what is in the log. The auditor reads the log alone.
Rights are given anew in all tables that are there whenever the owner migrates, so that later tables have theirs.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import Connection, text

from rpa.errors import SetupError
from rpa.store.schema import LOG, ledger

READ = frozenset({"SELECT"})
ADD = READ | {"INSERT"}
CHANGE = ADD | {"UPDATE"}
ALL = CHANGE | {"DELETE"}

DELETED_FROM = frozenset({"sessions", "second_factors", "settings"})
"""Tables of the ledger from which work deletes; an erasure, and another project's key, are the owner's."""

APP: Mapping[str, frozenset[str]] = {
    **{table: ALL if table in DELETED_FROM else CHANGE for table in ledger.tables},
    **dict.fromkeys(LOG, ADD),
    "audit_head": READ | {"UPDATE"},
    "kept_keys": READ,
    "alembic_version": READ,
}
"""Rights by table; in others of the same schema, such as those of a queue, the app has `ALL`."""

AUDITOR: Mapping[str, frozenset[str]] = dict.fromkeys(
    # The kept key is sealed under the project's, which the auditor has not; opening a ledger looks for it.
    (*LOG, "audit_head", "kept_keys", "alembic_version"),
    READ,
)

RIGHTS = ["SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER"]

TABLES = text(
    "SELECT relname, CAST(pg_get_userbyid(relowner) AS text) FROM pg_class"
    " WHERE relnamespace = CAST(current_schema() AS regnamespace) AND relkind = ANY(CAST(:kinds AS text[]))"
)
MEMBER = text("SELECT pg_has_role(oid, 'MEMBER'), CAST(current_user AS text) FROM pg_roles WHERE rolname = :role")
MIGHTY = text(
    "SELECT rolsuper OR rolcreaterole OR pg_has_role(oid, CAST(:owner AS name), 'MEMBER')"
    " FROM pg_roles WHERE rolname = :role"
)
HELD = text(
    "SELECT t.name, r.name FROM unnest(CAST(:tables AS text[])) AS t (name)"
    " CROSS JOIN unnest(CAST(:rights AS text[])) AS r (name)"
    " WHERE has_table_privilege(CAST(:role AS name), format('%I.%I', current_schema(), t.name), r.name)"
    " ORDER BY t.name, r.name"
)
MAKES = text("SELECT has_schema_privilege(CAST(:role AS name), current_schema(), 'CREATE')")

MISSING = 'there is no role {role} in {name}: let an administrator make it, by CREATE ROLE "{role}" LOGIN'
NOT_MEMBER = (
    "{user} may not act as {role}, who owns the tables of {name}: sign in as the owner, by RPA_DATABASE_CREDENTIAL"
    " or by the user of RPA_DATABASE"
)
OTHER_OWNER = (
    "the table {table} of {name} belongs to {user}, not to {role}: name {user} as `owner` under [database_roles],"
    ' or let an administrator give the tables away, by REASSIGN OWNED BY "{user}" TO "{role}"'
)
MIGHTY_ROLE = (
    "{role} is an administrator of {name}, may make roles, or may act as {owner}: it could drop the triggers of"
    " the log; name one that can't"
)
TOO_MUCH = (
    "{role} has the right {right} in {table} of {name} by other ways than its own: let an administrator take it"
    " from PUBLIC and from the roles that {role} is a member of"
)


class Roles(NamedTuple):
    """Their names in the database; without an auditor, nobody reads the log alone."""

    owner: str
    app: str
    auditor: str | None = None


def may_act_as_owner(connection: Connection, roles: Roles) -> bool:
    """Tell whether this account is the owner, a member of it, or an administrator."""
    found = connection.execute(MEMBER, {"role": roles.owner}).first()
    return found is not None and bool(found[0])


def act_as_owner(connection: Connection, roles: Roles, name: str) -> None:
    """Be the owner for the rest of the transaction; raise `SetupError` for an account that may not."""
    found = connection.execute(MEMBER, {"role": roles.owner}).first()
    if found is None:
        raise SetupError(MISSING.format(role=roles.owner, name=name))
    if not found[0]:
        raise SetupError(NOT_MEMBER.format(user=found[1], role=roles.owner, name=name))
    connection.execute(text(f"SET LOCAL ROLE {_quoted(connection, roles.owner)}"))


def grant(connection: Connection, roles: Roles, name: str) -> None:
    """Give each role its rights in all tables that are there, and nothing else; the connection acts as the owner.

    Raises `SetupError` for a role that is missing, or that has rights from elsewhere which it must not have.
    """
    own = _own_tables(connection, roles.owner, name)
    app = {table: APP.get(table, ALL) for table in own}
    for role, rights in ((roles.app, app), (roles.auditor, AUDITOR)):
        if role is not None:
            _require_weak(connection, role, roles.owner, name)
            _give(connection, role, {table: rights.get(table, frozenset()) for table in own})
            _require_no_more(connection, role, {table: rights.get(table, frozenset()) for table in own}, name)
    numbers = [name for name, user in _owners(connection, "S").items() if user == roles.owner]
    _do(connection, "GRANT USAGE, SELECT ON SEQUENCE", numbers, f"TO {_quoted(connection, roles.app)}")


def _own_tables(connection: Connection, owner: str, name: str) -> list[str]:
    """Return the owner's tables; raise `SetupError` where one of the ledger's is another's."""
    owners = _owners(connection, "r", "p")
    for table, user in owners.items():
        if table in APP and user != owner:
            raise SetupError(OTHER_OWNER.format(table=table, name=name, user=user, role=owner))
    return [table for table, user in owners.items() if user == owner]


def _require_weak(connection: Connection, role: str, owner: str, name: str) -> None:
    mighty = connection.execute(MIGHTY, {"role": role, "owner": owner}).scalar()
    if mighty is None:
        raise SetupError(MISSING.format(role=role, name=name))
    if mighty:
        raise SetupError(MIGHTY_ROLE.format(role=role, owner=owner, name=name))


def _give(connection: Connection, role: str, wanted: Mapping[str, Collection[str]]) -> None:
    quoted = _quoted(connection, role)
    _do(connection, "REVOKE ALL ON TABLE", wanted, f"FROM {quoted}")
    for table, rights in wanted.items():
        if rights:
            _do(connection, f"GRANT {', '.join(sorted(rights))} ON TABLE", [table], f"TO {quoted}")


def _require_no_more(connection: Connection, role: str, wanted: Mapping[str, Collection[str]], name: str) -> None:
    asked = {"role": role, "tables": list(wanted), "rights": RIGHTS}
    for table, right in connection.execute(HELD, asked):
        if right not in wanted[table]:
            raise SetupError(TOO_MUCH.format(role=role, right=right, table=table, name=name))
    if connection.execute(MAKES, {"role": role}).scalar_one():
        schema = f"the schema {_schema(connection)}"
        raise SetupError(TOO_MUCH.format(role=role, right="CREATE", table=schema, name=name))


def _owners(connection: Connection, *kinds: str) -> Mapping[str, str]:
    return {row[0]: row[1] for row in connection.execute(TABLES, {"kinds": list(kinds)})}


def _do(connection: Connection, before: str, names: Collection[str], after: str) -> None:
    if names:
        connection.execute(text(f"{before} {', '.join(_quoted(connection, name) for name in names)} {after}"))


def _schema(connection: Connection) -> str:
    return _quoted(connection, connection.execute(text("SELECT current_schema()")).scalar_one())


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)
