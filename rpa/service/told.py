"""What a program is told of an occurrence."""

from typing import Any
from urllib.parse import quote

from rpa.occurrence import Occurrence


def address(one: Occurrence) -> str:
    """Return where its state can be asked for."""
    return f"/runs/{quote(one.name)}/{quote(one.nominal)}"


def told(one: Occurrence) -> dict[str, Any]:
    """Return what anybody may know of an occurrence."""
    return {
        "address": address(one),
        "name": one.name,
        "nominal": one.nominal,
        "bot": one.bot,
        "due": one.due.isoformat(),
        "state": one.state,
        "reason": one.reason,
        "run": one.run_id,
    }
