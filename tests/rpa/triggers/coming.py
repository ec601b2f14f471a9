"""A project whose bot reads lists and rejects every row: its runs need no browser. And what becomes of a start."""

import shutil
from pathlib import Path

from filelock import FileLock

from rpa.definitions.trigger import Trigger
from rpa.occurrence import State
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.triggers.arrivals import Arrivals

BASE = Path(__file__).parents[2] / "definitions" / "base"
VISITS = """\
bot: visits
about: Enter each visit once.
owner: desk@county.example
documents:
  visits: {files: nowhere/*.csv, reader: csv}
record:
  name: Visit
  each: visits
  reference: number
  fields:
    number: {from: visits, label: Number}
  rules:
    - check: number == "none"
      else: No visit is entered here
enter:
  - system: desk
    search:
      - open: Search
      - fill: {Number: $number}
      - press: Search
      - find: {Results: {Number: $number}}
    create:
      - open: New permit
      - fill: {Number: $number}
    submit:
      - press: Save
    confirm:
      - press: Open
      - expect: {Number: $number}
"""


def project(folder: Path) -> Path:
    """Lay out the project."""
    shutil.copytree(BASE, folder, dirs_exist_ok=True)
    (folder / "bots" / "visits.yaml").write_text(VISITS, "utf-8")
    (folder / "triggers").mkdir(exist_ok=True)
    return folder


def arrivals(folder: Path, store: Store, trigger: Trigger, home: str) -> Arrivals:
    """Return what *trigger* has taken, in the folder *home* of the project."""
    moved = trigger.folder is not None
    lock = FileLock(folder / "trigger.lock")
    return Arrivals(trigger, folder, folder / home, store, moved=moved, lock=lock)


def run_all(store: Store, state: Path, outcome: str | None, *, end: State = State.DONE) -> None:
    """Do as the runs of all starts do: give each file that came this outcome, and end."""
    import hashlib

    for one in store.occurrences.startable():
        with Owner.hold(state) as owner:
            taken = store.occurrences.take(one.name, one.nominal, owner)
            assert taken is not None
            run = store.start_run(one.bot, "d" * 64, taken.by)
            (pattern,) = one.files.values()
            for path in state.parent.glob(pattern):
                sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                if outcome is not None:
                    store.remember_document(run, sha256, path.name, outcome, None)
            store.occurrences.end(taken, end, run_id=run.id)
