"""The desktop's own keyring: Keychain, Credential Manager, Secret Service. For people at a screen alone.

`keyring set keyonce meridian` keeps one; what is asked for is an inline TOML table:

    {username = "clerk07", password = "...", origins = ["https://meridian.example"]}
"""

from pathlib import Path

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, credential, table

SERVICE = "keyonce"
MISSING = "the store `keyring` needs a package: pip install 'keyonce[keyring]'"


class Keyring:
    """One entry per credential, under the service `keyonce`."""

    def __init__(self, file: Path) -> None:
        del file  # every store is made with a path; the desktop keeps this one

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, or `SetupError` where the desktop has no keyring."""
        text = _kept(name)
        if text is None:
            raise NoCredential(f"credential {name}: add it by `keyring set {SERVICE} {name}`")
        try:
            return credential(name, table(text), "its entry")
        except ValueError as error:
            raise SetupError(f"credential {name}: its entry {error}") from None


def _kept(name: str) -> str | None:
    try:
        from keyring import get_password
        from keyring.errors import KeyringError
    except ImportError:
        raise SetupError(MISSING) from None
    try:
        return get_password(SERVICE, name)
    except KeyringError:
        raise SetupError("this machine has no keyring, or it is locked: choose another secret store") from None
