"""A process that forks, for every document, a child that reads it within limits.

It runs as `python -m rpa.documents.forks FD`, loads the heavy libraries once and is then handed, on the socket FD,
one connection for every document. It begins as a new interpreter with an almost empty environment, so that no
secret of the program that asks is in the memory of a process that parses strangers' files; it has one thread, so
that forking is safe. Of a document it holds nothing: the child itself takes the request (which may hold a
password) from that connection and answers on it. So no child can find in its memory what was read before it.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict
from importlib import import_module
from multiprocessing.connection import wait
from typing import Never

from rpa.documents.base import Row
from rpa.documents.confinement import Confinement, keep_only
from rpa.documents.kernel import die_with
from rpa.documents.table import INNER, READERS, reader
from rpa.documents.warm import warm
from rpa.documents.wire import End, Request, answer_refusing, answer_with, request_from
from rpa.errors import DefinitionError, DocumentProblem

_LONGEST_TELLING = 64


def main() -> None:
    """Have the documents of a program read until it is gone."""
    caller = socket.socket(fileno=int(sys.argv[1]))
    for dotted in (READERS | INNER).values():
        import_module(dotted.partition(":")[0])
    warm()
    confinement = Confinement.prepared()
    gc.freeze()  # the children then share the libraries' memory instead of copying it
    gc.disable()  # they don't live long enough to gain by it: 200,000 cells took 7.4 s with it and 4.9 s without
    while True:
        clock, handed, *_ = socket.recv_fds(caller, _LONGEST_TELLING, 1)
        if not handed:
            return
        child = _forked(handed[0], confinement)
        os.close(handed[0])
        caller.send(json.dumps(asdict(_end(child, caller, float(clock)))).encode())


def _forked(connection: int, confinement: Confinement) -> int:
    """Return the number of a new process that reads what *connection* asks for."""
    parent = os.getpid()
    child = os.fork()
    if child == 0:
        _be_child(parent, connection, confinement)
    os.setpgid(child, child)
    return child


def _end(child: int, caller: socket.socket, seconds: float) -> End:
    """Wait until *child* has ended; end it, with all that it started, when its time is up or nobody listens."""
    watched = os.pidfd_open(child)
    ready = wait([watched, caller], seconds)
    os.close(watched)
    with suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    _, status, usage = os.wait4(child, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return End(finished=status == 0, signal=number, peak=usage.ru_maxrss * 1024, late=not ready)


def _be_child(parent: int, connection: int, confinement: Confinement) -> Never:
    """Read one document within limits, hand back what was found, and end, whatever happens."""
    try:
        die_with(parent)
        keep_only(connection)
        with os.fdopen(connection, "rb", closefd=False) as asked:
            request = request_from(asked.read())
        with os.fdopen(connection, "wb") as answer:
            answer.writelines(_answer(request, confinement))
        os._exit(0)
    finally:
        os._exit(1)


def _answer(request: Request, confinement: Confinement) -> Iterator[bytes]:
    """Yield what is found, and if need be the reason why that is not all of it and so nothing."""
    try:
        yield from answer_with(_found(request, confinement))
    except (DocumentProblem, DefinitionError) as refusal:
        yield answer_refusing(refusal)
    except MemoryError:
        yield answer_refusing(DocumentProblem("too-big", "it needs more memory than a document may use"))
    except RecursionError:
        yield answer_refusing(DocumentProblem("damaged", "its parts are nested without end"))
    except Exception as fault:  # noqa: BLE001  # parsers raise a dozen kinds for damaged files; the answer names it
        words = (
            f"the reader {request.reader} ended with {type(fault).__name__}; look at the file in its own program"
        )
        unexpected = DocumentProblem("unexpected", words)
        unexpected.__cause__ = fault
        yield answer_refusing(unexpected)


def _found(request: Request, confinement: Confinement) -> Iterator[Row | Iterable[Row]]:
    part = reader(request.reader)  # one of another package is loaded now, before its files are out of reach
    confinement.put_on(request.limits, [request.path, *request.wanted.blanks])
    return part.read(request.path, request.sha256, request.wanted)


if __name__ == "__main__":
    main()
