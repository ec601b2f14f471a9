"""Where a page comes from: what is secret or personal is told to the system alone."""

from urllib.parse import urlsplit

from playwright.sync_api import Frame

from rpa.errors import ApplicationException, SetupError
from rpa.secrets.base import Credential

_PORTS = {"http": 80, "https": 443}
_INHERITS = ("about:blank", "about:srcdoc")
"""Addresses of pages that the page around them has written."""


def origin(url: str) -> str:
    """Return scheme, host and port of *url* as one text; a scheme alone where there is no host."""
    parts = urlsplit(url)
    port = parts.port or _PORTS.get(parts.scheme)
    return f"{parts.scheme}://{parts.hostname}:{port}" if parts.hostname else f"{parts.scheme}:"


def refuse_credential(credential: Credential, home: str) -> None:
    """Raise `SetupError` where the owner of the credential has not allowed it at *home*, an `origin`."""
    if credential.origins and home not in map(origin, credential.origins):
        raise SetupError(
            f"the credential {credential.name} may not be typed at {home}: its owner allows others in the secret "
            "store; correct the address of the system, or ask them"
        )


def refuse_elsewhere(frame: Frame, name: str, home: str, *, secret: bool) -> None:
    """Raise `ApplicationException` where *frame* shows a page of another origin than *home*.

    What is personal may also go into a frame whose page was written by the page around it. The browser is asked
    for the address, not the page.
    """
    holder = frame
    while not secret and holder.url.startswith(_INHERITS) and holder.parent_frame:
        holder = holder.parent_frame
    here = origin(holder.url)
    if here != home:
        raise ApplicationException(
            f"{name}: nothing was given to this page: it comes from {here}, and the system is at {home}; "
            "if this is the system, correct its `url`"
        )
