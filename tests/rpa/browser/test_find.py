"""What could go wrong in finding a browser: a name without a program behind it, and a proof that is too old."""

import asyncio
import os
from pathlib import Path

import pytest

from rpa.browser.find import find
from rpa.browser.proof import check_driver, revision
from rpa.errors import SetupError


@pytest.fixture(scope="session")
def real() -> Path:
    """Return a browser of this machine that starts."""
    path = find().path
    if path is None:
        pytest.skip("this machine uses Playwright's own build: there is no program to put on PATH")
    return path


@pytest.fixture
def programs(tmp_path: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the first folder on PATH, on a machine where nothing was proved before."""
    assert real
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("RPA_BROWSER", "XDG_CACHE_HOME", "PLAYWRIGHT_BROWSERS_PATH", "PLAYWRIGHT_NODEJS_PATH"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def script(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("#!/bin/sh", *lines, "")), "utf-8")
    path.chmod(0o755)
    return path


def counted(path: Path, real: Path) -> Path:
    """Put a browser at *path* that writes a line whenever it is started."""
    return script(path, f"echo started >> {path}.starts", f'exec {real} "$@"')


def starts(path: Path) -> int:
    return len(Path(f"{path}.starts").read_text("utf-8").splitlines())


def test_a_program_that_only_bears_the_name_is_passed_over(programs: Path, real: Path) -> None:
    script(programs / "chromium-headless-shell", "echo 'install the package first' >&2", "exit 1")
    chromium = counted(programs / "chromium", real)

    found = find()

    assert (found.name, found.path) == ("chromium", chromium)
    assert found.version[0].isdigit()


def test_a_browser_with_a_window_is_never_the_headless_shell(programs: Path, real: Path) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    chromium = counted(programs / "chromium", real)

    assert find().path == shell
    assert find(headed=True).path == chromium


def test_a_download_that_lost_its_program_is_passed_over(
    programs: Path, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    build = programs.parent / "downloads" / f"chromium_headless_shell-{revision()}"
    build.mkdir(parents=True)
    (build / "INSTALLATION_COMPLETE").touch()
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(build.parent))

    assert find().path == shell


def test_what_was_proved_is_not_started_again(programs: Path, real: Path) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    first = find()
    before = starts(shell)

    assert find() == first
    assert starts(shell) == before


def test_a_program_that_was_replaced_is_proved_anew(programs: Path, real: Path) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    find()
    before = starts(shell)
    os.utime(shell, (1, 1))

    find()

    assert starts(shell) > before


def test_a_damaged_memory_of_proofs_does_no_harm(programs: Path, real: Path) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    memory = programs.parent / "home" / ".cache" / "keyonce" / "browsers.json"
    memory.parent.mkdir(parents=True)
    memory.write_text("{", "utf-8")

    assert find().path == shell


def test_a_home_that_cannot_be_written_does_no_harm(
    programs: Path, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    monkeypatch.setenv("HOME", str(shell))

    assert find().path == shell


def test_a_browser_is_found_while_an_event_loop_is_running(programs: Path, real: Path) -> None:
    shell = counted(programs / "chromium-headless-shell", real)

    async def inside() -> Path | None:
        return find().path

    assert asyncio.run(inside()) == shell


def test_a_machine_without_a_browser_is_told_what_to_do_in_one_line(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(programs))

    with pytest.raises(SetupError, match=r"^no browser starts on this machine: run `apt-get install [^\n]*$"):
        find()


def test_a_browser_that_was_named_wrongly_is_not_replaced_by_another(
    programs: Path, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shell = counted(programs / "chromium-headless-shell", real)
    wrong = script(programs / "wrong", "echo 'libnss3.so: cannot open shared object file' >&2", "exit 127")
    monkeypatch.setenv("RPA_BROWSER", str(wrong))

    with pytest.raises(SetupError, match=r"RPA_BROWSER names .*/wrong.*libnss3\.so"):
        find()
    assert not Path(f"{shell}.starts").exists()


def test_a_browser_that_was_named_is_taken(programs: Path, real: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = counted(programs / "mine", real)
    monkeypatch.setenv("RPA_BROWSER", str(mine))

    assert find(headed=True).path == mine


def test_a_driver_without_its_library_is_not_taken_for_a_missing_browser(
    programs: Path, real: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted(programs / "chromium-headless-shell", real)
    node = script(programs / "node", "echo 'libatomic.so.1: cannot open shared object file' >&2", "exit 127")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))

    with pytest.raises(SetupError, match=r"driver does not run \(libatomic\.so\.1.*apt-get install libatomic1"):
        find()


def test_a_program_that_is_tried_inherits_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spy = script(tmp_path / "spy", f"env >> {tmp_path}/inherited", "exit 1")
    for name, text in {
        "RPA_BROWSER": str(spy),
        "HOME": str(tmp_path),
        "RPA_CREDENTIAL_SMALL_PASSWORD": "canary",
        "DEBUG": "pw:canary",
    }.items():
        monkeypatch.setenv(name, text)

    with pytest.raises(SetupError):
        find()

    inherited = (tmp_path / "inherited").read_text("utf-8")
    assert "HOME=" in inherited
    assert "canary" not in inherited
    assert os.environ["RPA_CREDENTIAL_SMALL_PASSWORD"] == "canary"  # noqa: S105  # no secret


def test_the_driver_that_is_tried_inherits_no_credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node = script(tmp_path / "node", f"env > {tmp_path}/inherited")
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", str(node))
    monkeypatch.setenv("RPA_CREDENTIAL_SMALL_PASSWORD", "canary")

    check_driver()

    assert "canary" not in (tmp_path / "inherited").read_text("utf-8")
