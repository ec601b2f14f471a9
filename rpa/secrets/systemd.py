"""Credentials that systemd hands to a service (systemd.exec(5), `LoadCredential=`, `LoadCredentialEncrypted=`).

Each is a file of its own in a folder that only this service's processes see, in memory that is never swapped:

    LoadCredentialEncrypted=meridian:/etc/keyonce/meridian.cred

It holds `username`, `password` and `origins` as TOML, on lines or as one inline table.
"""

import os
import re
from pathlib import Path

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, credential, table

FOLDER = "CREDENTIALS_DIRECTORY"
"""The variable by which systemd says where they are."""


class Systemd:
    """One file per credential, by its name."""

    def __init__(self, file: Path) -> None:
        del file  # every store is made with a path; systemd names its folder itself

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, or `SetupError` outside of a service."""
        folder = os.environ.get(FOLDER)
        if not folder:
            raise SetupError(f"the store `systemd` is for services: {FOLDER} is not set")
        if not re.fullmatch(r"[\w.-]+", name) or name in {".", ".."}:
            raise NoCredential(f"credential {name}: systemd knows no such name")
        try:
            text = (Path(folder) / name).read_text("utf-8")
        except FileNotFoundError:
            raise NoCredential(
                f"credential {name}: add LoadCredentialEncrypted={name}:... to the service"
            ) from None
        except (OSError, UnicodeDecodeError):
            raise SetupError(f"credential {name}: the file from systemd can't be read") from None
        try:
            return credential(name, table(text), "its file")
        except ValueError as error:
            raise SetupError(f"credential {name}: its file {error}") from None
