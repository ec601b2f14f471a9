"""A witness (c2sp.org/tlog-witness): keeps the largest tree that it saw of each log, and signs that it saw it.

It is worth what its distance is worth: run it on another machine, for other people than the log's administrators.
It knows sizes and hashes alone, so it may be told of a log that is secret.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from rpa.audit.checkpoint import checkpoint_of, read_checkpoint
from rpa.audit.memory import Memory, RefusedError, Request
from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey


@dataclass(frozen=True)
class Witness:
    """What a witness is: its key, the logs that it watches by their names, and what it remembers of them."""

    key: PrivateKey
    logs: Mapping[str, PublicKey]
    memory: Memory

    def answer(self, method: str, path: str, body: str) -> str:
        """Answer a request of HTTP; raise `RefusedError` with the status that the specification gives."""
        if (method, path) == ("POST", "/add-checkpoint"):
            return self._add(Request.parse(body))
        if (method, path) == ("GET", "/key"):
            return f"{self.key.public}\n"
        for origin in self.logs:
            if (method, path) == ("GET", newest_path(origin)):
                return self._newest(origin)
        raise RefusedError(404, "there is nothing here")

    def _add(self, request: Request) -> str:
        try:
            origin = checkpoint_of(request.note).origin
        except NotGenuineError as error:
            raise RefusedError(400, str(error)) from None
        if origin not in self.logs:
            raise RefusedError(404, "this log is not known here")
        try:
            new = read_checkpoint(request.note, self.logs[origin])
        except NotGenuineError as error:
            raise RefusedError(403, str(error)) from None
        line = self.key.cosign(new.text(), int(time.time()))
        self.memory.advance(request, new, lambda: request.note + line)
        return line

    def _newest(self, origin: str) -> str:
        note = self.memory.newest(origin)
        if note is None:
            raise RefusedError(404, "nothing was seen of this log yet")
        return note


def newest_path(origin: str) -> str:
    """Return where a witness shows the largest checkpoint that it saw of the log *origin*."""
    return f"/checkpoint/{sha256(origin.encode()).hexdigest()}"
