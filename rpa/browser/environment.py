"""What a browser and its driver inherit from us: no credential, and nothing that makes them talk."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

TALKATIVE = ("DEBUG", "DEBUG_FILE", "DEBUGP", "PWDEBUG", "NODE_DEBUG", "NODE_OPTIONS", "SSLKEYLOGFILE")
"""Variables that make Playwright, its Node or a browser write down what is typed, or the keys of connections."""

SECRET = ("RPA_CREDENTIAL_", "OTEL_")
"""Variables that begin so hold credentials, or may; no browser has a use for them."""


def be_quiet() -> None:
    """Take from the environment, for good, what makes programs talk: done as soon as a command starts."""
    for name in TALKATIVE:
        os.environ.pop(name, None)


@contextmanager
def cleared_environment() -> Iterator[None]:
    """Take from the environment, until the block ends, what no program that is started in it may have."""
    hidden = {name: text for name, text in os.environ.items() if name in TALKATIVE or name.startswith(SECRET)}
    for name in hidden:
        del os.environ[name]
    try:
        yield
    finally:
        os.environ.update(hidden)
