"""Passwords of local accounts: Argon2id, at the costs of RFC 9106's second recommended option."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from rpa.errors import BusinessException

SHORTEST, LONGEST = 15, 256
"""Characters. NIST SP 800-63B-4, 3.1.1.2: at least 15 where a password alone signs in; at least 64 allowed."""

AT_ONCE = BoundedSemaphore(2)
"""Each verification takes 64 MiB and some tens of milliseconds: a flood of them must not take the machine."""

_hasher = PasswordHasher()


def hashed(password: str, user_id: str) -> str:
    """Return what is kept of a password. Raises `BusinessException` for one that is too easy or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BusinessException(f"a password has {SHORTEST} to {LONGEST} characters; a few words make a good one")
    if len(set(password)) < SHORTEST // 3 or user_id.casefold() in password.casefold():
        raise BusinessException(
            "this password is too easy: it repeats few characters, or holds the account's name"
        )
    return _hasher.hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Tell whether *password* is the one of which *kept* is the hash; without one it takes just as long."""
    with AT_ONCE:
        try:
            return _hasher.verify(kept or _nobody(), password[: LONGEST + 1]) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


_NOBODY: list[str] = []


def _nobody() -> str:
    """Return a hash that belongs to nobody, so that an unknown account can't be told by the time it takes."""
    if not _NOBODY:
        _NOBODY.append(_hasher.hash("nobody's password"))
    return _NOBODY[0]
