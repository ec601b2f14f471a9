"""`python -m tests.fuse [--clicks N]`: every way to go wrong, a table, and one line of JSON.

Ends with 1 where the fuse let a form be entered twice, where it blew more than 1 % of the healthy submits, or
where the same servers are not seen to enter twice without it: then the count would say nothing.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from rpa.browser.launch import browser
from tests.fuse.certificate import tls
from tests.fuse.desk import SCAN
from tests.fuse.rows import Result, Row, click_through, faulty, healthy

HEADING = f"{'server and page':<68} clicks entered twice no answer"


@click.command()
@click.option("--clicks", default=50, show_default=True, type=click.IntRange(1), help="Clicks in each row.")
def main(clicks: int) -> None:
    """Click and count."""
    with TemporaryDirectory() as folder, browser() as chromium:
        scan = Path(folder) / "scan.bin"
        scan.write_bytes(SCAN)
        context = tls(Path(folder))

        def measured(rows: Iterable[Row], title: str, clicks: int) -> list[Result]:
            click.echo(f"\n{title}\n{HEADING}")
            results = []
            for row in rows:
                results.append(click_through(chromium, row, clicks, context, scan))
                click.echo(line(results[-1]))
            return results

        well = measured(healthy(), "healthy servers", clicks)
        wrong = measured(faulty(), "servers that enter a form and then go wrong", clicks)
        without = measured(faulty(past=True), "the same without the way out", max(1, clicks // 10))
    told = summary(well, wrong, without)
    click.echo(json.dumps(told))
    blown = told["healthy_blown"] > told["healthy_clicks"] / 100
    sys.exit(1 if told["double_commits"] or blown or not told["double_commits_without"] else 0)


def line(result: Result) -> str:
    """Return a line of the table."""
    figures = f"{result.clicks:>6} {result.entered:>7} {result.doubles:>5} {result.failed:>9}"
    more = f"  ({result.unclicked} not clicked: the form did not come)" if result.unclicked else ""
    return f"{result.row!s:<68} {figures}{more}" + (f"  {result.damaged} DAMAGED" if result.damaged else "")


def summary(well: list[Result], wrong: list[Result], without: list[Result]) -> dict[str, int]:
    """Return the figures of the last line."""
    return {
        "clicks": sum(one.clicks for one in well + wrong),
        "double_commits": sum(one.doubles for one in well + wrong),
        "damaged": sum(one.damaged for one in well + wrong),
        "healthy_clicks": sum(one.clicks for one in well),
        "healthy_blown": sum(one.failed for one in well),
        "clicks_without": sum(one.clicks for one in without),
        "double_commits_without": sum(one.doubles for one in without),
    }


if __name__ == "__main__":
    main()
