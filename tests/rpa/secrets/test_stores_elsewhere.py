"""Stores that ask somebody else: age, systemd, Vault, the desktop's keyring."""

from pathlib import Path

import keyring
import pyrage
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail

from rpa.errors import SetupError
from rpa.secrets.age import Age
from rpa.secrets.base import NoCredential
from rpa.secrets.keyring import Keyring
from rpa.secrets.systemd import Systemd
from rpa.secrets.vault import Vault
from tests.rpa.secrets.vaults import VaultServer, vault

ENTRY = {"username": "clerk07", "password": "hunter2-vault", "origins": "https://a.example https://b.example"}


class Kept(KeyringBackend):
    """A keyring as a desktop has one, in memory."""

    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.entries: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """Return an entry."""
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Forget an entry."""
        del self.entries[service, username]


def age_file(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    identity = pyrage.x25519.Identity.generate()
    key, file = folder / "age.key", folder / "credentials.toml.age"
    key.touch(0o600)
    key.write_text(f"# created: 2026-11-28\n{identity}\n")
    file.write_bytes(pyrage.encrypt(text.encode(), [identity.to_public()]))
    monkeypatch.setenv("RPA_AGE_IDENTITY", str(key))
    return file


def vault_file(folder: Path, server: VaultServer, more: str = "") -> Path:
    file = folder / "vault.toml"
    file.write_text(f'address = "{server.url}"\n{more}')
    return file


def test_an_encrypted_file_is_opened_by_its_key_alone_and_never_written_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[a]\nusername = 'u'\npassword = 'hunter2'\norigins = ['https://a.example']\n"
    file = age_file(tmp_path, text, monkeypatch)

    found = Age(file).get("a")
    assert (found.password, found.origins) == ("hunter2", ("https://a.example",))
    assert [path.name for path in tmp_path.iterdir() if b"hunter2" in path.read_bytes()] == []
    (tmp_path / "other").mkdir()
    age_file(tmp_path / "other", "", monkeypatch)
    with pytest.raises(SetupError, match="can't be decrypted with this key"):
        Age(file).get("a")


def test_a_key_that_others_may_read_or_that_is_none_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = age_file(tmp_path, "[a]\npassword = hunter2\n", monkeypatch)

    with pytest.raises(SetupError, match=r"is not TOML at line 2, column \d+: correct it") as told:
        Age(file).get("a")
    assert "hunter2" not in str(told.value)
    (tmp_path / "age.key").chmod(0o640)
    with pytest.raises(SetupError, match="chmod 600"):
        Age(file).get("a")
    (tmp_path / "age.key").chmod(0o600)
    (tmp_path / "age.key").write_text("AGE-SECRET-KEY-1NONE\n")
    with pytest.raises(SetupError, match="is no key file of age-keygen"):
        Age(file).get("a")


def test_systemd_gives_a_service_its_own_credentials_and_no_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "meridian").write_text('username = "u"\npassword = "hunter2"\n')
    (tmp_path / "passwd").write_text('password = "outside"\n')
    store = Systemd(tmp_path)
    with pytest.raises(SetupError, match="CREDENTIALS_DIRECTORY is not set"):
        store.get("meridian")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))

    assert store.get("meridian").password == "hunter2"  # noqa: S105  # made up
    for name in ("../passwd", "..", "payments"):
        with pytest.raises(NoCredential):
            store.get(name)


def test_vault_is_asked_as_its_documentation_says_and_a_rotated_password_counts_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.test-token")
    with vault({"/v1/kv/data/rpa/meridian": dict(ENTRY)}) as server:
        store = Vault(vault_file(tmp_path, server, 'mount = "kv"\npath = "rpa"\nnamespace = "county"\n'))
        found = store.get("meridian")
        server.secrets["/v1/kv/data/rpa/meridian"]["password"] = "rotated"  # noqa: S105  # made up

        assert (found.username, found.origins) == ("clerk07", ("https://a.example", "https://b.example"))
        assert store.get("meridian").password == "rotated"  # noqa: S105  # made up
        assert server.asked[0][1]["X-Vault-Namespace"] == "county"
        with pytest.raises(NoCredential, match="add the secret kv/rpa/payments"):
            store.get("payments")


def test_a_service_proves_itself_to_vault_by_its_role_and_a_file(tmp_path: Path) -> None:
    with vault({"/v1/secret/data/keyonce/a": dict(ENTRY)}) as server:
        (tmp_path / "id").write_text("hunter2-secret-id\n")
        role = f'role_id = "role-1"\nsecret_id_file = "{tmp_path}/id"\n'
        assert Vault(vault_file(tmp_path, server, role)).get("a").username == "clerk07"

        (tmp_path / "id").write_text("hunter2-wrong\n")
        with pytest.raises(SetupError, match="Vault answers 400") as told:
            Vault(vault_file(tmp_path, server, role)).get("a")
        assert "hunter2" not in str(told.value)


def test_vault_that_refuses_leads_elsewhere_or_talks_nonsense_gets_no_token_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "hvs.test-token")
    with vault({"/v1/secret/data/keyonce/a": dict(ENTRY)}) as server, vault({}) as thief:
        store = Vault(vault_file(tmp_path, server))
        server.elsewhere = thief.url
        with pytest.raises(SetupError, match="Vault answers 307"):
            store.get("a")
        assert thief.asked == []
        server.elsewhere, server.broken = None, True
        with pytest.raises(SetupError, match=r"Vault at 127\.0\.0\.1:\d+ does not answer as it should"):
            store.get("a")
        server.broken, server.token = False, "another"
        with pytest.raises(SetupError, match="Vault answers 403: the token may not read it"):
            store.get("a")
    with pytest.raises(SetupError, match="does not answer"):
        store.get("a")


@pytest.mark.parametrize(
    "address",
    [
        "http://vault.example",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://[::1].evil.example",
        "https://",
    ],
)
def test_a_token_is_never_sent_in_the_open_to_another_machine_however_its_name_begins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("VAULT_TOKEN", "hunter2-token")
    (tmp_path / "vault.toml").write_text(f'address = "{address}"\n')
    with pytest.raises(SetupError, match="begins with https://"):
        Vault(tmp_path / "vault.toml").get("a")


def test_a_desktop_keeps_credentials_in_its_keyring_and_a_server_says_that_it_has_none(tmp_path: Path) -> None:
    before, kept = keyring.get_keyring(), Kept()
    keyring.set_keyring(kept)
    try:
        kept.set_password(
            "keyonce", "a", '{username = "u", password = "hunter2", origins = ["https://a.example"]}'
        )
        kept.set_password("keyonce", "broken", "{password = hunter2}")
        assert Keyring(tmp_path).get("a").origins == ("https://a.example",)
        with pytest.raises(SetupError, match="credential broken: its entry is not TOML at line 1") as told:
            Keyring(tmp_path).get("broken")
        assert "hunter2" not in str(told.value)
        keyring.set_keyring(fail.Keyring())  # type: ignore[no-untyped-call]
        with pytest.raises(SetupError, match="has no keyring"):
            Keyring(tmp_path).get("a")
    finally:
        keyring.set_keyring(before)
