"""Signed notes (c2sp.org/signed-note): a text, a blank line, and a line for each signature. Ed25519 only.

Keys are written as the text form of that specification, so that any tool that reads notes can check ours. A key
signs notes itself (a log's), or says when it saw what another has signed (a witness's, c2sp.org/tlog-cosignature).
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256

ED25519, COSIGNATURE = b"\x01", b"\x04"
"""The types of signature: plain Ed25519, and that of a witness with a time."""

ID_BYTES, TIME_BYTES = 4, 8
SIGNATURE = re.compile(r"\u2014 (\S+) (\S+)")
PUBLIC = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
PRIVATE = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)")


class NotGenuineError(ValueError):
    """This is no note that its key has signed."""


@dataclass(frozen=True)
class PublicKey:
    """What checks the notes of the log or the witness *name*; *raw* is the 32 bytes of RFC 8032."""

    name: str
    raw: bytes
    kind: bytes = ED25519

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.raw).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(self.kind + self.raw)}"

    @classmethod
    def parse(cls, text: str, kind: bytes = ED25519) -> "PublicKey":
        """Return the key of that *kind* written as *text*; raise ValueError where it is none."""
        name, identity, raw = _key_parts(PUBLIC, text, kind)
        key = cls(name, raw, kind)
        if key.id.hex() != identity:
            raise ValueError("the key's id does not belong to it")
        return key

    def read(self, note: str) -> str:
        """Return the text of *note*; raise `NotGenuineError` where this key has not signed exactly it."""
        text, signature = self._own_signature(note)
        self._check(text, signature)
        return text

    def cosigned(self, note: str) -> int:
        """Return when this witness saw *note*, in seconds since 1970; raise `NotGenuineError` where it hasn't."""
        text, signature = self._own_signature(note)
        at = int.from_bytes(signature[:TIME_BYTES], "big")
        self._check(seen_at(at, text), signature[TIME_BYTES:])
        return at

    def _check(self, text: str, signature: bytes) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            raise NotGenuineError("the signature is not of this text") from None

    def _own_signature(self, note: str) -> tuple[str, bytes]:
        text, blank, lines = note.rpartition("\n\n")
        if not blank or not lines.endswith("\n"):
            raise NotGenuineError("it is not a signed note")
        found = [SIGNATURE.fullmatch(line) for line in lines[:-1].split("\n")]
        signed = [_bytes(one[2]) for one in found if one is not None and one[1] == self.name]
        own = [signature for signature in signed if signature[:ID_BYTES] == self.id]
        if len(own) != 1 or None in found:
            raise NotGenuineError(f"it is not signed by {self.name}")
        return text + "\n", own[0][ID_BYTES:]


@dataclass(frozen=True)
class PrivateKey:
    """What signs the notes of the log *name*, or what the witness *name* has seen."""

    name: str
    raw: bytes = field(repr=False)
    kind: bytes = field(default=ED25519, repr=False)

    @classmethod
    def generate(cls, name: str, kind: bytes = ED25519) -> "PrivateKey":
        """Return a new random key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw(), kind)

    @property
    def public(self) -> PublicKey:
        """What checks this key's notes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        raw = Ed25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw()
        return PublicKey(self.name, raw, self.kind)

    def text(self) -> str:
        """Return the key as it is kept in its file."""
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{_base64(self.kind + self.raw)}"

    @classmethod
    def parse(cls, text: str, kind: bytes = ED25519) -> "PrivateKey":
        """Return the key of that *kind* that `text` wrote; raise ValueError where it is none."""
        name, identity, raw = _key_parts(PRIVATE, text, kind)
        key = cls(name, raw, kind)
        if key.public.id.hex() != identity:
            raise ValueError("the key's id does not belong to it")
        return key

    def sign(self, text: str) -> str:
        """Return the signed note of *text*, which ends with a newline."""
        return f"{text}\n{self._line(self._signature(text))}"

    def cosign(self, text: str, at: int) -> str:
        """Return the line of a signature that says: at that second this was the largest tree seen of the log."""
        return self._line(at.to_bytes(TIME_BYTES, "big") + self._signature(seen_at(at, text)))

    def _signature(self, text: str) -> bytes:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self.raw).sign(text.encode())

    def _line(self, signature: bytes) -> str:
        return f"\u2014 {self.name} {_base64(self.public.id + signature)}\n"


def seen_at(at: int, text: str) -> str:
    """Return what a witness signs: the text of the note, under the second at which it was seen."""
    return f"cosignature/v1\ntime {at}\n{text}"


def _key_parts(form: re.Pattern[str], text: str, kind: bytes) -> tuple[str, str, bytes]:
    match = form.fullmatch(text.strip())
    typed = _bytes(match[3]) if match else b""
    if match is None or typed[:1] != kind or len(typed) != 33:  # noqa: PLR2004  # the type, and 32 bytes of key
        what = "signed note" if kind == ED25519 else "witness"
        raise ValueError(f"this is no Ed25519 key of a {what}")
    return match[1], match[2], typed[1:]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _bytes(text: str) -> bytes:
    """Decode strictly: one run of bytes has one spelling, so that a changed letter is never overlooked."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NotGenuineError("it holds text that is not base64") from None
    if _base64(raw) != text:
        raise NotGenuineError("it holds base64 in an unusual spelling")
    return raw
