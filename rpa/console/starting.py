"""Starts runs that staff asked for, each in a process of its own: a console that ends takes none with it."""

import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

from rpa.audit.entry import Actor

STOPPING = 30.0
"""Seconds that a run has to finish what it promised: it takes 28 at most by itself."""


@dataclass
class Starter:
    """The runs that were started here since the console began, each with a thread that waits for its process."""

    folder: Path
    _waiting: dict[int, Thread] = field(default_factory=dict)
    _processes: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, run_id: int, actor: Actor) -> None:
        """Carry out a run that is on the ledger already, on behalf of *actor*."""
        words = [str(self.folder), str(run_id), actor.id, actor.name, actor.role or ""]
        command = [sys.executable, "-m", "rpa.console.child", *words]
        # In a session of its own: a terminal's Ctrl-C is for the console alone to hear.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)  # noqa: S603
        self._processes[run_id] = process
        self._waiting[run_id] = Thread(target=process.wait, name=f"run {run_id}", daemon=True)
        self._waiting[run_id].start()

    def stop(self) -> None:
        """Tell the runs that go on to stop, and wait until they have; one that does not is killed."""
        going = [self._processes[run_id] for run_id in self._waiting if not self.is_gone(run_id)]
        for process in going:
            process.terminate()
        until = time.monotonic() + STOPPING
        for process in going:
            try:
                process.wait(max(0.0, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()

    def is_gone(self, run_id: int) -> bool:
        """Tell whether the run was started here and its process has ended."""
        return run_id in self._waiting and not self._waiting[run_id].is_alive()
