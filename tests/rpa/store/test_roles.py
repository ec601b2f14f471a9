"""The roles of a ledger on PostgreSQL: work goes on as the app, which can't touch what is in the log."""

import ast
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rpa.errors import SetupError
from rpa.production import refuse_owner
from rpa.settings.settings import Settings
from rpa.store.databases.postgresql import PostgresLedger
from rpa.store.databases.roles import APP, DELETED_FROM, Roles
from rpa.store.migrate import migrate
from rpa.store.opening import connected
from rpa.store.schema import LOG, REVISION, ledger
from rpa.store.store import Store
from rpa.work import Status
from tests.postgresql import server
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, ROOT, begun, new_item

BACK = f"UPDATE alembic_version SET version_num = '{REVISION}'"  # noqa: S608  # a number
OF_OWNER = {"subjects": "rpa.store.erasure", "receipts": "rpa.store.erasure", "kept_keys": "rpa.store.rewrapping"}
"""What only the owner deletes from."""


@pytest.fixture(scope="module")
def roles(postgresql: Path) -> Iterator[Roles]:
    """Make three accounts; their names are this process's own, since the server is shared."""
    made = Roles(*(f"{name}{os.getpid()}" for name in ("owner", "app", "auditor")))
    for role in made:
        server.execute(postgresql, f"CREATE ROLE {role} LOGIN")
    yield made
    for role in made:
        server.execute(postgresql, f"DROP ROLE {role}")


@pytest.fixture(scope="module")
def database(postgresql: Path, roles: Roles) -> Iterator[str]:
    """Make a database of the owner, without a ledger."""
    name = f"roles{os.getpid()}"
    server.execute(postgresql, f"CREATE DATABASE {name} OWNER {roles.owner}")
    yield name
    server.execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, postgresql: Path, database: str, roles: Roles) -> "Office":
    """Make a ledger with three roles, and a run in it by the app."""
    made = Office(tmp_path_factory.mktemp("office") / "state", postgresql, database, roles)
    Store.migrate(made.folder, actor=ROBOT, database=made.of(roles.owner))
    with made.opened(roles.app) as store, store.hold() as owner:
        run = store.start_run(BOT, DIGEST, "u-1")
        store.add(run, new_item())
        begun(store, owner, Status.CONFIRMED)
        store.finish_run(run, {})
    return made


class Office:
    """A ledger on the server, as each account sees it."""

    def __init__(self, folder: Path, sockets: Path, database: str, roles: Roles) -> None:
        self.folder, self.sockets, self.database, self.roles = folder, sockets, database, roles

    def of(self, user: str | None) -> PostgresLedger:
        """Return the ledger as an account sees it."""
        url = server.url(self.sockets, self.database).replace("keyonce@", f"{user}@")
        return PostgresLedger(url, self.folder, roles=self.roles)

    def opened(self, user: str | None) -> Store:
        """Open it as that account."""
        return Store.open(self.folder, actor=ROBOT, database=self.of(user))

    def does(self, user: str | None, statement: str) -> None:
        """Do as somebody could who has the account's password."""
        engine = self.of(user).connect()
        try:
            with engine.begin() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


def test_the_app_does_a_whole_run_and_the_auditor_verifies_and_exports_it(office: Office, tmp_path: Path) -> None:
    with office.opened(office.roles.app) as store:
        assert store.log.verify().problems == ()
        (transaction,) = store.transactions(store.find("CL-1")[0].id)
        assert transaction.status is Status.CONFIRMED
        assert store.work_item(transaction.work_item_id).record["fields"]["ssn"]["text"] == "123-45-6789"
    with office.opened(office.roles.auditor) as store:
        verdict = store.log.verify()
        assert (verdict.problems, verdict.entries) == ((), store.log.size())
        assert store.log.export(tmp_path / "bundle", reference="CL-1") > 0
        assert not store.may_write()
        with pytest.raises(SetupError, match="sign in as the role that may"):
            store.find("CL-1")


@pytest.mark.parametrize("table", sorted(ledger.tables.keys() - LOG - {"audit_head", "kept_keys"}))
def test_the_auditor_reads_nothing_but_the_log(office: Office, table: str) -> None:
    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
        office.does(office.roles.auditor, f'TABLE "{table}"')


