"""Reading under limits: a document that ends its reader ends nothing else."""

import atexit
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from rpa.documents.base import Document, Row, Wanted
from rpa.documents.table import refuse_unknown
from rpa.documents.wire import End, Limits, request_for, rows_from
from rpa.errors import DocumentProblem

GRACE = 10.0
"""Seconds that the helper process has beyond a document's own time before it is given up."""


def read_rows(reader_name: str, document: Document, wanted: Wanted) -> list[Row]:
    """Return the rows of *document* as *reader_name* finds them, read in a process with limits.

    Raises `DocumentProblem` for a document that cannot be read, that takes too long or too much memory, or that
    ends the process; `DefinitionError` where there is no such reader. The next document is read all the same.
    """
    return _SANDBOX.read(reader_name, document, wanted)


@dataclass
class Sandbox:
    """One helper process, started when first needed, that forks a child for every document."""

    limits: Limits = field(default_factory=Limits)
    _helper: "_Helper | None" = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def read(self, reader_name: str, document: Document, wanted: Wanted) -> list[Row]:
        """Return the rows of *document*; raise as `read_rows` does."""
        refuse_unknown(reader_name)
        request = request_for(reader_name, document, wanted, self.limits)
        with self._lock:
            end, answer = self._ask(request)
        if answer:
            return rows_from(answer, document.sha256)
        raise _problem(end, self.limits)

    def close(self) -> None:
        """End the helper process; it is started again when needed."""
        helper, self._helper = self._helper, None
        if helper is not None and helper.owner == os.getpid():
            helper.end()

    def _ask(self, request: bytes) -> tuple[End | None, bytes]:
        helper = self._ready()
        try:
            return helper.ask(request, self.limits.clock + GRACE)
        except (EOFError, OSError):  # the helper is gone or hangs: this document's reader may be the reason
            self.close()
            return None, b""
        except BaseException:  # such as Ctrl-C: an answer that nobody waits for must not be the next document's
            self.close()
            raise

    def _ready(self) -> "_Helper":
        if self._helper is None or self._helper.owner != os.getpid() or self._helper.process.poll() is not None:
            self.close()
            self._helper = _Helper.start()
        return self._helper


@dataclass(frozen=True)
class _Helper:
    """The helper process, and the process that *owner* is: a forked copy of a program starts its own."""

    process: "subprocess.Popen[bytes]"
    channel: Connection
    owner: int

    @classmethod
    def start(cls) -> "_Helper":
        ours, theirs = Pipe()
        modules = os.pathsep.join(folder for folder in sys.path if os.path.isabs(folder))  # noqa: PTH117
        process = subprocess.Popen(  # noqa: S603  # this interpreter, this package
            [sys.executable, "-P", "-m", "rpa.documents.forks", str(theirs.fileno())],
            env={"PYTHONPATH": modules, "PYTHONUTF8": "1"},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the program; the helper ends when the program does
        )
        theirs.close()
        return cls(process, ours, os.getpid())

    def ask(self, request: bytes, seconds: float) -> tuple[End, bytes]:
        self.channel.send_bytes(request)
        if not self.channel.poll(seconds):
            raise EOFError
        return End(**json.loads(self.channel.recv_bytes())), self.channel.recv_bytes()

    def end(self) -> None:
        self.channel.close()
        self.process.kill()
        self.process.wait()


def _problem(end: End | None, limits: Limits) -> DocumentProblem:
    """Return in words what it means that no answer came."""
    if end is None:
        return DocumentProblem("unexpected", "the reading process ended; look at the file in its own program")
    if end.wordy:
        return DocumentProblem("too-big", f"it holds more than {limits.answer >> 20} MB of values; split it")
    if end.late or end.signal == signal.SIGXCPU:
        return DocumentProblem(
            "takes-too-long", "reading it takes longer than a document may; print it to a new file and try again"
        )
    if end.peak > limits.memory * 2 // 3:
        return DocumentProblem("too-big", "it needs more memory than a document may use")
    name = signal.Signals(end.signal).name if end.signal else "no answer"
    return DocumentProblem(
        "damaged", f"it ended the reading process ({name}); look at the file in its own program"
    )


_SANDBOX = Sandbox()
atexit.register(_SANDBOX.close)
