"""HashiCorp Vault, and OpenBao: secrets of a KV version 2 engine, over its HTTP API.

The file of the store says where, and holds no secret:

    address = "https://vault.example:8200"
    path = "keyonce"                       # credentials are secret/keyonce/NAME
    mount = "secret"
    role_id = "..."                        # AppRole; without it a token is used
    ca = "/etc/ssl/agency.pem"

A secret has the keys `username`, `password` and `origins` (addresses with spaces between). What proves who we
are comes from outside: `VAULT_TOKEN`, or for AppRole `VAULT_SECRET_ID`, or a file that `token_file` or
`secret_id_file` names. Contract: developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2 and .../auth/approle.
"""

import json
import os
import re
import ssl
import tomllib
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener

from rpa.errors import SetupError
from rpa.secrets.base import Credential, NoCredential, credential

SECONDS = 10
LARGEST = 1 << 20
OURSELVES = re.compile(r"(127\.0\.0\.1|\[::1])(:\d+)?")
NOT_FOUND, FORBIDDEN = 404, 403


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow nothing: the token would go along."""


class _RefusedError(SetupError):
    """Vault said no; told without its words."""

    def __init__(self, code: int) -> None:
        meaning = "the token may not read it, or is no longer good" if code == FORBIDDEN else "see Vault's own log"
        super().__init__(f"Vault answers {code}: {meaning}")
        self.code = code


class Vault:
    """One secret per credential, asked for anew each time, so that a rotated password counts at once."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def get(self, name: str) -> Credential:
        """Return the credential *name*; raise `NoCredential`, or `SetupError` where Vault can't be asked."""
        known = self._settings()
        place = f"{known.get('mount', 'secret')}/data/{known.get('path', 'keyonce')}/{name}"
        try:
            answer = self._ask(known, place, token=self._token(known))
        except _RefusedError as refusal:
            if refusal.code != NOT_FOUND:
                raise
            secret = place.replace("/data/", "/", 1)
            raise NoCredential(f"credential {name}: add the secret {secret}") from None
        return credential(name, _entry(answer), "the secret")

    def _settings(self) -> dict[str, str]:
        try:
            known = tomllib.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            raise SetupError(f"{self._file} can't be read: it says where Vault is") from None
        if not _is_safe(str(known.get("address", ""))):
            raise SetupError(f"{self._file}: `address` is needed, and begins with https://")
        return {key: str(value) for key, value in known.items()}

    def _token(self, known: Mapping[str, str]) -> str:
        if "role_id" not in known:
            return _proof("VAULT_TOKEN", known.get("token_file"))
        body = {"role_id": known["role_id"], "secret_id": _proof("VAULT_SECRET_ID", known.get("secret_id_file"))}
        answer = self._ask(known, "auth/approle/login", body=body)
        return str(_part(answer, "auth").get("client_token", ""))

    def _ask(
        self, known: Mapping[str, str], place: str, *, token: str = "", body: Mapping[str, str] | None = None
    ) -> Any:
        headers = {"X-Vault-Request": "true", "Content-Type": "application/json"}
        headers |= {"X-Vault-Token": token} if token else {}
        headers |= {"X-Vault-Namespace": known["namespace"]} if "namespace" in known else {}
        address = f"{known['address'].rstrip('/')}/v1/{quote(place)}"
        content = None if body is None else json.dumps(body).encode()
        request = Request(address, content, headers)  # noqa: S310  # the address was checked
        try:
            with _opener(known.get("ca")).open(request, timeout=SECONDS) as answer:
                return json.loads(answer.read(LARGEST))
        except HTTPError as refusal:
            with refusal:
                raise _RefusedError(refusal.code) from None
        except (URLError, OSError, HTTPException, ValueError):
            where = urlsplit(known["address"]).netloc.rpartition("@")[2]
            raise SetupError(f"Vault at {where} does not answer as it should") from None


def _is_safe(address: str) -> bool:
    """Tell whether the token goes there over TLS, or stays on this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    here = parts.scheme == "http" and OURSELVES.fullmatch(parts.netloc) is not None
    return bool(parts.hostname) and (here or parts.scheme == "https")


def _opener(ca: str | None) -> OpenerDirector:
    context = ssl.create_default_context(cafile=ca)
    return build_opener(_Stay(), ProxyHandler({}), HTTPSHandler(context=context))


def _proof(variable: str, file: str | None) -> str:
    """Return what proves who we are; a service manager may have put it into a file."""
    if file is not None:
        path = Path(file.replace("$CREDENTIALS_DIRECTORY", os.environ.get("CREDENTIALS_DIRECTORY", "")))
        try:
            return path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise SetupError(f"{path} can't be read: it proves to Vault who we are") from None
    if not os.environ.get(variable):
        raise SetupError(f"Vault needs {variable} in the environment, or a file that the store's file names")
    return os.environ[variable]


def _entry(answer: Any) -> dict[str, Any]:
    entry = _part(_part(answer, "data"), "data")
    return entry | ({"origins": entry["origins"].split()} if isinstance(entry.get("origins"), str) else {})


def _part(answer: Any, key: str) -> dict[str, Any]:
    part = answer.get(key) if isinstance(answer, dict) else None
    return part if isinstance(part, dict) else {}
