"""How far a run is: a bar on a terminal, plain lines without one."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click

from rpa.runner import Progress

BETWEEN_LINES = 5.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def progress(*, quiet: bool) -> Iterator[Progress]:
    """Yield what a run tells its progress to. Everything goes to standard error: standard output is for data."""
    if quiet:
        yield lambda _ended, _all: None
    elif sys.stderr.isatty():
        with _bar() as told:
            yield told
    else:
        yield _Lines()


@contextmanager
def _bar() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Reading", total=None)

        def told(ended: int, everything: int) -> None:
            bar.update(task, description="Entering", completed=ended, total=everything or None)

        yield told


class _Lines:
    """Says a line when something has ended since the last one, and not too often."""

    def __init__(self) -> None:
        self._said = 0.0
        self._ended = -1

    def __call__(self, ended: int, everything: int) -> None:
        now = time.monotonic()
        last = ended == everything
        if ended != self._ended and everything and (last or now - self._said >= BETWEEN_LINES):
            self._said, self._ended = now, ended
            click.echo(f"{ended} of {everything} transactions ended", err=True)
