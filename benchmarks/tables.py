"""Results for people, and for a program."""

from collections.abc import Mapping

from rich.box import MARKDOWN
from rich.console import Console
from rich.table import Table

from benchmarks.contest import Result
from benchmarks.figures import Figures

OURS, HAND, FLOOR = "ours", "hand", "floor"
"""The engine, what it is measured against, and the least that the browser itself needs."""

WIDTH = 130
"""Characters of a line, also where the output is no terminal."""


def show(result: Result) -> None:
    """Print a result as a table that can be pasted into a document."""
    shares = result.shares(HAND)
    table = Table(box=MARKDOWN)
    for column in (result.unit, "median", "min to max"):
        table.add_column(column, justify="left" if column == result.unit else "right")
    for column in ("share of hand-written", "min to max") if shares else ():
        table.add_column(column, justify="right")
    for one in result.contenders:
        share = shares.get(one.key)
        table.add_row(one.title, *_cells(result.times[one.key], 1, " ms"), *(_cells(share, 2) if share else ()))
    console = Console(width=WIDTH)
    console.print(f"\n{result.title}", style="bold", highlight=False)
    console.print(table)
    for note in result.notes:
        console.print(note, highlight=False)


def data(result: Result) -> Mapping[str, float | list[float]]:
    """Return a result as what a program reads: milliseconds by contender, and the engine's ratios."""
    told: dict[str, float | list[float]] = {
        f"{key}_ms": round(times.median, 2) for key, times in result.times.items()
    }
    if OURS in (to_hand := result.shares(HAND)):
        told["ratio_to_hand"] = round(to_hand[OURS].median, 3)
        told["ratio_spread"] = [round(end, 3) for end in to_hand[OURS].spread]
    if OURS in (to_floor := result.shares(FLOOR)):
        told["ratio_to_floor"] = round(to_floor[OURS].median, 2)
    return {**told, **result.more}


def _cells(figures: Figures, digits: int, unit: str = "") -> tuple[str, str]:
    low, high = figures.spread
    return f"{figures.median:.{digits}f}{unit}", f"{low:.{digits}f} to {high:.{digits}f}"
