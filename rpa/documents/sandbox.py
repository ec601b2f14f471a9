"""Reading under limits: a document that ends its reader ends nothing else."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock

from rpa.documents.answers import Answer
from rpa.documents.base import Document, Row, Wanted
from rpa.documents.table import refuse_unknown
from rpa.documents.wire import End, Limits, request_for
from rpa.errors import DocumentProblem

GRACE = 10.0
"""Seconds that the helper process has beyond a document's own time before it is given up."""

_CHUNK = 1 << 20
_SHORTEST = 0.001
"""Seconds; a timeout of zero would mean not to wait at all, and so another error."""

_ENVIRONMENT = {"PYTHONUTF8": "1", "OPENPYXL_LXML": "False", "OMP_THREAD_LIMIT": "1"}
"""All that the helper is told, beside where modules are. Workbooks are parsed by Python's own parser even where
another is installed, for it is that one which has looked for declared document types. Text recognition gains
little by more threads than one, and they count as the document's own time."""


def read_rows(reader_name: str, document: Document, wanted: Wanted) -> list[Row]:
    """Return the rows of *document* as *reader_name* finds them, read in a process with limits.

    Raises `DocumentProblem` for a document that cannot be read, that takes too long or too much memory, or that
    ends the process; `DefinitionError` where there is no such reader. The next document is read all the same.
    """
    return _CHOSEN.get().read(reader_name, document, wanted)


@contextmanager
def reading_in(sandbox: "Sandbox") -> Iterator[None]:
    """Let `read_rows` read in *sandbox* until the block ends, for this thread: nobody else waits for it."""
    before = _CHOSEN.set(sandbox)
    try:
        yield
    finally:
        _CHOSEN.reset(before)


@dataclass
class Sandbox:
    """One helper process, started when first needed, that forks a child for every document."""

    limits: Limits = field(default_factory=Limits)
    peak: int = 0
    """Bytes: the most memory that the reading of any document has taken so far."""
    _helper: "_Helper | None" = None
    _lock: Lock = field(default_factory=Lock, repr=False)

    def read(self, reader_name: str, document: Document, wanted: Wanted) -> list[Row]:
        """Return the rows of *document*; raise as `read_rows` does."""
        refuse_unknown(reader_name)
        request = request_for(reader_name, document, wanted, self.limits)
        answer = Answer(document.sha256, wanted)
        with self._lock:
            end = self._ask(request, answer)
        self.peak = max(self.peak, end.peak if end is not None else 0)
        if end is not None and end.finished and 0 < answer.length <= self.limits.answer:
            return answer.rows()
        raise _problem(end, answer.length, self.limits)

    def close(self) -> None:
        """End the helper process; it is started again when needed."""
        helper, self._helper = self._helper, None
        if helper is not None and helper.owner == os.getpid():
            helper.end()

    def _ask(self, request: bytes, answer: Answer) -> End | None:
        helper = self._ready()
        try:
            return helper.ask(request, self.limits, answer)
        except (EOFError, OSError):  # the helper is gone or hangs: this document's reader may be the reason
            self.close()
            return None
        except BaseException:  # such as Ctrl-C: a document that nobody waits for must not be read on
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
    channel: socket.socket
    owner: int

    @classmethod
    def start(cls) -> "_Helper":
        ours, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
        modules = os.pathsep.join(folder for folder in sys.path if os.path.isabs(folder))  # noqa: PTH117
        process = subprocess.Popen(  # noqa: S603  # this interpreter, this package
            [sys.executable, "-P", "-m", "rpa.documents.forks", str(theirs.fileno())],
            env={"PYTHONPATH": modules, **_ENVIRONMENT},
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the program; the helper ends when the program does
        )
        theirs.close()
        return cls(process, ours, os.getpid())

    def ask(self, request: bytes, limits: Limits, answer: Answer) -> End:
        """Have one document read, let *answer* hear what comes, and return how it ended.

        An answer that is too long is cut off behind its limit. It comes on a connection of its own, which the
        helper only hands on: nothing of a document is ever in the helper's memory. Raises `EOFError` or `OSError`
        where the helper is gone or late.
        """
        deadline = time.monotonic() + limits.clock + GRACE
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                socket.send_fds(self.channel, [str(limits.clock).encode()], [theirs.fileno()])
            ours.settimeout(limits.clock + GRACE)
            ours.sendall(request)
            ours.shutdown(socket.SHUT_WR)
            while answer.length <= limits.answer and (piece := _received(ours, deadline)):
                answer.hear(piece)
        told = _received(self.channel, deadline)
        if not told:
            raise EOFError
        return End(**json.loads(told))

    def end(self) -> None:
        self.channel.close()
        self.process.kill()
        self.process.wait()


def _received(connection: socket.socket, deadline: float) -> bytes:
    connection.settimeout(max(deadline - time.monotonic(), _SHORTEST))
    return connection.recv(_CHUNK)


def _problem(end: End | None, heard: int, limits: Limits) -> DocumentProblem:
    """Return in words what it means that no whole answer came."""
    if end is None:
        return DocumentProblem("unexpected", "the reading process ended; look at the file in its own program")
    if heard > limits.answer:
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
_CHOSEN = ContextVar("sandbox", default=_SANDBOX)
atexit.register(_SANDBOX.close)
