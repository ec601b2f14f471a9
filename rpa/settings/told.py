"""Settings as the audit log tells them: by their dotted names, and no password among them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit


def told(settings: Mapping[str, Any]) -> dict[str, str]:
    """Return each setting that says something by its name in `rpa.toml`; of addresses no password."""
    return {name: _spelled(value) for name, value in _flat(settings) if value not in (None, "", [], {})}


def _flat(settings: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each setting under its dotted name."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _spelled(value: Any) -> str:
    plain = _without_password(value)
    return plain if isinstance(plain, str) else json.dumps(plain)


def _without_password(value: Any) -> Any:
    """Return the value; of an address in it only where it leads, since its other parts may let somebody in."""
    if isinstance(value, Mapping):
        return {name: _without_password(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_password(one) for one in value]
    if isinstance(value, str) and "://" in value:
        parts = urlsplit(value)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
    return value
