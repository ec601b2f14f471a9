"""Writes requirements.lock: what `keyonce[dev]` needs, at the versions that .venv has then.

A package that .venv lacks, or has at a version that pyproject.toml excludes, is installed first; the others stay.
The lines name neither an index nor a host, so that any mirror serves them. A package that only some of the
supported Pythons need gets a marker.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
PYTHONS = ("3.11", "3.12", "3.13")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
OWN = PYPROJECT["project"]["name"]


def roots() -> list[Requirement]:
    """Return what pyproject.toml asks for; what builds the project too, so that no build step downloads."""
    project = PYPROJECT["project"]
    groups = [PYPROJECT["build-system"]["requires"], project["dependencies"]]
    groups += project["optional-dependencies"].values()
    return [Requirement(text) for group in groups for text in group if Requirement(text).name != OWN]


def needs(requirement: Requirement, python: str) -> Iterator[Requirement]:
    """Yield what the requirement itself asks for on this version of Python, extras included."""
    version = {"python_version": python, "python_full_version": f"{python}.0"}
    for text in requires(requirement.name) or ():
        needed = Requirement(text)
        environments = [version | {"extra": extra} for extra in requirement.extras or {""}]
        if needed.marker is None or any(map(needed.marker.evaluate, environments)):
            yield needed


def closure(python: str) -> set[str]:
    """Return the names of everything that is needed on this version of Python."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = roots()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            waiting.extend(needs(requirement, python))
    return {name for name, _ in seen}


def lines() -> Iterator[str]:
    """Yield the lock's lines in the order of the alphabet; raises PackageNotFoundError."""
    wanted = {python: closure(python) for python in PYTHONS}
    for name in sorted(set().union(*wanted.values())):
        on = [python for python in PYTHONS if name in wanted[python]]
        marker = "" if len(on) == len(PYTHONS) else f" ; python_version in '{' '.join(on)}'"
        yield f"{name}=={distribution(name).version}{marker}"


def main() -> int:
    """Write the lock, or say which package a Python other than this one needs."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    subprocess.run([*pip, *map(str, roots())], check=True)
    try:
        text = "".join(f"{line}\n" for line in lines())
    except PackageNotFoundError as error:
        print(f"lock: {error.name} is needed by another version of Python: pip install it too", file=sys.stderr)
        return 1
    LOCK.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
