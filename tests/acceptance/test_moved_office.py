"""An office moves from its file to a server with roles, amid its work, and everybody does their part."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands import typed
from tests.kills.lane import Lane, lane
from tests.postgresql import server

OWNER, APP, AUDITOR = (f"{role}_of_{os.getpid()}" for role in ("owner", "app", "auditor"))
OFFICE = f"office{os.getpid()}"
ROLES = f'[database_roles]\nowner = "{OWNER}"\napp = "{APP}"\nauditor = "{AUDITOR}"\n'
RULE = ("--authority", "GRS 3.2, item 030")


@pytest.fixture
def sockets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make the roles and an empty database, as an administrator does."""
    own = tmp_path_factory.getbasetemp()
    with server.server(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) as found:
        for role in (OWNER, APP, AUDITOR):
            server.execute(found, f"CREATE ROLE {role} LOGIN")
        server.execute(found, f"CREATE DATABASE {OFFICE} OWNER {OWNER}")
        yield found
        server.execute(found, f"DROP DATABASE {OFFICE} WITH (FORCE)")
        for role in (OWNER, APP, AUDITOR):
            server.execute(found, f"DROP ROLE {role}")


@pytest.fixture
def benefits(tmp_path: Path) -> Iterator[Lane]:
    with lane("benefits", tmp_path) as one:
        yield one


def test_an_office_moves_works_as_the_app_is_checked_by_the_auditor_and_erased_by_the_owner(
    benefits: Lane, sockets: Path, tmp_path: Path
) -> None:
    folder = benefits.project("CL-700001")  # read onto the ledger in its file, and not entered yet
    url = {user: server.url(sockets, OFFICE).replace("keyonce@", f"{user}@") for user in (OWNER, APP, AUDITOR)}
    (folder / "rpa.toml").write_text(f'database = "{url[APP]}"\n{ROLES}', "utf-8")

    early = typed("run", benefits.bot, folder=folder)
    assert (early.returncode, "let the owner of its tables run rpa store migrate" in early.stderr) == (1, True)
    wrong = typed("store", "copy", folder=folder)
    assert (wrong.returncode, f"{APP} may not act as {OWNER}" in wrong.stderr) == (1, True)
    made = typed("store", "migrate", "--json", folder=folder, RPA_DATABASE=url[OWNER])
    assert (made.returncode, json.loads(made.stdout)["granted"]) == (0, [APP, AUDITOR]), made.stderr
    empty = typed("run", benefits.bot, folder=folder)
    assert (empty.returncode, "move it by rpa store copy" in empty.stderr) == (1, True)
    assert benefits.rows("CL-700001") == 0

    moved = typed("store", "copy", folder=folder, RPA_DATABASE=url[OWNER])
    assert (moved.returncode, "the audit trail is verified there" in moved.stdout) == (0, True), moved.stderr
    mighty = typed("run", benefits.bot, folder=folder, RPA_DATABASE=url[OWNER], RPA_MODE="production")
    assert (mighty.returncode, "nothing works as the owner" in mighty.stderr) == (1, True), mighty.stderr
    ran = typed("run", benefits.bot, "--json", folder=folder)
    assert (ran.returncode, json.loads(ran.stdout)["transactions"]["confirmed"]) == (0, 1), ran.stderr
    assert benefits.rows("CL-700001") == 1
    assert typed("audit", "verify", folder=folder).returncode == 0

    desk = tmp_path / "auditor"  # what the auditor's own machine has
    (desk / "bots").mkdir(parents=True)
    (desk / ".rpa").mkdir()
    (desk / ".rpa/audit.pub").write_bytes((folder / ".rpa/audit.pub").read_bytes())
    (desk / "rpa.toml").write_text(f'database = "{url[AUDITOR]}"\n{ROLES}', "utf-8")
    verified = typed("audit", "verify", "--json", folder=desk)
    assert (verified.returncode, json.loads(verified.stdout)["audit"]) == (0, "verified"), verified.stderr
    for form in ("bundle", "csv", "prov"):
        taken = typed("audit", "export", form, "--format", form, "--reference", "CL-700001", folder=desk)
        assert (taken.returncode, "this account may only read it" in taken.stderr) == (0, True), taken.stderr
    for command in (("show", "CL-700001"), ("queue",), ("run", benefits.bot)):
        refused = typed(*command, folder=desk)
        assert refused.returncode != 0, command
        assert "CL-700001" not in refused.stdout

    kept = {path: path.read_bytes() for path in (folder / ".rpa/documents").rglob("*") if path.is_file()}
    by_app = typed("audit", "erase", "CL-700001", *RULE, folder=folder)
    assert (by_app.returncode, "as the role that owns its tables" in by_app.stderr) == (1, True)
    assert {path: path.read_bytes() for path in kept} == kept, "nothing is gone when it was refused"
    (folder / ".rpa/ledger.db").unlink()
    by_owner = typed("audit", "erase", "CL-700001", *RULE, folder=folder, RPA_DATABASE=url[OWNER])
    assert by_owner.returncode == 0, by_owner.stderr
    assert typed("audit", "verify", folder=folder).returncode == 0
    assert not any(path.exists() for path in kept)
