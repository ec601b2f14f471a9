"""One run that staff started: `python -m rpa.console.child FOLDER RUN USER NAME ROLE`."""

import os
import signal
import sys
from pathlib import Path

from rpa.audit.entry import Actor
from rpa.errors import ExitCode, RpaError, unforeseen
from rpa.project import Project
from rpa.results.lists import write_lists
from rpa.runner import run


def main(folder: Path, run_id: int, actor: Actor) -> int:
    """Carry out the run, and write what came of it; return the exit code."""
    os.umask(0o077)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    project = Project(folder)
    try:
        with project.store(actor) as store:
            begun = store.run(run_id)
        outcome = run(project, begun.bot, by=begun, progress=_silent, actor=actor)
        write_lists(project, outcome.run.bot)
    except RpaError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the last door: nothing that holds a value may pass it
        return _failed(unforeseen(error))
    return ExitCode.FAILED if outcome.failures else ExitCode.DONE


def _silent(_ended: int, _all: int) -> None:
    """Say nothing: the pages look into the ledger."""


def _failed(words: str) -> int:
    sys.stderr.write(f"rpa console: {words}\n")
    return ExitCode.FAILED


if __name__ == "__main__":
    who = Actor(kind="person", id=sys.argv[3], name=sys.argv[4], role=sys.argv[5])
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2]), who))
