"""An export that proves itself: the entries' own bytes, the signed checkpoints, the proofs, and a verifier.

`entries.ndjson` holds one entry a line, exactly the bytes that are hashed. Of the whole log the tree is computed
anew, so that no proof is needed; of some entries each comes with the proof that it is in the tree.
"""

import base64
import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.entry import instant
from rpa.audit.note import PublicKey
from rpa.audit.timestamps import Stamped

VERSION = 1
"""Of the bundle's form."""

VERIFIER = Path(__file__).with_name("verifier.py")

README = """An audit trail of Keyonce, log {log}, exported {made}.

    python3 verify.py

needs Python 3.10 or newer and the package cryptography (pip install cryptography). It ends with 0: verified,
1: broken, 4: verified, but the last entries are under no checkpoint that a witness has seen.

This folder proves only that it fits itself, until you give the keys that you have from other people than those who
gave you this folder, and what a witness, a file or another administration holds of the log:

    python3 verify.py --key LOG.pub --witness WITNESS.pub --checkpoint HELD.txt

entries.ndjson   the entries, one JSON object a line, exactly as they were stored and hashed
checkpoints.txt  the signed heads of the log (c2sp.org/tlog-checkpoint), an empty line after each
proofs.json      where this is a part of the log: that each entry is in it (RFC 6962)
audit.pub, witnesses.pub   the public keys
timestamps/      checkpoints that a timestamping authority has signed (RFC 3161), with its answers:
                 openssl ts -verify -data timestamps/SIZE.note -in timestamps/SIZE.tsr -CAfile ITS-ROOTS.pem
keys.txt         where the log's key was changed: notes that the key before and the new one have signed
"""


@dataclass(frozen=True, kw_only=True)
class Proofs:
    """What proves that some entries are in the tree of *size*: paths by number, extensions by earlier sizes."""

    size: int
    inclusion: Mapping[int, Sequence[bytes]]
    consistency: Mapping[int, Sequence[bytes]]


@dataclass(frozen=True, kw_only=True)
class Contents:
    """What goes into a bundle. Without *proofs* the *bodies* are those of the whole log."""

    key: PublicKey
    witnesses: Sequence[PublicKey]
    bodies: Iterable[bytes] = field(repr=False)
    notes: Sequence[str]
    changes: Sequence[str] = ()
    """The notes by which the log's key was changed."""
    stamped: Sequence[Stamped] = ()
    """What timestamping authorities have signed."""
    proofs: Proofs | None = None
    reference: str | None = None


def write_bundle(folder: Path, contents: Contents, made: datetime) -> int:
    """Write the bundle into the new *folder*; return how many entries it has."""
    folder.mkdir(parents=True)
    (folder / "audit.pub").write_text(f"{contents.key}\n", "ascii")
    (folder / "witnesses.pub").write_text("".join(f"{one}\n" for one in contents.witnesses), "ascii")
    (folder / "checkpoints.txt").write_text("\n".join(contents.notes), "utf-8")
    if contents.changes:
        (folder / "keys.txt").write_text("\n".join(contents.changes), "utf-8")
    _write_stamps(folder / "timestamps", contents.stamped)
    entries = _write_entries(folder / "entries.ndjson", contents.bodies)
    if contents.proofs is not None:
        (folder / "proofs.json").write_text(json.dumps(_told(contents.proofs)), "ascii")
    manifest = {
        "v": VERSION,
        "log": contents.key.name,
        "made": instant(made),
        "entries": entries,
        "complete": contents.proofs is None,
        "checkpoint": contents.proofs and contents.proofs.size,
        "reference": contents.reference,
    }
    (folder / "manifest.json").write_text(f"{json.dumps(manifest, indent=1)}\n", "ascii")
    (folder / "README.txt").write_text(README.format(log=contents.key.name, made=instant(made)), "utf-8")
    shutil.copyfile(VERIFIER, folder / "verify.py")
    return entries


def dropped(seq: int, leaf: bytes) -> bytes:
    """Return the line that stands for an entry whose content was dropped in its time."""
    return json.dumps({"leaf": base64.b64encode(leaf).decode("ascii"), "seq": seq}).encode("ascii")


def _write_stamps(folder: Path, stamped: Sequence[Stamped]) -> None:
    """Write each checkpoint as it was signed, and the answers beside it; a second authority's with a number."""
    for one in stamped:
        folder.mkdir(exist_ok=True)
        size = str(checkpoint_of(one.note).size)
        (folder / f"{size}.note").write_text(one.note, "utf-8", newline="")
        others = len(list(folder.glob(f"{size}*.tsr")))
        (folder / (f"{size}-{others + 1}.tsr" if others else f"{size}.tsr")).write_bytes(one.token)


def _write_entries(path: Path, bodies: Iterable[bytes]) -> int:
    written = 0
    with path.open("wb") as file:
        for body in bodies:
            file.write(body + b"\n")
            written += 1
    return written


def _told(proofs: Proofs) -> dict[str, dict[int, list[str]]]:
    return {"inclusion": _spelled(proofs.inclusion), "consistency": _spelled(proofs.consistency)}


def _spelled(paths: Mapping[int, Sequence[bytes]]) -> dict[int, list[str]]:
    return {number: [base64.b64encode(one).decode("ascii") for one in path] for number, path in paths.items()}
