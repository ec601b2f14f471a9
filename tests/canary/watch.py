"""Looks at environment and command line of each process that a run starts, and at what it writes for a while."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.canary.search import Canaries, found_in

EVERY = 0.05
LARGEST = 1 << 20
"""Bytes of a temporary file that are read each time."""


class Watch:
    """While entered, searches the children of a process, and the files of a folder that may be gone later."""

    def __init__(self, pid: int, folder: Path, wanted: Canaries) -> None:
        self.found: set[str] = set()
        self.processes: set[int] = set()
        self._pid, self._folder, self._wanted = pid, folder, wanted
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(EVERY):
            for pid in _below(self._pid):
                self.processes.add(pid)
                for part in ("environ", "cmdline"):
                    self._search(Path(f"/proc/{pid}/{part}"), f"{part} of a child")
            with suppress(FileNotFoundError):  # a folder may go while it is looked into
                for path in self._folder.rglob("*"):
                    self._search(path, f"tmp/{path.relative_to(self._folder)}")

    def _search(self, path: Path, where: str) -> None:
        with suppress(OSError):
            if path.is_file():
                with path.open("rb") as file:
                    content = file.read(LARGEST)
                self.found |= {f"{name} in {where}" for name in found_in(content, self._wanted)}


def _below(pid: int) -> Iterator[int]:
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in map(int, (task / "children").read_text().split()):
                yield child
                yield from _below(child)
