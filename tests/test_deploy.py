"""The unit for systemd is one that systemd takes."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

UNIT = Path(__file__).parents[1] / "deploy" / "keyonce.service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    unit = tmp_path / "keyonce.service"
    command = str(Path(sys.executable).parent / "rpa")
    unit.write_text(UNIT.read_text("utf-8").replace("/opt/keyonce/.venv/bin/rpa", command), "utf-8")

    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, timeout=60, check=False
    )

    assert [line for line in said.stderr.splitlines() if unit.name in line] == []
