"""`python -m tests.rpa.store.full_disk LEDGER SMALL`: fills a small disk between promise and end."""

import shutil
import sys
from pathlib import Path

from rpa.errors import DiskFull
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Status
from tests.rpa.store.ledgers import BOT, DIGEST, ROBOT, begun, new_item


def fill(disk: Path) -> None:
    """Write until there is no room."""
    with (disk / "filler").open("ab", buffering=0) as file:
        for size in (4096, 64):
            try:
                while True:
                    file.write(bytes(size))
            except OSError:
                pass


def main(ledger: Path, small: Path) -> None:
    """Promise with room, end without, and try to promise once more."""
    shutil.copytree(ledger, small)
    with Store.open(small, actor=ROBOT) as store, Owner.hold(small) as owner:
        run = store.start_run(BOT, DIGEST, "u-1")
        for reference in ("CL-1", "CL-2"):
            store.add(run, new_item(reference))
        first = begun(store, owner, Status.SUBMITTING)
        second = begun(store, owner)
        fill(small.parent)
        say(store.move(first, Status.CONFIRMED, owner, reason="x" * 99_000).status)
        fill(small.parent)
        try:
            store.move(second, Status.SUBMITTING, owner)
        except DiskFull:
            say("refused")
        say(store.transaction(second.id).status)


def say(word: str) -> None:
    """Tell the parent."""
    sys.stdout.write(f"{word}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
