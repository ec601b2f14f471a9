"""Types commands into this process, which spares the second that a process of their own takes to start."""

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from subprocess import CompletedProcess
from tempfile import TemporaryFile
from typing import IO

import pytest

from rpa.cli.main import run


def typed(*arguments: str, folder: Path, **settings: str) -> CompletedProcess[str]:
    """Run `rpa` in *folder* with *settings* as environment; return its exit code and what it and its workers said.

    That the process itself ends with that code is for tests/acceptance/test_cli.py to see.
    """
    with paper() as out, paper() as err, written(1, out), written(2, err):
        code = at_home(arguments, folder, settings, out, err)
        return CompletedProcess(arguments, code, said(out), said(err))


def shown(*arguments: str, folder: Path, **settings: str) -> CompletedProcess[str]:
    """Run `rpa` likewise; return all that a person sees at a terminal, in its order, as the output."""
    with paper() as out, written(1, out), written(2, out):
        return CompletedProcess(arguments, at_home(arguments, folder, settings, out, out), said(out))


def at_home(
    arguments: Sequence[str], folder: Path, settings: Mapping[str, str], out: IO[str], err: IO[str]
) -> int:
    """Run `rpa` as if its process had been started in *folder*; leave this one as it was found."""
    umask = os.umask(0o022)
    with pytest.MonkeyPatch.context() as here, redirect_stdout(out), redirect_stderr(err):
        here.chdir(folder)
        here.setattr(threading, "excepthook", threading.excepthook)  # the command puts its own there
        for name, text in settings.items():
            here.setenv(name, text)
        try:
            return run(arguments)
        finally:
            os.umask(umask)


@contextmanager
def paper() -> Iterator[IO[str]]:
    """Give a file to write on, line by line."""
    with TemporaryFile("w+", buffering=1, encoding="utf-8") as file:
        yield file


@contextmanager
def written(stream: int, file: IO[str]) -> Iterator[None]:
    """Let what this process's children write to one of its standard streams come onto *file*."""
    before = os.dup(stream)
    os.dup2(file.fileno(), stream)
    try:
        yield
    finally:
        os.dup2(before, stream)
        os.close(before)


def said(file: IO[str]) -> str:
    """Return what is on *file*."""
    file.flush()
    file.seek(0)
    return file.read()
