"""The provider tells that somebody has signed out there (OpenID Connect Back-Channel Logout 1.0)."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from rpa.console.provider import LEEWAY, NotSignedIn, Provider

EVENT = "http://schemas.openid.net/event/backchannel-logout"

WRONG = "the logout token is not right: {}"

OLDEST = 600
"""Seconds after which a token is no news any more."""


@dataclass
class Logouts:
    """Which tokens have been obeyed: each is once, so that nobody who kept one can sign a person out again."""

    _seen: dict[str, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def subject(self, provider: Provider, token: str) -> str:
        """Return whom the token signs out, by the provider's name; raise `NotSignedIn` where it is not right."""
        claims = _claims(provider, token)
        with self._lock:
            now = time.time()
            self._seen = {one: at for one, at in self._seen.items() if now - at < OLDEST + 2 * LEEWAY}
            if self._seen.setdefault(claims["jti"], now) != now:
                raise NotSignedIn("provider_wrong", "the logout token was used before")
        return str(claims["sub"])


def _claims(provider: Provider, token: str) -> Mapping[str, Any]:
    from joserfc.errors import JoseError
    from joserfc.jwt import JWTClaimsRegistry

    claims: dict[str, Any] = provider.decoded(token).claims
    registry = JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.settings.issuer},
        aud={"essential": True, "value": provider.settings.client_id},
        iat={"essential": True},
        jti={"essential": True},
        sub={"essential": True},
    )
    try:
        registry.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        told = f"{type(error).__name__} {getattr(error, 'claim', '')}"
        raise NotSignedIn("provider_wrong", WRONG.format(told)) from None
    if lacks := _lacks(claims):
        raise NotSignedIn("provider_wrong", WRONG.format(lacks))
    return claims


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
