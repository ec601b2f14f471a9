"""What could go wrong between a fresh copy of the project and the first command that works."""

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8").splitlines()
SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin"


def run(*command: str | Path, path: str = SYSTEM_PATH) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def script(path: Path, *lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(("#!/bin/sh", *lines, "")), "utf-8")
    path.chmod(0o755)
    return path


def project_files(folder: Path = ROOT) -> Iterator[Path]:
    """Yield what may be committed, by .gitignore: git itself may be missing, as in an unpacked archive."""
    ignored = [".git", *(ROOT / ".gitignore").read_text("utf-8").replace("/\n", "\n").split()]
    for path in folder.iterdir():
        if not any(fnmatch(path.name, pattern) for pattern in ignored):
            yield from project_files(path) if path.is_dir() else [path]


def test_a_python_that_is_only_a_shim_is_passed_over(tmp_path: Path) -> None:
    script(tmp_path / "python3.13", "echo 'shim: command not found' >&2", "exit 127")
    script(tmp_path / "python3.12", f'exec {sys.executable} "$@"')

    found = run("/bin/sh", ROOT / "deploy" / "python.sh", path=str(tmp_path))

    assert found.stdout == "python3.12\n"


def test_a_python_that_cannot_make_an_environment_is_passed_over(tmp_path: Path) -> None:
    for name in ("python3.13", "python3.12", "python3.11"):
        script(tmp_path / name, "echo 'No module named ensurepip' >&2", "exit 1")
    script(tmp_path / "python3", f'exec {sys.executable} "$@"')

    found = run("/bin/sh", ROOT / "deploy" / "python.sh", path=str(tmp_path))

    assert found.stdout == "python3\n"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of the project whose .venv holds a stand-in that writes down what it is asked."""
    (tmp_path / "deploy").mkdir()
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "deploy/setup.sh", "deploy/python.sh"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = script(tmp_path / ".venv" / "bin" / "python", f'echo "$@" >> {tmp_path}/asked')
    (python.parent / "pip").write_text(f"#!{tmp_path}/.venv/bin/python\n", "utf-8")
    return tmp_path


def set_up(copy: Path) -> list[str]:
    """Set the copy up; return what its Python was asked to do."""
    (copy / "asked").unlink(missing_ok=True)
    done = run("/bin/sh", copy / "deploy" / "setup.sh")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return (copy / "asked").read_text("utf-8").splitlines()


def test_a_second_set_up_installs_nothing_again(copy: Path) -> None:
    assert any("--requirement requirements.lock" in line for line in set_up(copy))
    assert set_up(copy) == ["deploy/browser.py"]


def test_a_changed_lock_is_noticed(copy: Path) -> None:
    set_up(copy)
    (copy / "requirements.lock").write_text("click==8.5.1\n", "utf-8")

    assert any("--requirement requirements.lock" in line for line in set_up(copy))


def test_a_failed_install_is_not_taken_for_a_finished_one(copy: Path) -> None:
    script(copy / ".venv" / "bin" / "python", 'case "$*" in *install*) exit 1 ;; esac')

    done = run("/bin/sh", copy / "deploy" / "setup.sh")

    assert done.returncode == 1
    assert "pip could not install" in done.stderr
    assert not (copy / ".venv" / "ready").exists()


def test_a_program_that_reads_the_demo_sees_json_and_nothing_else(copy: Path) -> None:
    script(copy / ".venv" / "bin" / "rpa", """printf '["%s", "%s"]' "$@" """)

    first = run("make", "--directory", copy, "--no-print-directory", "demo", "ARGS=--json")
    second = run("make", "--directory", copy, "--no-print-directory", "demo", "ARGS=--json")

    assert json.loads(first.stdout) == json.loads(second.stdout) == ["demo", "--json"]
    assert "set-up: installing" in first.stderr
    assert second.stderr == ""


def test_a_machine_without_a_browser_is_told_in_one_line(tmp_path: Path) -> None:
    environment = {"PATH": str(tmp_path), "HOME": str(tmp_path), "RPA_BROWSER": "/nowhere/chromium"}
    command = [sys.executable, str(ROOT / "deploy" / "browser.py")]
    done = subprocess.run(
        command,
        env=environment | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        "set-up: RPA_BROWSER names /nowhere/chromium, which is not a browser that starts: correct or unset it\n"
    )


def test_the_lock_pins_names_and_versions_and_nothing_else() -> None:
    pin = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; python_version in '[0-9. ]+')?")
    assert [line for line in LOCK if not pin.fullmatch(line)] == []


def test_the_lock_holds_everything_that_the_project_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    pinned = dict(line.partition(" ;")[0].split("==") for line in LOCK)
    asked = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in project["project"]["optional-dependencies"].values():
        asked += [text for text in extra if not text.startswith("keyonce")]
    for requirement in map(Requirement, asked):
        pin = pinned.get(canonicalize_name(requirement.name), "")
        assert requirement.specifier.contains(pin), f"{requirement} in pyproject.toml: run `make lock`"


def test_the_lock_is_closed_under_what_its_packages_need() -> None:
    pinned = {Requirement(line).name for line in LOCK}
    for name in pinned - {"setuptools"}:
        for text in distribution(name).requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": ""}):
                assert canonicalize_name(needed.name) in pinned, f"{name} needs {text}"


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    registries = rb"p[y]thonhosted\.org|p[y]pi\.org|registry\.np[m]js\.org|deb\.deb[i]an\.org"
    forbidden = re.compile(registries + rb"|/root/\.|/home/[a-z]+/|/Users/[a-z]+/")
    files = set(project_files()) - {Path(__file__)}
    assert files
    assert [str(file) for file in files if forbidden.search(file.read_bytes())] == []


def test_the_npm_lock_pins_every_package_by_its_hash_and_names_no_host() -> None:
    packages = json.loads((ROOT / "tests" / "package-lock.json").read_text("utf-8"))["packages"]
    installed = {name: entry for name, entry in packages.items() if name}
    assert installed
    for name, entry in installed.items():
        assert "resolved" not in entry, name
        assert entry["integrity"].startswith("sha512-"), name
