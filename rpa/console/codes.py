"""Codes of a second factor: those that change every 30 seconds (TOTP, RFC 6238), and those for a lost device."""

import base64
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass, field
from threading import Lock

import segno
from pyotp import TOTP

STEP = 30
"""Seconds for which a code holds."""

AROUND = (0, -1, 1)
"""Steps whose codes are taken, beside that of now: a device's clock is a little off (RFC 6238, 5.2)."""

SECRET_BYTES = 20
"""As long as what the hash makes of it (RFC 4226, 4, R6)."""

RECOVERY = 10
"""How many codes for a lost device somebody gets; each has 50 bits, too many to be guessed, and holds once."""

MOST_WAITING, WAITING = 10_000, 300.0
"""How many people may be between their password and their code at once, and for how many seconds."""


@dataclass
class Waiting:
    """What is between two pages: who has said their password and not their code, or sets up their device."""

    _held: dict[str, tuple[float, str]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def hold(self, value: str) -> str:
        """Hold *value* for some minutes; return the token that names it."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._held[token] = (time.monotonic() + WAITING, value)
            while len(self._held) > MOST_WAITING:
                del self._held[next(iter(self._held))]
        return token

    def held(self, token: str) -> str | None:
        """Return what the token names; None where it is none, or too old."""
        with self._lock:
            until, value = self._held.get(token, (0.0, ""))
        return value if time.monotonic() < until else None

    def forget(self, token: str) -> None:
        """Hold it no longer."""
        with self._lock:
            self._held.pop(token, None)


def new_secret() -> bytes:
    """Return a random secret."""
    return secrets.token_bytes(SECRET_BYTES)


def written(secret: bytes) -> str:
    """Return the secret as people type it into their device."""
    return base64.b32encode(secret).decode()


def read(text: str) -> bytes:
    """Return the secret that was `written`."""
    return base64.b32decode(text)


def picture(secret: bytes, user_id: str) -> str:
    """Return an SVG that a device's camera reads; it is drawn here, and no other host is asked."""
    address = TOTP(written(secret)).provisioning_uri(name=user_id, issuer_name="Keyonce")
    return segno.make(address, error="m").svg_inline(scale=5, light="#fff")


def step_of(secret: bytes, code: str, now: float | None = None) -> int | None:
    """Return the time step whose code this is; None where it is none of about *now*."""
    totp, current = TOTP(written(secret)), int((time.time() if now is None else now) // STEP)
    typed = "".join(code.split()).encode()
    steps = (current + off for off in AROUND)
    return next((step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), typed)), None)


def recovery_codes() -> list[str]:
    """Return new codes for a lost device, as people write them down."""
    texts = (base64.b32encode(secrets.token_bytes(7)).decode()[:10].lower() for _ in range(RECOVERY))
    return [f"{text[:5]}-{text[5:]}" for text in texts]


def hashed(code: str) -> str:
    """Return what is kept of such a code. It is random: a fast hash is enough (NIST SP 800-63B-4, 3.1.2.2)."""
    return hashlib.sha256("".join(code.split()).replace("-", "").lower().encode()).hexdigest()
