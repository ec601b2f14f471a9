"""YAML is read as text: what looks like a number, a date or a truth to others stays as it is written."""

from datetime import timedelta
from pathlib import Path

import pytest

from rpa.definitions.bot import Retry, written
from rpa.definitions.yaml import load


@pytest.mark.parametrize("text", ["00123", "no", "on", "18:00", "2026-11-02", "1e3", "0x1F", "~", "null", "1_000"])
def test_a_text_stays_what_it_is(tmp_path: Path, text: str) -> None:
    path = tmp_path / "one.yaml"
    path.write_text(f"key: {text}\n{text}: key\n", "utf-8")

    source = load(path)

    assert source.data == {"key": text, text: "key"}
    assert source.problems == []


def test_the_place_of_every_key_and_value_is_known(tmp_path: Path) -> None:
    path = tmp_path / "one.yaml"
    path.write_text("a: 1\nb:\n  - c: {d: 2}\n", "utf-8")

    source = load(path)

    assert source.keys["b", 0, "c", "d"] == (3, 9)
    assert source.values["b", 0, "c", "d"] == (3, 12)


@pytest.mark.parametrize("text", ["500ms", "30s", "90s", "2m", "1h", "3d"])
def test_a_duration_is_written_as_it_was_read(text: str) -> None:
    assert written(Retry.model_validate({"wait": text}).wait) == text


def test_a_duration_is_as_long_as_it_says() -> None:
    assert Retry.model_validate({"wait": "90 s"}).wait == timedelta(seconds=90)
