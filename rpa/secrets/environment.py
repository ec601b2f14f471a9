"""The environment as a store, for development: whoever may look at a process may read it."""

import os
import re
from pathlib import Path

from rpa.secrets.base import Credential, NoCredential

PREFIX = "RPA_CREDENTIAL_"
"""Every variable that holds a secret begins with this; programs that are started need not inherit them."""


class Environment:
    """Two variables make a credential: `RPA_CREDENTIAL_<NAME>_USERNAME` and `RPA_CREDENTIAL_<NAME>_PASSWORD`.

    The name is written in capitals, with `_` for everything that is no letter or digit. A document's password
    needs no username. `RPA_CREDENTIAL_<NAME>_ORIGINS` says where it may be typed, with spaces between addresses.
    """

    def __init__(self, file: Path) -> None:
        del file  # every store is made with a path; nothing is kept in a file here

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential` that names the variable which is missing."""
        variable = PREFIX + re.sub(r"[^A-Z0-9]", "_", name.upper())
        password = os.environ.get(f"{variable}_PASSWORD")
        if not password:
            raise NoCredential(f"credential {name}: set {variable}_PASSWORD in the environment")
        origins = os.environ.get(f"{variable}_ORIGINS", "").split()
        return Credential(name, os.environ.get(f"{variable}_USERNAME", ""), password, tuple(origins))
