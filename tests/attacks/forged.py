"""Proofs that are none: of an entry that is not in the log, of a tree that does not go on from another."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

from rpa.audit.call import call_url
from rpa.audit.checkpoint import Checkpoint, checkpoint_of
from rpa.audit.keys import private_key, public_key
from rpa.audit.memory import RefusedError, Request
from rpa.audit.note import PrivateKey
from tests.attacks.scene import Scene, checked, exported

Proofs = dict[str, Any]
REFERENCE = "CL-7"
OTHER = "Ag" * 21 + "A="
"""Some hash, in base64."""


def flip_step(proofs: Proofs) -> None:
    way = next(iter(proofs["inclusion"].values()))
    way[0] = OTHER


def shorten(proofs: Proofs) -> None:
    next(iter(proofs["inclusion"].values())).pop()


def lengthen(proofs: Proofs) -> None:
    next(iter(proofs["inclusion"].values())).append(OTHER)


def swap_entries(proofs: Proofs) -> None:
    one, two, *_ = proofs["inclusion"]
    proofs["inclusion"][one], proofs["inclusion"][two] = proofs["inclusion"][two], proofs["inclusion"][one]


def leave_out(proofs: Proofs) -> None:
    proofs["inclusion"].popitem()


def break_consistency(proofs: Proofs) -> None:
    next(iter(proofs["consistency"].values()))[0] = OTHER


def empty_consistency(proofs: Proofs) -> None:
    next(iter(proofs["consistency"].values())).clear()


def _export(made: Scene, how: Callable[[Proofs], None], *, entry: bool = False) -> bool:
    """Tell whether an export of one record with forged proofs is refused."""
    with made.copy() as state:
        export = exported(state, state / "export", made.places, REFERENCE)
        key = public_key(made.state)
        assert checked(export, key, made.places) == 0
        path: Path = export / ("entries.ndjson" if entry else "proofs.json")
        if entry:
            path.write_bytes(path.read_bytes().replace(b"meridian", b"payments", 1))
        else:
            proofs = json.loads(path.read_text("ascii"))
            how(proofs)
            path.write_text(json.dumps(proofs), "ascii")
        return checked(export, key, made.places) == 1


def another_entry(made: Scene) -> bool:
    return _export(made, lambda _: None, entry=True)


def _asked(made: Scene, request: Request) -> bool:
    """Tell whether the witness refuses, and still holds what it held."""
    held = made.held(made.current)
    try:
        call_url(made.current.url, "POST", "/add-checkpoint", request.text())
    except RefusedError:
        return made.held(made.current) == held
    return False


def _signed(made: Scene, size: int, key: PrivateKey | None = None) -> str:
    """Return a checkpoint over other entries, signed with the log's own key."""
    own = private_key(made.state)
    return Checkpoint(own.name, size, sha256(b"other entries").digest()).sign(key or own)


def fork(made: Scene) -> bool:
    return _asked(made, Request(made.size, [], _signed(made, made.size)))


def roll_back(made: Scene) -> bool:
    return _asked(made, Request(made.size, [], _signed(made, made.size - 1)))


def begin_anew(made: Scene) -> bool:
    return _asked(made, Request(0, [], _signed(made, made.size + 5)))


def no_proof(made: Scene) -> bool:
    return _asked(made, Request(made.size, [], _signed(made, made.size + 5)))


def false_proof(made: Scene) -> bool:
    proof = [sha256(bytes([number])).digest() for number in range(9)]
    return _asked(made, Request(made.size, proof, _signed(made, made.size + 5)))


def other_key(made: Scene) -> bool:
    origin = checkpoint_of(made.held(made.current).note).origin
    return _asked(made, Request(made.size, [], _signed(made, made.size + 5, PrivateKey.generate(origin))))


FORGERIES: dict[str, Callable[[Scene], bool]] = {
    "an entry that says something else": another_entry,
    "a step of a proof": lambda made: _export(made, flip_step),
    "a proof without its last step": lambda made: _export(made, shorten),
    "a proof with a step more": lambda made: _export(made, lengthen),
    "the proof of another entry": lambda made: _export(made, swap_entries),
    "no proof": lambda made: _export(made, leave_out),
    "a step of a consistency proof": lambda made: _export(made, break_consistency),
    "an empty consistency proof": lambda made: _export(made, empty_consistency),
    "to the witness: another tree of the same size": fork,
    "to the witness: a smaller tree": roll_back,
    "to the witness: a log that begins anew": begin_anew,
    "to the witness: no proof": no_proof,
    "to the witness: a false proof": false_proof,
    "to the witness: a checkpoint of another key": other_key,
}


def refused(made: Scene, name: str) -> bool:
    """Tell whether the forgery of that name is refused."""
    return FORGERIES[name](made)
