"""The benchmarks still run, and their contenders still enter what was meant."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.contest import Contender, take_turns
from benchmarks.figures import Figures

ROOT = Path(__file__).resolve().parents[2]
HAND = {"challenge", "record25", "benefits"}
DIFFERENCES = "isolation_"
"""May fall below 0 in a single round."""


@pytest.mark.parametrize(
    "name", ["challenge", "record25", "benefits", "reading", "isolation", "pages", "rows", "startup"]
)
def test_one_round_of_each_ends_with_its_figures_as_json(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", name, "--rounds", "1"],
        cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])[name]
    assert all(
        value > 0 for key, value in figures.items() if key.endswith("_ms") and not key.startswith(DIFFERENCES)
    )
    assert ("ratio_to_hand" in figures) == (name in HAND)


def test_a_slow_round_does_not_move_a_ratio() -> None:
    ours, hand = Figures((10.0, 100.0, 10.0)), Figures((40.0, 400.0, 40.0))
    assert ours.share_of(hand).spread == (0.25, 0.25)


def test_the_warm_up_is_not_counted_and_every_contender_begins_a_round() -> None:
    turns: list[str] = []

    def contender(key: str) -> Contender:
        def once() -> float:
            turns.append(key)
            return float(len(turns))

        return Contender(key, key, once)

    times = take_turns([contender("a"), contender("b")], rounds=2)
    assert turns == ["a", "b", "b", "a", "a", "b"]
    assert times == {"a": Figures((4.0, 5.0)), "b": Figures((3.0, 6.0))}
