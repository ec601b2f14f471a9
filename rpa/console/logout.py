"""The provider tells that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0)."""

import json
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from rpa.console.provider import LEEWAY, NotSignedIn, Provider

EVENT = "http://schemas.openid.net/event/backchannel-logout"

WRONG = "the logout token is not right: {}"

OLDEST = 600
"""Seconds after which a token is no news any more."""

KEYS_FOR = 60.0
"""Seconds for which the provider's keys are remembered: whoever sends tokens has us ask it no more often."""


@dataclass
class Logouts:
    """Which tokens have been obeyed: each is once, so that nobody who kept one can sign a person out again."""

    _seen: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @contextmanager
    def obeyed(self, provider: Provider, token: str) -> Iterator[str]:
        """Give whom the token signs out, by the provider's name; raise `NotSignedIn` where it is not right.

        It counts as used once that is done: where it fails, the provider may send it again.
        """
        claims = _claims(provider, token)
        with self._lock:
            now = time.time()
            self._seen = {one: at for one, at in self._seen.items() if now - at < OLDEST + 2 * LEEWAY}
            if claims["jti"] in self._seen:
                raise NotSignedIn("provider_wrong", "the logout token was used before")
        yield str(claims["sub"])
        with self._lock:
            self._seen[claims["jti"]] = time.time()


def _claims(provider: Provider, token: str) -> Mapping[str, Any]:
    """Return what the token says; the provider is asked for its keys only where it says the right thing."""
    _refuse_wrong(_unproven(token), provider)
    claims: dict[str, Any] = provider.decoded(token, oldest=KEYS_FOR).claims
    _refuse_wrong(claims, provider)
    return claims


def _unproven(token: str) -> object:
    """Return what the token says, whoever has signed it."""
    try:
        payload = token.split(".")[1]
        return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        raise NotSignedIn("provider_wrong", WRONG.format("it is no token")) from None


def _refuse_wrong(claims: object, provider: Provider) -> None:
    from joserfc.errors import JoseError
    from joserfc.jwt import JWTClaimsRegistry

    registry = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.settings.issuer},
        aud={"essential": True, "value": provider.settings.client_id},
        iat={"essential": True},
        jti={"essential": True},
        sub={"essential": True},
    )
    if not isinstance(claims, dict):
        raise NotSignedIn("provider_wrong", WRONG.format("it is no token"))
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        told = f"{type(error).__name__} {getattr(error, 'claim', '')}"
        raise NotSignedIn("provider_wrong", WRONG.format(told)) from None
    if lacks := _lacks(claims):
        raise NotSignedIn("provider_wrong", WRONG.format(lacks))


def _lacks(claims: Mapping[str, Any]) -> str:
    """Return what makes the token another kind than one that signs out; an ID token has no event, and a nonce."""
    events = claims.get("events")
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        return "it tells of no logout"
    if "nonce" in claims:
        return "it has a nonce"
    if not all(isinstance(claims[name], str) and claims[name] for name in ("jti", "sub")):
        return "it names nobody"
    return "" if time.time() - claims["iat"] <= OLDEST else "it is old"
