"""Signed notes (c2sp.org/signed-note): a text, a blank line, and a line for each signature. Ed25519 only.

Keys are written as the text form of that specification, so that any tool that reads notes can check ours.
"""

import base64
import binascii
import re
from dataclasses import dataclass, field
from hashlib import sha256

ED25519 = b"\x01"
"""The signature type of plain Ed25519 in the note's specification."""

ID_BYTES = 4
SIGNATURE = re.compile(r"\u2014 (\S+) (\S+)")
PUBLIC = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
PRIVATE = re.compile(r"PRIVATE\+KEY\+([^\s+]+)\+([0-9a-f]{8})\+(\S+)")


class NotGenuineError(ValueError):
    """This is no note that its key has signed."""


@dataclass(frozen=True)
class PublicKey:
    """What checks the notes of the log *name*; *raw* is the 32 bytes of RFC 8032."""

    name: str
    raw: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:ID_BYTES]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{_base64(ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> "PublicKey":
        """Return the key written as *text*; raise ValueError where it is none."""
        name, identity, raw = _key_parts(PUBLIC, text)
        key = cls(name, raw)
        if key.id.hex() != identity:
            raise ValueError("the key's id does not belong to it")
        return key

    def read(self, note: str) -> str:
        """Return the text of *note*; raise `NotGenuineError` where this key has not signed exactly it."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        text, signature = self._own_signature(note)
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, text.encode())
        except InvalidSignature:
            raise NotGenuineError("the signature is not of this text") from None
        return text

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
    """What signs the notes of the log *name*."""

    name: str
    raw: bytes = field(repr=False)

    @classmethod
    def generate(cls, name: str) -> "PrivateKey":
        """Return a new random key."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return cls(name, Ed25519PrivateKey.generate().private_bytes_raw())

    @property
    def public(self) -> PublicKey:
        """What checks this key's notes."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return PublicKey(self.name, Ed25519PrivateKey.from_private_bytes(self.raw).public_key().public_bytes_raw())

    def text(self) -> str:
        """Return the key as it is kept in its file."""
        return f"PRIVATE+KEY+{self.name}+{self.public.id.hex()}+{_base64(ED25519 + self.raw)}"

    @classmethod
    def parse(cls, text: str) -> "PrivateKey":
        """Return the key that `text` wrote; raise ValueError where it is none."""
        name, identity, raw = _key_parts(PRIVATE, text)
        key = cls(name, raw)
        if key.public.id.hex() != identity:
            raise ValueError("the key's id does not belong to it")
        return key

    def sign(self, text: str) -> str:
        """Return the signed note of *text*, which ends with a newline."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        signature = Ed25519PrivateKey.from_private_bytes(self.raw).sign(text.encode())
        return f"{text}\n\u2014 {self.name} {_base64(self.public.id + signature)}\n"


def _key_parts(form: re.Pattern[str], text: str) -> tuple[str, str, bytes]:
    match = form.fullmatch(text.strip())
    typed = _bytes(match[3]) if match else b""
    if match is None or typed[:1] != ED25519 or len(typed) != 33:  # noqa: PLR2004  # the type, and 32 bytes of key
        raise ValueError("this is no Ed25519 key of a signed note")
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
