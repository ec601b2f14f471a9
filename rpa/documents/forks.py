"""A process that forks a child with limits for every document.

It runs as `python -m rpa.documents.forks FD`, loads the heavy libraries once and then answers requests on the
connection FD. It begins as a new interpreter with an almost empty environment, so that no secret of the program
that asks is in the memory of a process that parses strangers' files; and it has one thread, so that forking
is safe.
"""

import gc
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from typing import Never

from rpa.documents.table import READERS, reader
from rpa.documents.wire import End, Limits, Request, answer_refusing, answer_with, request_from
from rpa.errors import DefinitionError, DocumentProblem

OPEN_FILES = 32
"""The most files that a child may have open at once."""


def main() -> None:
    """Answer requests until the program that asks is gone."""
    caller = Connection(int(sys.argv[1]))
    for dotted in READERS.values():
        import_module(dotted.partition(":")[0])
    gc.freeze()  # the children then share the libraries' memory instead of copying it
    gc.disable()  # they don't live long enough to gain by it: 200,000 cells took 7.4 s with it and 4.9 s without
    while True:
        try:
            request = request_from(caller.recv_bytes())
        except EOFError:
            return
        end, answer = _serve(request, caller)
        caller.send_bytes(json.dumps(asdict(end)).encode())
        caller.send_bytes(answer)


def _serve(request: Request, caller: Connection) -> tuple[End, bytes]:
    results, to_results = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        caller.close()
        results.close()
        _be_child(request, to_results)
    to_results.close()
    with results:
        return _watch(child, request.limits, results, caller)


def _watch(child: int, limits: Limits, results: Connection, caller: Connection) -> tuple[End, bytes]:
    ready = wait([results, caller], timeout=limits.clock)
    answer, wordy = _received(results, limits) if results in ready else (b"", False)
    os.kill(child, signal.SIGKILL)  # it has said all that it has to say, or it is late, or nobody listens
    _, status, usage = os.wait4(child, 0)
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return End(signal=number, peak=usage.ru_maxrss * 1024, late=not ready, wordy=wordy), answer


def _received(results: Connection, limits: Limits) -> tuple[bytes, bool]:
    """Return the child's answer (none if it died before), and whether the answer was longer than it may be."""
    try:
        return results.recv_bytes(limits.answer), False
    except EOFError:
        return b"", False
    except OSError:
        return b"", True


def _be_child(request: Request, results: Connection) -> Never:
    """Read one document under its limits, say what came of it, and end."""
    _silence()
    _limit(request.limits)
    results.send_bytes(_answer(request))
    os._exit(0)


def _silence() -> None:
    """Let libraries' remarks go nowhere: they may hold words of the document."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)


def _limit(limits: Limits) -> None:
    """Bound this process; it can't write a file either."""
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, limits.memory),
    ):
        resource.setrlimit(what, (most, most))
    # A second lies between the two, so that the signal tells what it died of.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 1))


def _answer(request: Request) -> bytes:
    try:
        rows = reader(request.reader).read(request.path, request.sha256, request.wanted)
        return answer_with(list(rows))
    except (DocumentProblem, DefinitionError) as refusal:
        return answer_refusing(refusal)
    except MemoryError:
        return answer_refusing(DocumentProblem("too-big", "it needs more memory than a document may use"))
    except RecursionError:
        return answer_refusing(DocumentProblem("damaged", "its parts are nested without end"))
    except Exception as fault:  # noqa: BLE001  # parsers raise a dozen kinds for damaged files; the answer names it
        words = (
            f"the reader {request.reader} ended with {type(fault).__name__}; look at the file in its own program"
        )
        return answer_refusing(DocumentProblem("unexpected", words))


if __name__ == "__main__":
    main()