@pytest.mark.parametrize(
    "statement",
    [
        *(f"{does} {table}" for table in LOG for does in ("DELETE FROM", "TRUNCATE", "DROP TABLE")),
        "UPDATE audit_entries SET body = ''",
        "UPDATE checkpoints SET note = note",
        "DELETE FROM audit_head",
        "DELETE FROM work_items",
        "DELETE FROM subjects",
        "UPDATE alembic_version SET version_num = '0001'",
        "ALTER TABLE audit_entries DISABLE TRIGGER USER",
        "DROP TRIGGER audit_entries_no_update ON audit_entries",
        "DROP FUNCTION keyonce_refuse() CASCADE",
        "CREATE OR REPLACE FUNCTION keyonce_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TABLE mine (id int)",
        "SET session_replication_role = replica",
        "SET ROLE {owner}",
    ],
)
def test_the_app_and_the_auditor_cannot_change_what_is_there_or_its_guards(office: Office, statement: str) -> None:
    for user in (office.roles.app, office.roles.auditor):
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
            office.does(user, statement.format(owner=office.roles.owner))


@pytest.mark.parametrize(
    "act",
    [
        lambda store: store.require_owner(),
        lambda store: store.log.prune({"secret": 1}, "GRS 3.2"),
        lambda store: store.personal.change_project_key(),
    ],
    ids=["erase", "prune", "new key"],
)
def test_to_erase_and_to_prune_is_the_owner_s_and_said_before_anything_is_gone(
    office: Office, act: object
) -> None:
    assert callable(act)
    with office.opened(office.roles.app) as store:
        before = store.log.size()
        with pytest.raises(SetupError, match="as the role that owns its tables"):
            act(store)
        assert store.log.size() == before
    with office.opened(office.roles.owner) as store:
        store.require_owner()
        store.personal.clean()


def test_in_production_no_run_begins_as_who_could_drop_what_guards_the_log(office: Office) -> None:
    for user in (office.roles.owner, "keyonce"):  # the latter is the server's administrator
        with office.opened(user) as store, pytest.raises(SetupError, match=r"sign in as the `app` of"):
            refuse_owner(store)
    with office.opened(office.roles.app) as store:
        refuse_owner(store)


def test_a_table_that_comes_later_has_its_rights_by_the_next_migrate(office: Office) -> None:
    """Such as those of a queue in the same database."""
    office.does(office.roles.owner, "CREATE TABLE jobs (id bigserial, what text)")
    with pytest.raises(DBAPIError, match="permission denied"):
        office.does(office.roles.app, "INSERT INTO jobs (what) VALUES ('x')")

    Store.migrate(office.folder, actor=ROBOT, database=office.of(office.roles.owner))

    for statement in ("INSERT INTO jobs (what) VALUES ('x')", "UPDATE jobs SET what = 'y'", "DELETE FROM jobs"):
        office.does(office.roles.app, statement)
    with pytest.raises(DBAPIError, match="permission denied"):
        office.does(office.roles.auditor, "SELECT * FROM jobs")
    office.does(office.roles.owner, "DROP TABLE jobs")


def test_an_older_ledger_is_left_to_its_owner(office: Office) -> None:
    office.does(office.roles.owner, "UPDATE alembic_version SET version_num = '0001'")
    try:
        for user in office.roles:
            with pytest.raises(
                SetupError, match="older Keyonce: let the owner of its tables run rpa store migrate"
            ):
                office.opened(user)
    finally:
        office.does(office.roles.owner, BACK)


