"""The unit for systemd is one that systemd takes, and leaves the service and its browser what they ask for."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "deploy" / "keyonce.service"


NEEDED = {
    "clock_adjtime",  # the audit log asks whether the clock is kept right
    "landlock_restrict_self",  # a document's reader shuts itself in
    "pkey_alloc",  # Chromium's V8
    "unshare",  # Chromium's sandbox
}
"""Calls for which the service or its browser was seen to be killed, or not to start."""

here = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")


def allowed(*words: str) -> set[str]:
    """Return the calls that these words of a SystemCallFilter stand for; `@` begins the name of a group."""
    groups = [word for word in words if word.startswith("@")]
    told = subprocess.run(
        ["systemd-analyze", "syscall-filter", *groups], capture_output=True, text=True, check=True
    )
    lines = {line.strip() for line in told.stdout.splitlines() if line.startswith("    ")}
    inner = {line for line in lines if line.startswith("@")} - {*groups}
    calls = {line for line in lines if not line.startswith(("@", "#"))}
    return calls.union({*words} - {*groups}, allowed(*inner) if inner else ())


@here
def test_no_call_that_the_service_and_its_browser_need_is_refused() -> None:
    lines = [line.partition("=") for line in UNIT.read_text("utf-8").splitlines()]
    words = [word for key, _, said in lines if key == "SystemCallFilter" for word in said.split()]

    assert allowed(*words) >= NEEDED
    refused = {key: said for key, _, said in lines if key in {"MemoryDenyWriteExecute", "ProtectClock"}}
    assert refused == {}, "V8 writes code that it runs, and ProtectClock refuses to say whether the clock is right"


@here
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "keyonce.service"
    command = str(Path(sys.executable).parent / "rpa")
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/keyonce/.venv/bin/rpa", command), "utf-8")

    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )

    assert [line for line in said.stderr.splitlines() if unit.name in line] == []
