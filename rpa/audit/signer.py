"""Who signs the log's checkpoints: a key in a file, or a process of another account that remembers what it signed.

Whoever may write the log's files can read a key that lies beside them, and sign another history. A signer of its
own account never gives the key away, and signs no tree that doesn't go on from the last one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from rpa.audit.call import AwayError, call_socket
from rpa.audit.checkpoint import Checkpoint, checkpoint_of
from rpa.audit.keys import PUBLIC_FILE, create_key, private_key, public_key, publish_key, write_whole
from rpa.audit.memory import Memory, RefusedError, Request
from rpa.audit.newkey import adopt_key, next_key
from rpa.audit.note import NotGenuineError, PrivateKey, PublicKey
from rpa.errors import SetupError

Prove = Callable[[int], Sequence[bytes]]
"""Gives the proof that the tree to be signed goes on from the one of that size."""


class Signer(Protocol):
    """Signs checkpoints of one log."""

    def create(self) -> None:
        """Have a key, and its public part beside the log; raise SetupError where there can be none."""
        ...

    def sign(self, size: int, root: bytes, prove: Prove) -> str:
        """Return the signed note of the tree.

        Raises `AwayError` where the signer can't be reached, SetupError where it refuses or has no key.
        """
        ...

    def change(self, checkpoint: str) -> str:
        """Have a new key, and return the note by which it follows from the one before at the last *checkpoint*.

        It signs once it is adopted. Raises SetupError.
        """
        ...

    def adopt(self, key: PublicKey) -> None:
        """Sign with this new key from now on, and put its public part beside the log; raise SetupError."""
        ...


@dataclass(frozen=True)
class FileSigner:
    """Signs with `audit.key`, of systemd's credentials or beside the log."""

    folder: Path

    def create(self) -> None:
        """Write a new key unless there is one."""
        create_key(self.folder)

    def sign(self, size: int, root: bytes, prove: Prove) -> str:
        """Return the signed note; whoever asks has compared the tree with the last checkpoint."""
        del prove
        key = private_key(self.folder)
        return Checkpoint(key.name, size, root).sign(key)

    def change(self, checkpoint: str) -> str:
        """Write the new key into a file of its own, `audit.key.next`."""
        return next_key(self.folder, checkpoint)

    def adopt(self, key: PublicKey) -> None:
        """Put the new key in the place of the one before."""
        adopt_key(self.folder, key)


@dataclass(frozen=True)
class SocketSigner:
    """Asks a signing process at the socket *path*; *folder* is the log's."""

    path: Path
    folder: Path

    def create(self) -> None:
        """Fetch the public key, once."""
        try:
            publish_key(self.folder, PublicKey.parse(call_socket(self.path, "GET", "/key", "")))
        except AwayError as error:
            raise SetupError(f"the signer at {self.path} can't be reached ({error}): start rpa signer") from None

    def sign(self, size: int, root: bytes, prove: Prove) -> str:
        """Return the signed note, with a proof from whatever tree the signer has signed last."""
        text = Checkpoint(public_key(self.folder).name, size, root).text()
        last = 0
        for _ in range(2):
            try:
                request = Request(last, prove(last), text)
                return call_socket(self.path, "POST", "/sign-checkpoint", request.text())
            except RefusedError as refused:
                if refused.size is None or refused.size in {last, 0} or refused.size > size:
                    raise SetupError(f"the signer does not sign the audit log: {refused}") from None
                last = refused.size
        raise SetupError("the signer does not sign the audit log: others have it sign at the same time")

    def change(self, checkpoint: str) -> str:
        """Fetch the note of the change that the signer's own administrator has made by `rpa signer --new-key`."""
        del checkpoint
        try:
            return call_socket(self.path, "GET", "/change", "")
        except AwayError as error:
            raise SetupError(f"the signer at {self.path} can't be reached ({error})") from None
        except RefusedError:
            raise SetupError("the signer has its first key: give it a new one by rpa signer --new-key") from None

    def adopt(self, key: PublicKey) -> None:
        """Put the new public key in the place of the one before."""
        write_whole(self.folder / PUBLIC_FILE, str(key), 0o644)


@dataclass(frozen=True)
class SigningProcess:
    """What `rpa signer` does: signs with *key* what goes on from what is remembered."""

    key: PrivateKey
    memory: Memory
    change: str | None = None
    """The note by which this key follows from the one before."""

    def answer(self, method: str, path: str, body: str) -> str:
        """Answer a request of HTTP; raise `RefusedError` as a witness does."""
        if (method, path) == ("GET", "/key"):
            return f"{self.key.public}\n"
        if (method, path) == ("GET", "/change") and self.change is not None:
            return self.change
        if (method, path) != ("POST", "/sign-checkpoint"):
            raise RefusedError(404, "there is nothing here")
        request = Request.parse(body)
        try:
            new = checkpoint_of(request.note)
        except NotGenuineError as error:
            raise RefusedError(400, str(error)) from None
        if new.origin != self.key.name:
            raise RefusedError(403, "this is another log")
        return self.memory.advance(request, new, lambda: new.sign(self.key))
