"""A provider that says what a test wants it to say: the right thing, or something that must not be believed."""

import base64
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey

CLIENT, SECRET = "keyonce", "what only the console and the provider know"
KEY, OTHER = (ECKey.generate_key("P-256", {"kid": "one", "use": "sig"}) for _ in range(2))
"""The provider's key, and one that somebody else says is the provider's."""


@dataclass
class Forger:
    """What the provider answers next: *claims* are those of the token, *key* and *header* sign it."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    key: ECKey | OctKey | None = field(default_factory=lambda: KEY)
    header: dict[str, str] = field(default_factory=lambda: {"alg": "ES256", "kid": "one"})
    about: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def says(self, nonce: str, **claims: Any) -> None:
        """Name Olga, a clerk, unless *claims* say something else; one that is None is left out."""
        now = int(time.time())
        said = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said |= {"sub": "olga-1", "name": "Olga Lund", "groups": ["clerks"], **claims}
        self.claims = {name: value for name, value in said.items() if value is not None}
        self.key, self.header = KEY, {"alg": "ES256", "kid": "one"}

    def way_back(self, address: str) -> str:
        """Return where a browser that comes to sign in is sent back to: as Olga, without being asked anything."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        self.says(asked["nonce"])
        return f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], 'code': 'c'})}"

    def answer(self, path: str) -> Mapping[str, Any]:
        """Return what is answered at an address."""
        self.asked.append(path)
        if path == "/jwks":
            return {"keys": [KEY.as_dict(private=False)]}
        if path == "/token":
            return {"access_token": "a", "token_type": "Bearer", "expires_in": 60, "id_token": self.token()}
        ends = {"authorization": "auth", "token": "token"}
        ways = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()}
        return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks", **ways, **self.about}

    def token(self) -> str:
        """Return the token; without a key, one that nobody has signed."""
        if self.key is not None:
            return jwt.encode(self.header, self.claims, self.key, algorithms=[self.header["alg"]])
        parts = ({"alg": "none"}, self.claims)
        plain = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
        return f"{'.'.join(plain)}."


def known_by(issuer: str, folder: Path, more: str = "") -> None:
    """Have the project in *folder* know the provider."""
    (folder / "credentials.toml").write_text(f'[sign-in]\npassword = "{SECRET}"\n')
    (folder / "credentials.toml").chmod(0o600)
    (folder / "rpa.toml").write_text(
        f'[secrets]\nstore = "file"\n[console.oidc]\nissuer = "{issuer}"\nclient_id = "{CLIENT}"\n'
        f'credential = "sign-in"\nname = "Made-up County"\n{more}\n'
        '[console.oidc.roles]\noperator = ["clerks"]\nadmin = ["chiefs"]\n'
    )


@contextmanager
def forging() -> Iterator[Forger]:
    """Give a provider that answers on a free port."""
    forger = Forger()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path.startswith("/auth?"):
                self.send_response(303)
                self.send_header("location", forger.way_back(self.path))
                self.end_headers()
                return
            body = json.dumps(forger.answer(self.path)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815  # as http.server calls it

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        forger.issuer = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield forger
        finally:
            server.shutdown()
            thread.join()
