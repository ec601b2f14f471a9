"""Where a request comes from: one of our own pages, or somebody else's."""

from urllib.parse import urlsplit

from starlette.requests import Request

LOOPBACK = frozenset({"127.0.0.1", "localhost"})


def is_ours(request: Request) -> bool:
    """Tell whether one of our own pages sent the form: by `Origin`, which no page of another host can forge."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site") == "same-origin"
    parts = urlsplit(origin)
    safe = parts.scheme == "https" or (parts.scheme == "http" and host_of(parts.netloc) in LOOPBACK)
    return safe and parts.netloc == request.headers.get("host")


def host_of(netloc: str) -> str:
    """Return the host of `host:port`."""
    return netloc.rpartition(":")[0] if netloc.rpartition(":")[2].isdigit() else netloc


def origin(request: Request) -> str:
    """Return our own address as the browser that asks knows it; only hosts of the settings come so far."""
    netloc = request.headers["host"]
    plain = request.url.scheme == "http" and host_of(netloc) in LOOPBACK
    return f"{'http' if plain else 'https'}://{netloc}"
