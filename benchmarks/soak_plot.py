"""The picture of a soak: one panel for each figure of the service, over the runs, as SVG."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

WIDTH, HEIGHT, LEFT, GAP = 720, 110, 60, 46
"""Sizes of a panel and the room around it, in pixels."""

POINTS = 720
"""No panel shows more of them than it has pixels."""


class Look(NamedTuple):
    """What the service was after so many runs: its memory in MiB, open descriptors, and processes below it."""

    runs: int
    rss: float
    descriptors: int
    children: int


PANELS = {
    "rss": "memory of the service (RSS), MiB",
    "descriptors": "open descriptors of the service",
    "children": "processes below the service",
}


def write_plot(looks: Sequence[Look], path: Path) -> None:
    """Draw the looks into *path*."""
    step = max(1, len(looks) // POINTS)
    shown = looks[::step]
    height = len(PANELS) * (HEIGHT + GAP) + GAP
    panels = "\n".join(
        line
        for number, name in enumerate(PANELS)
        for line in _panel(shown, name, GAP + number * (HEIGHT + GAP), looks[-1].runs)
    )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + GAP} {height}"'
        f' font-family="sans-serif" font-size="12">\n'
        f"<title>The service over {looks[-1].runs} runs</title>\n"
        f'<rect width="100%" height="100%" fill="#fff"/>\n{panels}\n</svg>\n',
        "utf-8",
    )


def _panel(looks: Sequence[Look], name: str, top: int, runs: int) -> Iterator[str]:
    """Yield one panel: its words, its frame and scale, and the line; the scale begins at 0."""
    most = max(1.0, *(float(getattr(one, name)) for one in looks)) * 1.1
    bottom = top + HEIGHT
    points = " ".join(
        f"{LEFT + WIDTH * one.runs / runs:.1f},{bottom - HEIGHT * getattr(one, name) / most:.1f}" for one in looks
    )
    yield f'<text x="{LEFT}" y="{top - 8}" font-weight="bold">{PANELS[name]}</text>'
    yield f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#bbb"/>'
    yield f'<text x="{LEFT - 6}" y="{top + 12}" text-anchor="end">{most:.0f}</text>'
    yield f'<text x="{LEFT - 6}" y="{bottom}" text-anchor="end">0</text>'
    yield f'<text x="{LEFT + WIDTH}" y="{bottom + 15}" text-anchor="end">{runs} runs</text>'
    yield f'<polyline points="{points}" fill="none" stroke="#1f5fa8" stroke-width="1.2"/>'
