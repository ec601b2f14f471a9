"""Sending by apprise: an address is a text that names a service and what it needs, so it is kept as a secret."""

import logging

from rpa.errors import ApplicationException, SetupError
from rpa.secrets.base import SecretStore


def send(secrets: SecretStore, credential: str, title: str, text: str) -> None:
    """Send a notice to the address that is the password of *credential*.

    Raises `SetupError` where it is no address, `ApplicationException` where it could not be sent.
    """
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)  # what it logs may hold the address
    post = Apprise()
    if not post.add(secrets.get(credential).password):
        raise SetupError(f"the credential {credential} holds no address that apprise knows")
    if not post.notify(title=title, body=text):
        raise ApplicationException(f"the notice to {credential} could not be sent")
