"""`python -m benchmarks [NAMES] [--rounds N]`: measure, and print a table per work and one line of JSON."""

import json
import os
import sys
from importlib import import_module

import click

from benchmarks.tables import data, show
from rpa.browser.launch import browser

WORKS = ("challenge", "record25", "benefits", "reading", "isolation", "pages", "rows", "startup", "audit")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(WORKS))
@click.option("--rounds", default=7, show_default=True, type=click.IntRange(1), help="Measured rounds.")
def main(names: tuple[str, ...], rounds: int) -> None:
    """Measure the engine against hand-written scripts; the last line is one JSON object."""
    told = {}
    with browser() as chromium:
        click.echo(f"{_machine()}, Chromium {chromium.version}")
        for name in names or WORKS:
            result = import_module(f"benchmarks.{name}").run(chromium, rounds)
            show(result)
            told[result.key] = data(result)
    click.echo(json.dumps(told))


def _machine() -> str:
    python = sys.version.split()[0]
    return f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} busy at the start, Python {python}"


if __name__ == "__main__":
    main()
