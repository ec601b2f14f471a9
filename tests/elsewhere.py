"""An export is checked in a fresh virtual environment: by its own file, Python and `cryptography`, nothing else.

`python -m tests.elsewhere` (make audit-elsewhere) installs cryptography there by pip, as an auditor would. The
tests, which need no network, take it over from this environment.
"""

import json
import subprocess
import sys
import sysconfig
import tempfile
import time
import venv
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from rpa.audit.keys import public_key
from tests.attacks.scene import exported, scene

NEEDED = ("cryptography", "cffi", "_cffi_backend")
"""All that the verifier may import beside Python's own library."""

SIZE = 1000
"""Entries of the log that is exported."""

ALONE = (
    "import importlib.util as u; print(*[n for n in ('rpa', 'sqlalchemy', 'pydantic', 'click') if u.find_spec(n)])"
)

Install = Callable[[Path], None]
"""Puts `cryptography` into the environment of a folder."""


def fresh(folder: Path, install: Install) -> Path:
    """Make a virtual environment in *folder* with `cryptography` alone; return its Python."""
    venv.create(folder, symlinks=True, with_pip=False)
    install(folder)
    return folder / "bin/python"


def taken_over(folder: Path) -> None:
    """Let the environment have this one's `cryptography`."""
    (packages,) = folder.glob("lib/*/site-packages")
    for name in NEEDED:
        for found in Path(sysconfig.get_paths()["platlib"]).glob(f"{name}*"):
            (packages / found.name).symlink_to(found)


def installed(folder: Path) -> None:
    """Install it by pip, in the version that this project is tested with."""
    python = str(folder / "bin/python")
    subprocess.run([python, "-m", "ensurepip"], check=True, stdout=subprocess.DEVNULL)
    package = f"cryptography=={version('cryptography')}"
    subprocess.run([python, "-m", "pip", "--quiet", "install", package], check=True)


def check(python: Path, export: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Let that Python check the export, apart from this folder and this environment (`-I`)."""
    command = [str(python), "-I", str(export / "verify.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=export.parent)


def main() -> int:
    """Do it once; print what was seen as one line of JSON, and tell whether it was as it should be."""
    with tempfile.TemporaryDirectory() as text, scene(Path(text) / "log", SIZE) as made:
        folder = Path(text)
        python = fresh(folder / "venv", installed)
        export = exported(made.state, folder / "export", made.places)
        keys = ["--key", str(public_key(made.state)), "--witness", str(made.current.key)]
        began = time.monotonic()
        whole = check(python, export, *keys)
        seconds = time.monotonic() - began
        entries = export / "entries.ndjson"
        entries.write_bytes(entries.read_bytes().replace(b"meridian", b"payments", 1))
        changed = check(python, export, *keys)
        found = subprocess.run([str(python), "-I", "-c", ALONE], capture_output=True, text=True, check=True).stdout
    sys.stdout.write(whole.stdout + changed.stdout)
    told: dict[str, float] = {
        "entries": SIZE,
        "exit_code": whole.returncode,
        "exit_code_changed": changed.returncode,
    }
    told |= {"seconds": round(seconds, 2), "own_packages_there": len(found.split())}
    sys.stdout.write(f"{json.dumps(told)}\n")
    return (whole.returncode, changed.returncode, found.split()) != (0, 1, [])


if __name__ == "__main__":
    sys.exit(main())
