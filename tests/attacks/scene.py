"""A log under four checkpoints, and two witnesses on this machine: one has seen three of them, one all four."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from rpa.audit import verifier
from rpa.audit.entry import Event, Fact
from rpa.audit.keys import public_key
from rpa.audit.memory import Memory
from rpa.audit.note import COSIGNATURE, PrivateKey, PublicKey
from rpa.audit.places import WitnessPlace
from rpa.audit.serve import http_server
from rpa.audit.verify import Kept, Verdict, Watch
from rpa.audit.witness import Witness
from rpa.store import trail
from rpa.store.rows import now
from rpa.store.store import Store
from tests.rpa.store.ledgers import BOT, ROBOT

PARTS = 4
"""Checkpoints over the log, each after as many entries as the others."""


@contextmanager
def witness(folder: Path, name: str, log: PublicKey) -> Iterator[WitnessPlace]:
    """Give a witness of the log that listens on this machine."""
    key = PrivateKey.generate(name, COSIGNATURE)
    one = Witness(key, {log.name: log}, Memory(folder / name))
    with http_server("127.0.0.1", 0, one.answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield WitnessPlace(f"http://127.0.0.1:{server.server_address[1]}", key.public)
        finally:
            server.shutdown()
            thread.join()


@dataclass(frozen=True)
class Scene:
    """The log's *state* folder, a *backup* of its second checkpoint, and the witnesses."""

    folder: Path
    size: int
    late: WitnessPlace
    current: WitnessPlace

    @property
    def state(self) -> Path:
        """The folder of the log."""
        return self.folder / "state"

    @property
    def backup(self) -> Path:
        """The folder as it was when the second checkpoint was signed."""
        return self.folder / "backup"

    @property
    def places(self) -> list[WitnessPlace]:
        """Both witnesses."""
        return [self.late, self.current]

    def watch(self, *places: WitnessPlace) -> Watch:
        """Return what is known of the log by some witnesses, or by none."""
        return Watch(witnesses=[place.key for place in places], kept=[self.held(place) for place in places])

    def held(self, place: WitnessPlace) -> Kept:
        """Return what a witness tells when it is asked."""
        return Kept(place.name, place.newest(public_key(self.state).name))

    @contextmanager
    def copy(self) -> Iterator[Path]:
        """Give a copy of the log's folder that may be attacked."""
        attacked = self.folder / "attacked"
        shutil.copytree(self.state, attacked)
        try:
            yield attacked
        finally:
            shutil.rmtree(attacked)


@contextmanager
def scene(folder: Path, size: int) -> Iterator[Scene]:
    """Make a log of *size* entries."""
    with Store.open(folder / "state", actor=ROBOT) as store:
        log = public_key(folder / "state")
        with witness(folder, "late.example/w", log) as late, witness(folder, "current.example/w", log) as current:
            made = Scene(folder, size, late, current)
            for part in range(PARTS):
                _write(store, size // PARTS)
                store.log.checkpoint()
                assert store.log.publish([current] if part == PARTS - 1 else [late, current]) == []
                if part == PARTS - 3:
                    shutil.copytree(made.state, made.backup)
            yield made


def _write(store: Store, number: int) -> None:
    with store._books.writing() as connection:
        for place in range(number):
            fact = Fact(event=Event.SECRET_USED, bot=BOT, reference=f"CL-{place}", data={"secret": "meridian"})
            trail.append(connection, store._books.author, fact, now())


def verified(state: Path, watch: Watch) -> Verdict:
    """Verify a log's folder as `rpa audit verify` does."""
    with Store.examine(state, actor=ROBOT) as store:
        return store.log.verify(watch)


def exported(state: Path, target: Path, places: Sequence[WitnessPlace], reference: str | None = None) -> Path:
    """Export a log's folder as `rpa audit export` does."""
    with Store.examine(state, actor=ROBOT) as store:
        store.log.export(target, reference=reference, witnesses=[place.key for place in places])
    return target


def checked(export: Path, key: PublicKey | str, places: Sequence[WitnessPlace] = (), *held: Path) -> int:
    """Return the exit code of the export's verifier; the export's own witnesses are believed without *places*."""
    words = [str(export), "--key", str(key)]
    words += [word for place in places for word in ("--witness", str(place.key))]
    words += [word for path in held for word in ("--checkpoint", str(path))]
    with redirect_stdout(StringIO()):
        return verifier.main(words)
