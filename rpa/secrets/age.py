"""A TOML file that is encrypted with age (age-encryption.org): it may lie in a repository or a backup.

`age -r age1... -o credentials.toml.age credentials.toml` makes it; its tables are those of the store `file`. What
opens it is a key file of `age-keygen`, kept elsewhere: `RPA_AGE_IDENTITY` says where.
"""

import os
from pathlib import Path
from typing import Any

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, credential, table

IDENTITY = "RPA_AGE_IDENTITY"
DEFAULT = Path("~/.config/keyonce/age.key")
"""Where the key file is unless the environment names another."""

MISSING = "the store `age` needs a package: pip install 'keyonce[age]'"


class Age:
    """One table per credential, decrypted in memory alone, and anew each time: a change counts at once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, or `SetupError` where the file can't be opened."""
        entry = self._entries().get(name)
        if not isinstance(entry, dict):
            raise NoCredential(f"credential {name}: add a table [{name}] to {self._file}")
        return credential(name, entry, str(self._file))

    def _entries(self) -> dict[str, Any]:
        try:
            return table(_decrypted(_read(self._file), _identities()).decode("utf-8"))
        except ValueError as error:
            told = error if str(error).startswith("is not TOML") else "is not UTF-8 text"
            raise SetupError(f"{self._file} {told}: correct it") from None


def _identities() -> list[Any]:
    path = Path(os.environ.get(IDENTITY) or DEFAULT).expanduser()
    lines = [line.strip() for line in _read(path).decode("ascii", "replace").splitlines()]
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise SetupError(f"{path} may be read by others: run `chmod 600 {path}`")
    try:
        from pyrage.x25519 import Identity
    except ImportError:
        raise SetupError(MISSING) from None
    try:
        return [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except Exception:  # noqa: BLE001  # the library's own words may hold a part of the key
        raise SetupError(f"{path} is no key file of age-keygen") from None


def _decrypted(content: bytes, identities: list[Any]) -> bytes:
    from pyrage import DecryptError, decrypt

    try:
        return bytes(decrypt(content, identities))
    except DecryptError:
        raise SetupError(
            "the file of credentials can't be decrypted with this key: see `RPA_AGE_IDENTITY`"
        ) from None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise SetupError(f"{path} can't be read: {error.strerror}") from None
