"""An export is checked on a machine that has no Keyonce: by one file, Python and `cryptography`."""

from pathlib import Path

import pytest

from rpa.audit import verifier
from rpa.audit.keys import public_key
from rpa.cli.main import run as rpa
from rpa.errors import BusinessException
from rpa.store.store import Store
from tests.elsewhere import check, fresh, taken_over
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, new_item


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Make a log of three records under its checkpoint."""
    with Store.open(tmp_path / "state", actor=ROBOT) as store:
        started = store.start_run(BOT, DIGEST, "u-1")
        for reference in ("CL-1", "CL-2", "CL-3"):
            store.add(started, new_item(reference))
        store.finish_run(started, {})
    return tmp_path / "state"


def export(state: Path, target: Path, reference: str | None = None) -> Path:
    with Store.open(state, actor=ROBOT) as store:
        store.log.export(target, reference=reference)
    return target


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Python of a fresh virtual environment that has `cryptography` and nothing else."""
    return fresh(tmp_path_factory.mktemp("elsewhere") / "venv", taken_over)


def test_an_export_is_verified_where_keyonce_is_not(python: Path, state: Path, tmp_path: Path) -> None:
    done = check(python, export(state, tmp_path / "all"), "--key", str(public_key(state)))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "verified: 5 entries, 1 checkpoints, covered until entry 5\n"


def test_what_is_about_one_record_is_proved_without_the_rest(python: Path, state: Path, tmp_path: Path) -> None:
    folder = export(state, tmp_path / "one", "CL-2")
    done = check(python, folder, "--key", str(public_key(state)))

    assert done.stdout == "verified: 1 entries, 1 checkpoints, covered until entry 5\n"
    assert "CL-1" not in (folder / "entries.ndjson").read_text("ascii")


def test_a_key_that_came_along_is_called_so(python: Path, state: Path, tmp_path: Path) -> None:
    done = check(python, export(state, tmp_path / "all"))

    assert done.returncode == 0
    assert "compare it with one from other people" in done.stdout


def test_entries_after_the_last_checkpoint_are_not_called_covered(
    python: Path, state: Path, tmp_path: Path
) -> None:
    with Store.open(state, actor=ROBOT) as store:
        store.start_run(BOT, DIGEST, "u-1")
    done = check(python, export(state, tmp_path / "all"))

    assert done.returncode == 4
    assert "NOT COVERED since 20" in done.stdout


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("entries.ndjson", "CL-2", "CL-9"),
        ("entries.ndjson", "run.finished", "run.started"),
        ("entries.ndjson", "{", "["),
        ("entries.ndjson", "\n", ""),
        ("checkpoints.txt", "\n5\n", "\n4\n"),
        ("checkpoints.txt", "\n\n", "\n"),
        ("audit.pub", "+", "-"),
        ("manifest.json", "complete", "incomplete"),
    ],
)
def test_a_changed_export_is_broken(
    state: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str
) -> None:
    path = export(state, tmp_path / "all") / name
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    assert verifier.main([str(path.parent)]) == 1
    assert "BROKEN" in capsys.readouterr().out


def test_nothing_is_proved_of_a_log_that_was_never_signed(tmp_path: Path) -> None:
    with pytest.raises(BusinessException, match="rpa audit checkpoint"):
        export(tmp_path / "state", tmp_path / "one", "CL-1")


def test_the_commands_sign_export_and_verify(
    python: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(tmp_path / "project")
    assert rpa(["init", project]) == 0
    for command in (["checkpoint"], ["export", str(tmp_path / "all")], ["verify"]):
        assert rpa(["audit", *command, "--project", project]) == 0
    assert check(python, tmp_path / "all").returncode == 0
    assert rpa(["audit", "export", str(tmp_path / "all"), "--project", project]) == 1
    assert "name a new one" in capsys.readouterr().err
