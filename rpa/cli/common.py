"""What the verbs share: the project's folder, and data on standard output."""

import json
import shutil
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

import click

from rpa.errors import Problem

_F = TypeVar("_F", bound=Callable[..., Any])


def project_option(function: _F) -> _F:
    """Add `--project FOLDER`, by default the folder that the command is used in."""
    return click.option(
        "--project",
        "folder",
        type=click.Path(file_okay=False, exists=True, path_type=Path),
        default=".",
        help="The project's folder.",
    )(function)


def json_option(function: _F) -> _F:
    """Add `--json`: data alone on standard output, one object a line."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON alone, an object a line.")(function)


def print_json(data: Mapping[str, Any]) -> None:
    """Print one object on a line of its own."""
    click.echo(json.dumps(data, ensure_ascii=False, default=_plain))


def indented(text: str, by: int) -> str:
    """Return the text in lines that the terminal holds, each moved in by so many spaces."""
    width = max(40, shutil.get_terminal_size().columns)
    return textwrap.fill(text, width, initial_indent=" " * by, subsequent_indent=" " * by)


def near(problem: Problem) -> str:
    """Return the problem with its file's path as a person here would write it."""
    here, path = Path.cwd(), problem.path
    return str(replace(problem, path=path.relative_to(here) if path.is_relative_to(here) else path))


def told(problem: Problem) -> dict[str, Any]:
    """Return the problem for a program."""
    return {
        "file": str(problem.path),
        "line": problem.line,
        "column": problem.column,
        "message": problem.message,
    }


def _plain(value: Any) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
