"""An address on the web, as somebody writes it into a file."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field


def leads_somewhere(url: str) -> str:
    """Return the address; raise ValueError for one without a host, or with a part that is none."""
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0  # asking for the port looks at it
    except ValueError:
        known = False
    if not known:
        raise ValueError(
            f"`{url}` leads nowhere: write it with its host, as in https://claims.county.example:8443"
        )
    return url


Url = Annotated[str, Field(pattern=r"^https?://"), AfterValidator(leads_somewhere)]
"""Begins with `http://` or `https://`, and has a host."""
