"""The command line keeps its word: exit codes, data alone on standard output, an answer at once."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rpa.work import Status
from tests.commands import typed
from tests.kills.lane import Lane, lane

PASSWORD = "RPA_CREDENTIAL_BENEFITS_PASSWORD"  # noqa: S105  # the name of a variable, no secret
RPA = (sys.executable, "-c", "from rpa.cli.main import main; main()")
LOADED = """
import sys
before = set(sys.modules)
from rpa.cli.main import run
run(["--help"])
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(*sorted(roots - sys.stdlib_module_names), file=sys.stderr)
"""


def rpa(*arguments: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*RPA, *arguments],
        cwd=folder,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("cli")) as one:
        yield one


def test_help_answers_at_once_since_nothing_is_loaded_for_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
    )

    assert "Key it once" in done.stdout
    assert done.stderr.split() == ["click", "rpa"]  # how long it takes then is measured by `make bench`


def test_a_finished_run_is_0_and_a_repeated_one_too(benefits: Lane) -> None:
    folder = benefits.project("CL-900001")

    first, again = (rpa("run", benefits.bot, "--json", folder=folder) for _ in range(2))

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert json.loads(first.stdout)["transactions"]["confirmed"] == 1
    assert json.loads(again.stdout)["entered_now"] == 0
    assert benefits.rows("CL-900001") == 1


def test_a_queue_in_which_nothing_waits_says_so_beside_the_data(tmp_path: Path) -> None:
    (tmp_path / "bots").mkdir()
    for option in ((), ("--json",)):
        done = typed("queue", *option, folder=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing waits for a person\n")


def test_a_queue_of_no_bot_is_not_called_empty(tmp_path: Path) -> None:
    (tmp_path / "bots").mkdir()
    done = typed("queue", "--bot", "losess", "--json", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "no bot is called losess" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "claims"), "no bot is called"),
        (("run",), "Missing argument"),
        (("fly",), "No such command"),
        (("check", "--folder", "x"), "No such option"),
    ],
)
def test_a_wrong_command_is_2_and_says_what_is_wrong(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    (tmp_path / "bots").mkdir()

    wrong = typed(*arguments, folder=tmp_path)

    assert wrong.returncode == 2
    assert told in wrong.stderr
    assert wrong.stdout == ""


def test_a_mistake_in_a_bot_is_2_with_file_line_and_column(benefits: Lane) -> None:
    folder = benefits.project("CL-900003")
    bot = folder / "bots" / "benefits.yaml"
    bot.write_text(bot.read_text("utf-8").replace("press: Search", "pres: Search"), encoding="utf-8")

    checked, ran = typed("check", folder=folder), rpa("run", benefits.bot, folder=folder)

    assert (checked.returncode, ran.returncode) == (2, 2)
    assert "bots/benefits.yaml:20:9: unknown verb `pres`; did you mean `press`?" in checked.stdout
    assert "unknown verb" in ran.stderr


def test_what_needs_a_person_is_3(benefits: Lane) -> None:
    folder = benefits.project("CL-900004")
    (folder / "claims.csv").write_text("Claim No,Lost on\nCL-900005,31 February\n", encoding="utf-8")

    ran = rpa("run", benefits.bot, "--json", folder=folder)
    listed = typed("queue", "--status", "rejected", folder=folder)

    assert (ran.returncode, listed.returncode) == (3, 3), ran.stderr
    assert "is no date of the form YYYY-MM-DD" in listed.stdout


def test_an_interrupted_run_is_130_and_the_next_one_finishes_the_work(benefits: Lane) -> None:
    folder = benefits.project("CL-900006")
    with subprocess.Popen([*RPA, "run", benefits.bot], cwd=folder, stderr=subprocess.PIPE, text=True) as run:
        ledger = folder / ".rpa" / "locks"
        while not list(ledger.glob("session-*")):
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        assert run.wait(60) == 130

    assert benefits.settle(folder) is Status.CONFIRMED
    assert benefits.rows("CL-900006") == 1


def test_reading_starts_no_browser_and_says_where_each_value_stood(benefits: Lane) -> None:
    folder = benefits.project("CL-900007")

    read = typed("read", benefits.bot, "--json", folder=folder, RPA_BROWSER="/nowhere")

    assert read.returncode == 0, read.stderr
    told = json.loads(read.stdout)
    assert told["reference"] == "CL-900007"
    assert told["fields"]["lost_on"]["value"] == "2026-01-02"
    assert told["fields"]["lost_on"]["place"]


def test_a_rehearsal_does_everything_but_submit(benefits: Lane) -> None:
    folder = benefits.project("CL-900008")

    rehearsed = typed("rehearse", benefits.bot, "--json", folder=folder)

    assert rehearsed.returncode == 0, rehearsed.stdout + rehearsed.stderr
    told = json.loads(rehearsed.stdout)
    assert (told["found"], told["problem"]) == (False, None)
    assert Path(told["picture"]).read_bytes().startswith(b"\x89PNG")
    assert benefits.rows("CL-900008") == 0

    other = typed("rehearse", benefits.bot, "--reference", "CL-900009", folder=folder)
    assert (other.returncode, other.stdout) == (2, "")
    assert "no record that can be read is called CL-900009" in other.stderr


def test_a_new_project_passes_its_check_and_is_not_made_twice(tmp_path: Path) -> None:
    made, checked = (
        typed(*words, folder=tmp_path) for words in (("init", "office"), ("check", "--project", "office"))
    )
    again = typed("init", "office", folder=tmp_path)

    assert (made.returncode, checked.returncode) == (0, 0)
    assert json.loads((tmp_path / "office" / "bots" / "schema" / "bot.schema.json").read_text("utf-8"))
    assert again.returncode == 1
    assert "holds a project" in again.stderr


def test_the_doctor_names_what_is_missing(benefits: Lane) -> None:
    folder = benefits.project("CL-900009")

    well = typed("doctor", "--json", folder=folder)
    ill = typed("doctor", folder=folder, **{PASSWORD: ""})

    assert well.returncode == 0, well.stdout
    assert all(json.loads(line)["ok"] for line in well.stdout.splitlines())
    assert ill.returncode == 1
    assert PASSWORD in ill.stdout


def test_a_person_decides_what_the_worker_may_not(benefits: Lane) -> None:
    folder = benefits.project("CL-900010")
    (folder / "claims.csv").write_text("Claim No,Lost on\nCL-900011,never\n", encoding="utf-8")
    typed("run", benefits.bot, folder=folder)

    silent = typed("queue", "abandon", "CL-900011", "benefits", folder=folder)
    decided = typed("queue", "abandon", "CL-900011", "benefits", "--reason", "withdrawn", folder=folder)
    shown = typed("show", "CL-900011", folder=folder)

    assert silent.returncode == 2
    assert decided.returncode == 0, decided.stderr
    assert "benefits: abandoned" in shown.stdout
    assert "withdrawn" in shown.stdout
