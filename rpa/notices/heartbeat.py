"""A sign of life: an address is asked for every minute while all goes well, so that silence is noticed."""

import threading
from collections.abc import Callable
from http.client import HTTPException
from urllib.request import urlopen

from rpa.errors import RpaError
from rpa.secrets.base import SecretStore

EVERY = 60.0
TIMEOUT = 10


def beat(
    secrets: SecretStore,
    credential: str,
    alive: Callable[[], bool],
    trouble: Callable[[str], None],
    stopping: threading.Event,
) -> None:
    """Ask for the address that is the password of *credential*, again and again, as long as all is *alive*."""
    while True:
        try:
            address = secrets.get(credential).password
            if not address.startswith(("https://", "http://")):
                trouble(f"the credential {credential} holds no web address")
            elif alive():
                urlopen(address, timeout=TIMEOUT).close()  # noqa: S310  # its scheme was looked at
        except RpaError as error:
            trouble(str(error))
        except (OSError, HTTPException, ValueError) as error:
            trouble(f"the heartbeat's address can't be reached ({type(error).__name__})")
        if stopping.wait(EVERY):
            return
