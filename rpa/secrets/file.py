"""A TOML file as a store, which nobody but its owner may read.

[meridian]
username = "clerk07"
password = "..."
origins = ["https://meridian.example"]
"""

import os
import stat
from pathlib import Path
from typing import Any

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, credential, table

OTHERS = stat.S_IRWXG | stat.S_IRWXO


class File:
    """One table per credential, with `password` and, but for a document, `username`.

    Read anew each time, so that a change counts at once.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, or `SetupError` where others may read the file."""
        entry = self._entries().get(name)
        if not isinstance(entry, dict):
            raise NoCredential(f"credential {name}: add a table [{name}] to {self._file}")
        return credential(name, entry, str(self._file))

    def _entries(self) -> dict[str, Any]:
        try:
            return table(self._private().decode("utf-8"))
        except UnicodeDecodeError:
            raise SetupError(f"{self._file} is not UTF-8 text: save it as UTF-8") from None
        except ValueError as error:
            raise SetupError(f"{self._file} {error}: correct it") from None

    def _private(self) -> bytes:
        """Return the file's bytes; the mode is asked of the opened file, so it can't be swapped in between."""
        try:
            with self._file.open("rb") as opened:
                mode = os.fstat(opened.fileno()).st_mode
                if mode & OTHERS:
                    raise SetupError(f"{self._file} may be read by others: run `chmod 600 {self._file}`")
                return opened.read()
        except OSError as error:
            raise SetupError(f"{self._file} can't be read: {error.strerror}") from None
