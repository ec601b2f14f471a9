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
def cleared_environment(**given: str) -> Iterator[None]:
    """Take from the environment, until the block ends, what no program that is started in it may have.

    What is *given* such a program has besides.
    """
    before = dict(os.environ)
    for name in before:
        if name in TALKATIVE or name.startswith(SECRET):
            del os.environ[name]
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]
        os.environ.update(before)
