"""The second factor: a stolen password is not enough, a code holds once, and nobody is shut out for good."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyotp import TOTP

from rpa.console.codes import STEP, step_of
from rpa.console.passwords import hashed
from rpa.errors import SetupError
from rpa.people import Role
from rpa.project import Project
from tests.console.client import Client
from tests.console.stage import CLERK, PASSWORD, served

HIDDEN = re.compile(r'name="(setting_up|signing_in)" value="([\w-]+)"')


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve a console where administrators need a second factor, and its project's folder."""
    folder = tmp_path_factory.mktemp("factors")
    (folder / "bots").mkdir()
    (folder / "rpa.toml").write_text('[console]\nsecond_factor = ["admin"]\n')
    with Project(folder).store(CLERK) as store:
        for name, role in (("amy", Role.ADMIN), ("ann", Role.ADMIN), ("vic", Role.VIEWER)):
            store.accounts.add(name, name.title(), {role}, hashed(PASSWORD, "somebody"))
    with served(folder) as base:
        yield base, folder


def token(text: str) -> str:
    found = HIDDEN.search(text)
    assert found is not None
    return found[2]


def renewed(client: Client) -> Client:
    """Take the token of forms from the one page that is open before a factor is set up."""
    found = re.search(r'name="form_token" value="(\w+)"', client.get("/account").text)
    assert found is not None
    client.form_token = found[1]
    return client


def entered(client: Client, name: str) -> Client:
    """Sign in by name and password alone."""
    client.renew = lambda: None  # type: ignore[method-assign]
    client.sign_in(name)
    return renewed(client)


def enrolled(client: Client) -> tuple[TOTP, list[str]]:
    """Set up a device; return it and the codes for when it is lost."""
    page = client.post("/account/second-factor/begin", {"password": PASSWORD}).text
    found = re.search(r'k-secret"><code>([A-Z2-7 ]+)<', page)
    assert found is not None
    assert "<svg" in page
    device = TOTP(found[1].replace(" ", ""))
    done = client.post("/account/second-factor", {"setting_up": token(page), "code": device.now()})
    codes = re.findall(r"<li><code>([a-z2-7]{5}-[a-z2-7]{5})<", done.text)
    assert len(codes) == 10
    return device, codes


def say_code(base: str, name: str, code: str) -> int:
    """Sign in with the right password and this code; return the status of the answer."""
    client = Client(base)
    asked = client.post("/sign-in", {"name": name, "password": PASSWORD})
    return client.post("/sign-in/code", {"signing_in": token(asked.text), "code": code}).status


def test_a_role_that_needs_a_second_factor_opens_no_page_before_there_is_one(site: tuple[str, Path]) -> None:
    base, folder = site
    amy = entered(Client(base), "amy")
    assert amy.get("/people").to == "/account"
    assert amy.post("/people/vic/disable").to == "/account"
    thief = entered(Client(base), "amy")
    device, codes = enrolled(amy)
    assert amy.get("/people").status == 200
    assert thief.get("/people").to == "/sign-in", "they knew the password alone"

    code = device.at(time.time() + STEP)  # that of now was used; the next one is taken already, and for a minute
    assert [say_code(base, "amy", said) for said in ("000000", code, code)] == [422, 303, 422]
    assert [say_code(base, "amy", said) for said in (codes[0].upper(), codes[0])] == [303, 422]
    stored = (folder / ".rpa/ledger.db").read_bytes() + (folder / ".rpa/ledger.db-wal").read_bytes()
    assert device.secret.encode() not in stored
    assert not [one for one in codes if one.encode() in stored or one.replace("-", "").encode() in stored]


def test_whoever_needs_none_signs_in_as_before_and_may_set_one_up(site: tuple[str, Path]) -> None:
    vic = entered(Client(site[0]), "vic")
    assert vic.get("/work").status == 200
    assert vic.post("/account/second-factor/begin", {"password": "not this one at all"}).status == 422
    with Project(site[1]).store(CLERK) as store:
        refused = [entry["data"]["user"] for entry in store.log.read() if entry["event"] == "user.refused"]
    assert refused[-1] == "vic"
    page = vic.post("/account/second-factor/begin", {"password": PASSWORD}).text
    other = entered(Client(site[0]), "ann")
    stolen = other.post("/account/second-factor", {"setting_up": token(page), "code": "000000"})

    assert stolen.status == 422
    assert "Begin again" in stolen.text


def test_guesses_of_codes_end_wherever_they_come_from(site: tuple[str, Path]) -> None:
    base, folder = site
    ann = entered(Client(base), "ann")
    device, _ = enrolled(ann)
    answers = []
    for number in range(9):
        guesser = Client(base, source=f"127.0.1.{number + 1}")
        asked = guesser.post("/sign-in", {"name": "ann", "password": PASSWORD})
        answers.append(guesser.post("/sign-in/code", {"signing_in": token(asked.text), "code": "1"}).status)

    assert answers == [422] * 8 + [429]
    with Project(folder).store(CLERK) as store:
        store.second_factors.drop("ann")
        assert store.second_factors.secret("ann") is None
    assert device.secret
    assert ann.get("/account").to == "/sign-in"


def test_a_code_is_taken_a_step_early_or_late_and_no_further() -> None:
    secret, now = bytes(range(20)), 1_000_000.0
    device = TOTP("AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT")

    taken = [step_of(secret, device.at(int(now) + off * STEP), now) for off in (-2, -1, 0, 1, 2)]
    assert taken == [None, 33332, 33333, 33334, None]


def test_another_project_key_still_opens_the_secret(tmp_path: Path) -> None:
    (tmp_path / "bots").mkdir()
    with Project(tmp_path).store(CLERK) as store:
        store.accounts.add("vic", "Vic", {Role.VIEWER}, hashed(PASSWORD, "somebody"))
        store.second_factors.set("vic", b"twenty bytes of a key", 1, [], token="")
        store.personal.change_project_key()
        with pytest.raises(SetupError):  # nobody could open it any more
            store.second_factors.set("vic", b"another key of twenty", 1, [], token="")
    with Project(tmp_path).store(CLERK) as store:
        assert store.second_factors.secret("vic") == b"twenty bytes of a key"
