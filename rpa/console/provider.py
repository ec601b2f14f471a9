"""The identity provider of an organization (OpenID Connect): who somebody is and which groups they are in.

Authorization code flow with PKCE. One secret stands in the browser's cookie; state, nonce and verifier are made
of it, so that an answer of the provider is of use to the browser alone that asked, and nothing is kept meanwhile.
"""

import hmac
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

from rpa.errors import SetupError
from rpa.people import Role
from rpa.secrets.base import SecretStore
from rpa.settings.provider import OidcSettings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""How a token may be signed: by a key that the provider alone has. Neither `none` nor a shared secret (HS256)."""

KEYS = frozenset({"RSA", "EC", "OKP"})
TIMEOUT = (4, 8)
"""Seconds for a connection, and until an answer comes."""

KNOWN_FOR = 600.0
"""Seconds for which it is remembered where the provider's addresses are."""

LEEWAY = 120
"""Seconds by which the provider's clock may differ from ours."""

TIMES = frozenset({"exp", "nbf", "iat"})
"""Claims that are wrong where one of both clocks is."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class NotSignedIn(Exception):
    """The provider proved nobody. *word* names what the person is told, *said* is for whoever looks after us."""

    def __init__(self, word: str, said: str) -> None:
        super().__init__(said)
        self.word, self.said = word, said


@dataclass(frozen=True, kw_only=True)
class Proven:
    """Whom the provider knows, by its own name for them (*subject*), and the roles that their groups give here."""

    subject: str
    name: str
    roles: frozenset[Role]


@dataclass
class Provider:
    """The provider that the settings name."""

    settings: OidcSettings
    secrets: SecretStore
    _found: tuple[float, Mapping[str, Any]] | None = field(default=None, repr=False)
    _keys: tuple[float, list[Any]] | None = field(default=None, repr=False)

    def address(self, secret: str, back: str) -> str:
        """Return where the browser is sent to sign in. Raises `NotSignedIn` where the provider can't be asked."""
        said = {"nonce": _made(secret, "nonce"), "code_verifier": _made(secret, "verifier")}
        endpoint = self._endpoint("authorization_endpoint")
        with self._session(back) as session:
            return str(session.create_authorization_url(endpoint, state=state_of(secret), **said)[0])

    def prove(self, secret: str, code: str, back: str) -> Proven:
        """Return whom the provider names for the *code*; raise `NotSignedIn` where that can't be believed."""
        token, issued = self._token(secret, code, back)
        claims = self._claims(token, issued.get("access_token"), _made(secret, "nonce"))
        more = self._more(claims, issued)
        subject = claims["sub"]
        name = next((said for key in ("name", "preferred_username") if (said := more.get(key))), "")
        return Proven(subject=subject, name=_printable(str(name)), roles=frozenset(self._roles(more)))

    def way_out(self, back: str) -> str:
        """Return where somebody signs out at the provider too; empty where it can't be told."""
        try:
            endpoint = self._endpoint("end_session_endpoint")
        except NotSignedIn:
            return ""
        return f"{endpoint}?{urlencode({'client_id': self.settings.client_id, 'post_logout_redirect_uri': back})}"

    def _token(self, secret: str, code: str, back: str) -> tuple[str, Mapping[str, Any]]:
        from authlib.integrations.base_client.errors import OAuthError

        endpoint, verifier = self._endpoint("token_endpoint"), _made(secret, "verifier")
        try:
            with self._session(back) as session:
                issued = _asked(lambda: session.fetch_token(endpoint, code=code, code_verifier=verifier))
        except OAuthError as error:
            raise NotSignedIn("provider_wrong", f"no token for the code: {error.error}") from None
        token = issued.get("id_token")
        if not isinstance(token, str):
            raise NotSignedIn("provider_wrong", "it gave no ID token")
        return token, issued

    def _claims(self, token: str, access: object, nonce: str) -> Mapping[str, Any]:
        """Return what the ID token says, once its signature, issuer, audience, time and nonce are right."""
        from authlib.oidc.core import CodeIDToken
        from joserfc.errors import JoseError

        issuer, client = self.settings.issuer, self.settings.client_id
        wanted = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client}}
        params = {"nonce": nonce, "client_id": client, "access_token": access}
        decoded = self.decoded(token)
        try:
            claims = CodeIDToken(decoded.claims, decoded.header, wanted, params)
            claims.validate(leeway=LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            claim = getattr(error, "claim", "")
            word = "provider_clock" if claim in TIMES else "provider_wrong"
            raise NotSignedIn(word, f"the ID token is not right: {type(error).__name__} {claim}") from None
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= 255:  # noqa: PLR2004  # OIDC, 2
            raise NotSignedIn("provider_wrong", "the ID token names nobody")
        return dict(claims)

    def decoded(self, token: str, *, oldest: float = 0.0) -> Any:
        """Return a token that one of the provider's keys has signed; raise `NotSignedIn` for any other.

        Keys that were fetched *oldest* seconds ago at most are not fetched anew.
        """
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        keys = self._keys_within(oldest)
        try:
            return jwt.decode(token, KeySet.import_key_set({"keys": keys}), algorithms=ALGORITHMS)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotSignedIn("provider_wrong", f"the token is not right: {type(error).__name__}") from None

    def _keys_within(self, oldest: float) -> list[Any]:
        if self._keys is None or time.monotonic() - self._keys[0] > oldest:
            keys = self._get(self._endpoint("jwks_uri")).get("keys", ())
            self._keys = (time.monotonic(), [one for one in keys if _signs(one)])
        return self._keys[1]

    def _more(self, claims: Mapping[str, Any], issued: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the claims, and those of the userinfo endpoint where the ID token lacks groups or name."""
        there = _found(claims, self.settings.claim) is not None and claims.get("name")
        if there or "userinfo_endpoint" not in self._about():
            return claims
        access = {"Authorization": f"Bearer {issued.get('access_token')}"}
        told = self._get(self._endpoint("userinfo_endpoint"), access)
        if told.get("sub") != claims["sub"]:  # OIDC Core, 5.3.2
            raise NotSignedIn("provider_wrong", "the userinfo is somebody else's")
        return {**told, **claims}

    def _roles(self, claims: Mapping[str, Any]) -> Iterator[Role]:
        """Yield the roles that the settings give to the groups of the claim; nobody has one otherwise."""
        found = _found(claims, self.settings.claim)
        groups = (
            {found} if isinstance(found, str) else set(filter(_is_text, found if isinstance(found, list) else ()))
        )
        return (role for role, names in self.settings.roles.items() if groups.intersection(names))

    def _about(self) -> Mapping[str, Any]:
        """Return what the provider says of itself (OpenID Connect Discovery)."""
        if self._found is None or time.monotonic() - self._found[0] > KNOWN_FOR:
            about = self._get(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self.settings.issuer:
                raise NotSignedIn("provider_setup", f"the provider calls itself {about.get('issuer')}")
            self._found = (time.monotonic(), about)
        return self._found[1]

    def _endpoint(self, name: str) -> str:
        """Return one of its addresses; none is asked without TLS, but on this machine."""
        found = self._about().get(name)
        parts = urlsplit(found if isinstance(found, str) else "")
        if parts.scheme != "https" and (parts.scheme != "http" or parts.hostname not in LOOPBACK):
            raise NotSignedIn("provider_setup", f"the provider says no safe {name}")
        return parts.geturl()

    def _get(self, address: str, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        import requests

        said = _asked(lambda: requests.get(address, headers=headers, timeout=TIMEOUT, allow_redirects=False))
        if not said.ok:
            raise NotSignedIn("provider_away", f"{address} answers {said.status_code}")
        try:
            told = said.json()
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise NotSignedIn("provider_setup", f"{address} answers no JSON object")
        return told

    def _secret(self) -> str:
        parts = urlsplit(self.settings.issuer)
        try:
            credential = self.secrets.get(self.settings.credential)
            credential.refuse_outside(f"{parts.scheme}://{parts.netloc}")
        except SetupError as error:
            raise NotSignedIn("provider_setup", str(error)) from None
        return credential.password

    def _session(self, back: str) -> Any:
        from authlib.integrations.requests_client import OAuth2Session

        ways = self._about().get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        way = "client_secret_basic" if "client_secret_basic" in ways else "client_secret_post"
        return OAuth2Session(
            client_id=self.settings.client_id,
            client_secret=self._secret(),
            scope=self.settings.scope,
            redirect_uri=back,
            code_challenge_method="S256",
            token_endpoint_auth_method=way,
            default_timeout=TIMEOUT,
        )


def _printable(name: str) -> str:
    """Return the name without what a terminal would obey, and what turns the direction of reading."""
    return "".join(filter(str.isprintable, " ".join(name.split()))).strip()[:200]


def state_of(secret: str) -> str:
    """Return what the provider hands back with its answer, by which the browser is known that asked."""
    return _made(secret, "state")


def _made(secret: str, use: str) -> str:
    """Return what stands for the secret in one use; none of them tells it, or another one."""
    return hmac.new(secret.encode(), use.encode(), "sha256").hexdigest()


def _asked(ask: Callable[[], Any]) -> Any:
    import requests

    try:
        return ask()
    except requests.exceptions.RequestException as error:
        raise NotSignedIn("provider_away", f"the provider can't be asked: {type(error).__name__}") from None


def _signs(key: object) -> bool:
    return isinstance(key, dict) and key.get("kty") in KEYS and key.get("use", "sig") == "sig"


def _found(claims: Mapping[str, Any], name: str) -> object:
    """Return a claim by its name, or by the dotted way to it, as in `realm_access.roles`."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _is_text(one: object) -> bool:
    return isinstance(one, str)
