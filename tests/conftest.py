"""What holds for every test file: it leaves the process as it found it, since others run in the same one."""

import gc
import os
import resource
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest import mock

import pytest

from rpa import clock
from tests.bucket.server import BucketServer, serving

INHERITED = ("NoNewPrivs", "Seccomp")
"""Lines of `/proc/self/status` on what a program started from here inherits for good."""

LIMITS = sorted(name for name in dir(resource) if name.startswith("RLIMIT_"))

OF_PYTEST = ("PYTEST_CURRENT_TEST",)

LONG = ("tests/kills/", "tests/model/", "tests/rpa/engines/", "tests/rpa/service/")
"""Folders with files of a minute and more: begun last, one of them would keep everybody waiting at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, and look for garbage only among what comes from now on.

    Thousands of tests and all modules stay to the end: each full collection would go through them in vain.
    """
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))
    gc.freeze()


@pytest.fixture(scope="module", autouse=True)
def _process_is_left_as_it_was_found() -> Iterator[None]:
    before = inherited()
    umask = os.umask(0o022)
    os.umask(umask)
    with mock.patch.object(clock, "_told", None):  # what a server says is the time of this process from then on
        yield
    os.umask(umask)  # a command that runs in this process tightens it, as it should
    after = inherited()
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not changed, "a test changed what every program started later inherits"


def inherited() -> Mapping[str, object]:
    """Return what a program that is started now inherits from this process, each thing by its name."""
    return {
        **{name: text for name, text in os.environ.items() if name not in OF_PYTEST},
        **{name: resource.getrlimit(getattr(resource, name)) for name in LIMITS},
        **status(),
        "the folder": Path.cwd(),
        "the signals that wait": signal.pthread_sigmask(signal.SIG_BLOCK, ()),
    }


def status() -> dict[str, str]:
    """Return the lines of `INHERITED`."""
    lines = (line.split(":", 1) for line in Path("/proc/self/status").read_text("utf-8").splitlines())
    return {name: text.strip() for name, text in lines if name in INHERITED}


@pytest.fixture(scope="session")
def bucket_server() -> Iterator[BucketServer]:
    """Return an S3-compatible server of this process alone."""
    with serving() as server:
        yield server
