"""Asks the console as a program could that is no browser: with what headers and cookies it likes."""

import http.client
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from rpa.console.sessions import COOKIE
from tests.console.stage import PASSWORD


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def to(self) -> str:
        """Where the browser is sent."""
        return self.headers.get("location", "")


@dataclass
class Client:
    """One person's way to the console at *base*; *session* is what their browser would hold."""

    base: str
    session: str = ""
    form_token: str = ""
    source: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None, headers)

    def post(
        self, path: str, form: Mapping[str, str | list[str]] | None = None, *, fetched: str = "", **headers: str
    ) -> Answer:
        """Send a form as one of our pages would; *fetched* is what a browser says of where it came from."""
        told = {"form_token": self.form_token, **(form or {})}
        return self._ask(
            "POST", path, urlencode(told, doseq=True), {"Origin": self.base, "Sec-Fetch-Site": fetched, **headers}
        )

    def sign_in(self, name: str, password: str = PASSWORD) -> Answer:
        """Sign in, and go on with the session."""
        answer = self.post("/sign-in", {"name": name, "password": password})
        if found := re.search(rf"{COOKIE}=([^;]+)", answer.headers.get("set-cookie", "")):
            self.session = found[1]
            self.renew()
        return answer

    def renew(self) -> None:
        """Take the token of forms from a page, as a browser would."""
        found = re.search(r'name="form_token" value="(\w+)"', self.get("/systems").text)
        assert found is not None
        self.form_token = found[1]

    def _ask(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        host = urlsplit(self.base).netloc
        connection = http.client.HTTPConnection(host, timeout=30, source_address=(self.source, 0))
        told = {"Host": host, **self.headers, **headers}
        if self.session:
            told["Cookie"] = f"{COOKIE}={self.session}"
        if body is not None:
            told.setdefault("Content-Type", "application/x-www-form-urlencoded")
        connection.request(method, path, body, {name: value for name, value in told.items() if value})
        answer = connection.getresponse()
        text = answer.read().decode(errors="replace")
        connection.close()
        said: dict[str, str] = {}
        for name, value in answer.getheaders():  # there may be several cookies
            said[name.lower()] = f"{said[name.lower()]}\n{value}" if name.lower() in said else value
        return Answer(answer.status, said, text)
