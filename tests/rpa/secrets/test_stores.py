"""Every secret store keeps the same promises."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, SecretStore
from rpa.secrets.environment import Environment
from rpa.secrets.file import File
from rpa.secrets.table import STORES, names, secret_store
from rpa.settings.keeping import SecretSettings
from rpa.settings.settings import Settings
from tests.rpa.secrets.test_stores_elsewhere import Kept, age_file, vault_file
from tests.rpa.secrets.vaults import VaultServer

IN_FILE = SecretSettings(store="file")
USERNAME, PASSWORD = "clerk07", 'p"ä€ $x#1'


def private_file(path: Path, text: str) -> Path:
    path.touch(0o600)
    path.write_text(text, "utf-8")
    return path


def in_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    monkeypatch.setenv("RPA_CREDENTIAL_COUNTY_CLAIMS_USERNAME", USERNAME)
    monkeypatch.setenv("RPA_CREDENTIAL_COUNTY_CLAIMS_PASSWORD", PASSWORD)
    return secret_store(Settings(folder=folder))


def in_file(folder: Path, _: pytest.MonkeyPatch) -> SecretStore:
    private_file(
        folder / "credentials.toml", f"[county-claims]\nusername = '{USERNAME}'\npassword = '{PASSWORD}'\n"
    )
    return secret_store(Settings(folder=folder, secrets=IN_FILE))


Filled = Callable[[Path, pytest.MonkeyPatch], SecretStore]
ENTRY = f"username = '{USERNAME}'\npassword = '{PASSWORD}'\n"


def in_age(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    age_file(folder, f"[county-claims]\n{ENTRY}", monkeypatch)
    file = Path("credentials.toml.age")
    return secret_store(Settings(folder=folder, secrets=SecretSettings(store="age", file=file)))


def in_systemd(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    (folder / "county-claims").write_text(ENTRY, "utf-8")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return secret_store(Settings(folder=folder, secrets=SecretSettings(store="systemd")))


def in_keyring(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    kept = Kept()
    kept.set_password("keyonce", "county-claims", ENTRY)
    monkeypatch.setattr("keyring.core._keyring_backend", kept)
    return secret_store(Settings(folder=folder, secrets=SecretSettings(store="keyring")))


def in_vault(folder: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.test-token")
    secret = {"username": USERNAME, "password": PASSWORD}
    server = VaultServer({"/v1/secret/data/keyonce/county-claims": secret})
    threading.Thread(target=server.serve_forever, daemon=True).start()
    vault_file(folder, server)
    return secret_store(Settings(folder=folder, secrets=SecretSettings(store="vault", file=Path("vault.toml"))))


FILLED: dict[str, Filled] = {
    "environment": in_environment,
    "file": in_file,
    "age": in_age,
    "systemd": in_systemd,
    "vault": in_vault,
    "keyring": in_keyring,
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SecretStore:
    return FILLED[request.param](tmp_path, monkeypatch)


def test_a_store_gives_back_what_was_put_in(store: SecretStore) -> None:
    credential = store.get("county-claims")

    assert (credential.name, credential.username, credential.password) == ("county-claims", USERNAME, PASSWORD)


def test_a_store_says_which_credential_it_lacks_and_what_to_do(store: SecretStore) -> None:
    with pytest.raises(NoCredential, match=r"^credential payments: (set|add) "):
        store.get("payments")


def test_a_credential_in_a_message_shows_its_name_alone() -> None:
    credential = Credential("meridian", USERNAME, PASSWORD)

    assert f"{credential} {credential!r}" == "Credential(name='meridian') Credential(name='meridian')"


def test_a_document_password_needs_no_username(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RPA_CREDENTIAL_ROSTER_PASSWORD", PASSWORD)
    file = private_file(tmp_path / "c.toml", "[roster]\npassword = 'x'\n")

    assert Environment(file).get("roster").username == ""
    assert File(file).get("roster").username == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = private_file(tmp_path / "c.toml", "[a]\npassword = 'x'\n")
    file.chmod(mode)

    with pytest.raises(SetupError, match=r"may be read by others: run `chmod 600 "):
        File(file).get("a")


def test_a_broken_file_is_told_without_its_secrets(tmp_path: Path) -> None:
    file = private_file(tmp_path / "c.toml", "[a]\npassword = hunter2\n")

    with pytest.raises(SetupError, match=r"is not TOML at line 2, column \d+: correct it") as told:
        File(file).get("a")

    assert "hunter2" not in str(told.value)
    assert told.value.__suppress_context__


@pytest.mark.parametrize("text", ["[a]\nusername='u'\n", "[a]\npassword=12\n", "a = 'x'\n", "[a]\npassword=''\n"])
def test_half_a_credential_is_none(tmp_path: Path, text: str) -> None:
    with pytest.raises(NoCredential):
        File(private_file(tmp_path / "c.toml", text)).get("a")


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="No such file"):
        File(tmp_path / "none.toml").get("a")


def test_a_change_of_the_file_counts_at_once(tmp_path: Path) -> None:
    file = private_file(tmp_path / "c.toml", "[a]\npassword='old'\n")
    store = File(file)
    before = store.get("a").password
    file.write_text("[a]\npassword='new'\n", "utf-8")

    assert (before, store.get("a").password) == ("old", "new")


def test_an_unknown_store_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no secret store is called vaul; known: environment, file, age"):
        secret_store(Settings(folder=tmp_path, secrets=SecretSettings(store="vaul")))


def test_a_package_may_add_a_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "acme_store-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-store\nVersion: 1\n")
    (installed / "entry_points.txt").write_text("[rpa.secrets]\nacme = rpa.secrets.file:File\n")
    monkeypatch.syspath_prepend(tmp_path)
    settings = Settings(folder=tmp_path, secrets=SecretSettings(store="acme"))

    assert "acme" in names()
    assert isinstance(secret_store(settings), File)


def test_an_empty_variable_is_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "RPA_CREDENTIAL_A_PASSWORD", "")

    with pytest.raises(NoCredential, match="RPA_CREDENTIAL_A_PASSWORD"):
        Environment(tmp_path).get("a")
