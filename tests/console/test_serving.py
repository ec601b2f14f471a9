"""`rpa console` and `rpa user`, as whoever looks after the accounts types them."""

import re
import signal
import subprocess
import sys
from pathlib import Path

from tests.console.client import Client
from tests.console.stage import make_project, open_to_public

RPA = str(Path(sys.executable).parent / "rpa")


def rpa(folder: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    command = [RPA, *words, "--project", str(folder)]
    return subprocess.run(command, input=said, capture_output=True, text=True, check=False)


def test_an_account_is_made_signs_in_and_is_shut_out_while_the_console_runs(tmp_path: Path) -> None:
    (tmp_path / "bots").mkdir()
    olive = ("user", "add", "olive", "--name", "Olive Reyes", "--role", "operator")
    assert "15 to 256 characters" in rpa(tmp_path, *olive, said="too short\n").stderr
    assert rpa(tmp_path, *olive, said="seven green lamps at noon\n").returncode == 0
    command = [RPA, "console", "--port", "0", "--project", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as console:
        assert console.stderr is not None
        found = re.search(r"http://[^/]+", console.stderr.readline())
        assert found is not None
        client = Client(found[0])
        assert client.sign_in("olive", "seven green lamps at noon").status == 303
        assert rpa(tmp_path, "user", "disable", "olive").returncode == 0

        assert client.get("/work").to == "/sign-in"
        console.send_signal(signal.SIGTERM)
        assert console.stderr.read() == ""
    assert console.returncode == 0


def test_forms_that_only_a_service_reads_are_not_taken_without_a_word(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", claims=0)
    open_to_public(project.folder)
    command = [RPA, "console", "--port", "0", "--project", str(project.folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as console:
        assert console.stderr is not None
        lines = [console.stderr.readline() for _ in range(3)]
        assert Client(lines[1].split()[-1].rstrip("/")).get("/sign-in").status == 200
        console.send_signal(signal.SIGTERM)
    assert "trigger claims-online, which `rpa serve` alone reads" in lines[0]
    assert "The public page is at http" in lines[2]