@pytest.mark.parametrize(
    ("before", "change", "told", "after"),
    [
        ("", {"owner": "nobody1"}, "there is no role nobody1 in .*CREATE ROLE", ""),
        ("", {"app": "nobody1"}, "there is no role nobody1 in .*CREATE ROLE", ""),
        ("GRANT {owner} TO {app}", {}, "{app} .* may act as {owner}", "REVOKE {owner} FROM {app}"),
        ("ALTER ROLE {app} CREATEROLE", {}, "{app} .*may make roles", "ALTER ROLE {app} NOCREATEROLE"),
        (
            "GRANT pg_write_all_data TO {app}",
            {},
            "{app} has the right DELETE in alembic_version",
            "REVOKE pg_write_all_data FROM {app}",
        ),
        (
            "GRANT pg_read_all_data TO {auditor}",
            {},
            "{auditor} has the right SELECT in .* PUBLIC",
            "REVOKE pg_read_all_data FROM {auditor}",
        ),
    ],
)
def test_roles_that_would_guard_nothing_are_refused_in_words(  # one for each part of the mistake
    office: Office, before: str, change: dict[str, str], told: str, after: str
) -> None:
    names = office.roles._asdict()
    wrong = replace(office.of(office.roles.owner), roles=office.roles._replace(**change))
    server.execute(office.sockets, before.format(**names) or "SELECT 1")
    try:
        with pytest.raises(SetupError, match=told.format(**names)):
            Store.migrate(office.folder, actor=ROBOT, database=wrong)
    finally:
        server.execute(office.sockets, after.format(**names) or "SELECT 1")
    with office.opened(office.roles.app) as store:
        assert store.log.verify().problems == (), "what was refused has changed nothing"


def test_who_is_not_the_owner_cannot_migrate_and_is_told_how_to_sign_in(office: Office) -> None:
    for user in (office.roles.app, office.roles.auditor):
        with pytest.raises(
            SetupError, match=f"{user} may not act as {office.roles.owner}.*RPA_DATABASE_CREDENTIAL"
        ):
            Store.migrate(office.folder, actor=ROBOT, database=office.of(user))


def test_tables_of_before_the_roles_are_told_with_their_owner(
    postgresql: Path, roles: Roles, tmp_path: Path
) -> None:
    name = f"before{os.getpid()}"
    server.execute(postgresql, f"CREATE DATABASE {name}")
    try:
        before = Office(tmp_path / "state", postgresql, name, roles)
        books = connected(before.folder, ROBOT, database=replace(before.of("keyonce"), roles=None))
        migrate(books)
        books.close()
        with pytest.raises(SetupError, match=r"belongs to keyonce, not to owner.*REASSIGN OWNED BY"):
            Store.migrate(before.folder, actor=ROBOT, database=before.of("keyonce"))
    finally:
        server.execute(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ('[database_roles]\nowner = "o"\napp = "a"', "needs `database`: a ledger in a file has no roles"),
        ('database = "postgresql://h/d"\n[database_roles]\nowner = "o"\napp = "o"', "have to be different roles"),
        ('database = "postgresql://h/d"\n[database_roles]\nowner = "o"', "database_roles.app: Field required"),
    ],
)
def test_settings_of_roles_that_can_not_be_are_told_before_anything_is_opened(
    tmp_path: Path, said: str, told: str
) -> None:
    (tmp_path / "rpa.toml").write_text(said, "utf-8")
    with pytest.raises(SetupError, match=re.escape(told)):
        Settings.load(tmp_path)


def test_the_log_s_tables_are_those_that_the_database_guards(office: Office) -> None:
    guarded = "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'keyonce_refuse'::regproc"
    engine = office.of(office.roles.owner).connect()
    with engine.connect() as connection:
        assert set(connection.execute(text(guarded)).scalars()) == set(LOG)
    engine.dispose()


def test_what_the_code_deletes_from_the_app_may_delete_from() -> None:
    """A new `delete(table)` needs its right in `rpa.store.databases.roles`, or an owner to do it."""
    assert APP.keys() >= DELETED_FROM
    for path in sorted((ROOT / "rpa").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "delete" and node.args:
                table = ast.unparse(node.args[0])
                assert table in DELETED_FROM or OF_OWNER.get(table) == module, f"{module} deletes from {table}"


def test_the_owner_makes_the_queue_of_several_machines_and_the_app_puts_work_on_it(office: Office) -> None:
    app, owner = (replace(office.of(role), delivers=True) for role in (office.roles.app, office.roles.owner))
    with pytest.raises(SetupError, match="no queue for several machines yet: let the owner"):
        Store.open(office.folder, actor=ROBOT, database=app)

    Store.migrate(office.folder, actor=ROBOT, database=owner)

    with Store.open(office.folder, actor=ROBOT, database=app) as store:
        store.add(store.start_run(BOT, DIGEST, "u-1"), new_item("CL-QUEUE"))
        with store._books.engine.begin() as connection:
            taken = text("DELETE FROM procrastinate_jobs RETURNING queue_name")
            assert connection.execute(taken).scalars().all() == ["meridian"]
