"""`make machines [ARGS=NAMES]`: what workers enter and cost, the queue's own pace, how soon a machine is replaced.

Real processes: `rpa worker`, browsers, PostgreSQL, and a fixture system, which does not think. The last line is
one JSON object.
"""

import json
import os
import tempfile
from importlib import import_module
from pathlib import Path

import click

from tests.postgresql import server

WORKS = ("workers", "items", "takeover")


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(WORKS))
def main(names: tuple[str, ...]) -> None:
    """Measure, and print what came of it."""
    folder = Path(tempfile.mkdtemp(prefix="machines-"))
    click.echo(f"{os.cpu_count()} cores, {os.getloadavg()[0]:.1f} busy at the start")
    told = {}
    with server.server(folder) as sockets:
        for name in names or WORKS:
            told[name] = import_module(f"benchmarks.machines.{name}").measured(folder, sockets)
    click.echo(json.dumps(told))


if __name__ == "__main__":
    main()
