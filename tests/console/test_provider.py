"""Signing in by an organization's provider: a real one, and one that says what must not be believed."""

import json
import re
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc.jwk import OctKey
from playwright.sync_api import expect

from rpa.browser.launch import browser
from rpa.browser.proof import driver
from rpa.console import patience
from rpa.console.logout import EVENT
from rpa.console.pages.provider import COOKIE
from rpa.console.passwords import hashed
from rpa.console.sessions import ABSOLUTE
from rpa.console.sessions import hashed as hashed_token
from rpa.errors import BusinessException, SetupError
from rpa.people import Role, User
from rpa.project import Project
from rpa.store.accounts import Accounts
from tests.console.client import Answer, Client
from tests.console.forger import CLIENT, OTHER, SECRET, Forger, forging, known_by
from tests.console.stage import CLERK, PASSWORD, ROOT, served
from tests.waiting import wait_for

PACKAGES = ROOT / "build" / "node"
PEOPLE = {
    "olga": {"name": "Olga Lund", "groups": ["clerks", "choir"]},
    "nora": {"name": "Nora Voss", "groups": ["choir"]},
}
BACK, OUT = "/sign-in/provider/back", "/sign-in/provider/out"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Serve a console whose settings come later, with one account of its own."""
    folder = tmp_path_factory.mktemp("provider")
    (folder / "bots").mkdir()
    with Project(folder).store(CLERK) as store:
        store.accounts.add("amy", "Amy Frost", {Role.ADMIN}, hashed(PASSWORD, "somebody"))
    with served(folder) as base:
        yield base, folder


@pytest.fixture
def forger(site: tuple[str, Path]) -> Iterator[Forger]:
    with forging() as forger:
        known_by(forger.issuer, site[1])
        yield forger


@contextmanager
def provided(base: str) -> Iterator[str]:
    """Run the real provider, which knows the console at *base*; give its address."""
    assert (PACKAGES / "node_modules/oidc-provider").is_dir(), "no oidc-provider: run `make node`"
    client = {"client_id": CLIENT, "client_secret": SECRET, "redirect_uris": [f"{base}{BACK}"]}
    client |= {"post_logout_redirect_uris": [f"{base}/sign-in"], "backchannel_logout_uri": f"{base}{OUT}"}
    told = json.dumps({"clients": [client], "people": PEOPLE})
    command: list[str | Path] = [driver().with_name("node"), ROOT / "tests/console/provider.mjs", PACKAGES, told]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            port = re.fullmatch(r"ready (\d+)\n", process.stdout.readline())
            assert port is not None
            yield f"http://127.0.0.1:{port[1]}"
        finally:
            process.kill()


def begun(base: str) -> tuple[str, str, str]:
    """Begin to sign in; return the cookie, the state and the nonce."""
    answer = Client(base).get("/sign-in/provider")
    asked = parse_qs(urlsplit(answer.to).query)
    assert asked["code_challenge_method"] == ["S256"]
    found = re.search(
        rf"{COOKIE}=([^;]+); HttpOnly; Max-Age=600; Path=/; SameSite=lax; Secure", answer.headers["set-cookie"]
    )
    assert found is not None
    return found[1], asked["state"][0], asked["nonce"][0]


def come_back(base: str, cookie: str, state: str, more: str = "code=c") -> Answer:
    return Client(base).get(f"{BACK}?state={state}&{more}", Cookie=f"{COOKIE}={cookie}")


def signed_in(base: str, forger: Forger, **claims: object) -> tuple[Answer, Client]:
    """Sign in whom the forger names with these claims."""
    cookie, state, nonce = begun(base)
    forger.says(nonce, **claims)
    answer = come_back(base, cookie, state)
    found = re.search(r"__Host-keyonce=([^;]+)", answer.headers["set-cookie"])
    return answer, Client(base, session=found[1] if found else "")


def trail(folder: Path, event: str) -> list[Mapping[str, Any]]:
    with Project(folder).store(CLERK) as store:
        return [entry for entry in store.log.read() if entry["event"] == event]


def other_session(folder: Path, base: str, issuer: str) -> Client:
    """Return what somebody else's desk would hold at which she has signed in too."""
    (one,) = of_provider(folder, issuer)
    with Project(folder).store(CLERK) as store:
        long_ago = datetime.now(UTC) - ABSOLUTE
        store.accounts.begin(one, hashed_token("elsewhere"), "127.0.0.2", ended_before=long_ago)
    return Client(base, session="elsewhere")


def of_provider(folder: Path, issuer: str) -> list[User]:
    with Project(folder).store(CLERK) as store:
        return [one for one in store.accounts.all() if one.issuer == issuer]


def test_a_clerk_comes_in_by_the_real_provider_and_nobody_does_without_a_group(site: tuple[str, Path]) -> None:
    base, folder = site
    before = len(trail(folder, "user.refused"))
    with provided(base) as issuer, browser() as started:
        known_by(issuer, folder)
        context = started.new_context()
        page = context.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{base}/sign-in")
        page.get_by_role("link", name="Sign in with Made-up County").click()
        (cookie,) = (one for one in context.cookies() if one["name"] == COOKIE)
        page.locator("[name=login]").fill("olga")
        page.locator("[name=password]").fill("any")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("link", name="Olga Lund, my account")).to_be_visible()
        expect(page.get_by_role("link", name="Start a job")).to_be_visible()
        expect(page.get_by_role("link", name="People and roles")).to_have_count(0)
        page.goto(f"{base}/account")
        expect(page.get_by_text(f"You sign in by {issuer}")).to_be_visible()

        (used,) = (url for url in asked if url.startswith(f"{base}{BACK}"))
        replayed = Client(base).get(used.removeprefix(base), Cookie=f"{COOKIE}={cookie['value']}")
        assert replayed.status == 422
        assert "could not be trusted" in replayed.text

        elsewhere = other_session(folder, base, issuer)
        assert elsewhere.get("/account").status == 200
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("heading", name="You are signed out here")).to_be_visible()
        page.get_by_role("link", name="Sign out of your organization too").click()
        page.get_by_role("button", name="Yes, sign me out").click()
        page.wait_for_url(f"{base}/sign-in")
        wait_for(lambda: elsewhere.get("/account").to == "/sign-in")  # the provider has told that she is out
        page.get_by_role("link", name="Sign in with Made-up County").click()
        page.locator("[name=login]").fill("nora")
        page.locator("[name=password]").fill("any")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_text("none of your groups has a role here")).to_be_visible()
    (olga,) = of_provider(folder, issuer)
    (added,) = (entry["data"] for entry in trail(folder, "user.added") if entry["data"]["user"] == olga.id)
    assert added == {"user": olga.id, "name": "Olga Lund", "roles": ["operator"], "issuer": issuer}
    assert [entry.get("reason") for entry in trail(folder, "user.refused")[before:]] == [
        "the provider proved nobody",
        "no role by the provider's groups",
    ]


Change = Callable[[Forger], None]


def unsigned(forger: Forger) -> None:
    forger.key = None


def by_another_key(forger: Forger) -> None:
    forger.key = OTHER


def by_the_shared_secret(forger: Forger) -> None:
    forger.key, forger.header = OctKey.import_key(SECRET), {"alg": "HS256"}


def claiming(**claims: object) -> Change:
    def change(forger: Forger) -> None:
        said = {**forger.claims, **claims}
        forger.claims = {name: value for name, value in said.items() if value is not None}

    return change


LONG_AGO = int(time.time()) - 3600
FLAWS = {
    "another nonce": (claiming(nonce="other"), "could not be trusted"),
    "no nonce": (claiming(nonce=None), "could not be trusted"),
    "another issuer": (claiming(iss="https://evil.example"), "could not be trusted"),
    "another client": (claiming(aud="another"), "could not be trusted"),
    "many clients, for another": (claiming(aud=[CLIENT, "another"], azp="another"), "could not be trusted"),
    "no subject": (claiming(sub=None), "could not be trusted"),
    "an empty subject": (claiming(sub=""), "could not be trusted"),
    "alg none": (unsigned, "could not be trusted"),
    "another key": (by_another_key, "could not be trusted"),
    "a shared secret": (by_the_shared_secret, "could not be trusted"),
    "expired": (claiming(exp=LONG_AGO), "do not agree"),
    "of a time to come": (claiming(iat=LONG_AGO + 7200), "do not agree"),
    "no groups": (claiming(groups=None), "none of your groups"),
    "another group": (claiming(groups=["clerk", "CLERKS", "clerks "]), "none of your groups"),
    "groups that are none": (claiming(groups={"clerks": 1}), "none of your groups"),
}


def test_a_token_with_any_flaw_lets_nobody_in(site: tuple[str, Path], forger: Forger) -> None:
    base, folder = site
    before = len(trail(folder, "user.refused"))
    for name, (change, words) in FLAWS.items():
        cookie, state, nonce = begun(base)
        forger.says(nonce)
        change(forger)
        answer = come_back(base, cookie, state)

        assert (answer.status, words in answer.text) == (422, True), name
        assert "__Host-keyonce=" not in answer.headers["set-cookie"], name
    assert len(trail(folder, "user.refused")) == before + len(FLAWS)
    assert of_provider(folder, forger.issuer) == []


def test_an_answer_is_of_use_to_the_browser_alone_that_asked(site: tuple[str, Path], forger: Forger) -> None:
    base, folder = site
    mine, yours = begun(base), begun(base)
    before = trail(folder, "user.signed_in")
    forger.says(mine[2])

    assert "another window" in come_back(base, yours[0], mine[1]).text
    assert "another window" in come_back(base, "", mine[1]).text
    assert "another window" in come_back(base, mine[0], "").text
    assert "could not be trusted" in come_back(base, yours[0], yours[1]).text  # the token has my nonce
    assert "did not sign you in" in come_back(base, mine[0], mine[1], "error=access_denied&code=c").text
    assert "could not be trusted" in come_back(base, mine[0], mine[1], "code=c&iss=https://evil.example").text
    assert trail(folder, "user.signed_in") == before


def test_roles_are_those_of_the_last_sign_in_and_whoever_lost_them_is_out(
    site: tuple[str, Path], forger: Forger
) -> None:
    base, folder = site
    _, clerk = signed_in(base, forger)
    assert (clerk.get("/start").status, clerk.get("/people").status) == (200, 403)
    _, again = signed_in(base, forger)
    assert clerk.get("/start").status == 200
    _, chief = signed_in(base, forger, groups="chiefs", name="Olga Frost")
    assert (again.get("/start").to, clerk.get("/start").to) == ("/sign-in", "/sign-in")
    assert (chief.get("/start").status, chief.get("/people").status) == (403, 200)
    (user_id,) = (one.id for one in of_provider(folder, forger.issuer))
    assert "Signs in by" in chief.get(f"/people/{user_id}").text
    amy = Client(base)
    amy.sign_in("amy")
    with Project(folder).store(CLERK) as store, pytest.raises(BusinessException, match="has its roles from"):
        store.accounts.change(user_id, password=hashed(PASSWORD, "somebody"))
    assert amy.post(f"/people/{user_id}/roles", {"role": "auditor"}).status == 500
    assert Client(base).sign_in(user_id, "-").status == 422

    answer, _ = signed_in(base, forger, groups=[])
    assert "none of your groups" in answer.text
    assert chief.get("/people").to == "/sign-in"

    _, chief = signed_in(base, forger, groups=["chiefs"])
    assert amy.post(f"/people/{user_id}/disable").status == 303
    assert chief.get("/people").to == "/sign-in"
    assert "was disabled" in signed_in(base, forger, groups=["chiefs"])[0].text


def test_a_role_that_the_settings_take_away_ends_the_sessions_of_who_has_it(
    site: tuple[str, Path], forger: Forger
) -> None:
    base, folder = site
    _, clerk = signed_in(base, forger)
    _, chief = signed_in(base, forger, sub="chief", groups=["chiefs"])
    settings = folder / "rpa.toml"
    settings.write_text(settings.read_text("utf-8").replace('operator = ["clerks"]', "operator = []"), "utf-8")

    assert clerk.get("/start").to == "/sign-in"
    assert chief.get("/people").status == 200


def test_a_name_obeys_no_terminal_and_does_not_turn_what_is_read(site: tuple[str, Path], forger: Forger) -> None:
    base, folder = site
    signed_in(base, forger, name=" Olga\x1b[2J\u202e\n\tLund\u0007 ")

    assert [one.name for one in of_provider(folder, forger.issuer)] == ["Olga[2J Lund"]


def test_nobody_is_known_by_their_name_or_mail(site: tuple[str, Path], forger: Forger) -> None:
    base, folder = site
    _, stranger = signed_in(
        base, forger, sub="amy", name="Amy Frost", preferred_username="amy", email="amy@x.example"
    )
    signed_in(base, forger, sub="olga-2")

    assert stranger.get("/people").status == 403
    with Project(folder).store(CLERK) as store:
        everybody = store.accounts.all()
        (amy,) = (one for one in everybody if one.id == "amy")
    assert amy.roles == {Role.ADMIN}
    assert len(of_provider(folder, forger.issuer)) == 2
    assert b"amy@x.example" not in (folder / ".rpa/ledger.db").read_bytes()


def test_a_provider_that_is_away_or_another_is_told_and_accounts_of_our_own_go_on(
    site: tuple[str, Path], forger: Forger
) -> None:
    base, folder = site
    known_by("http://127.0.0.1:9", folder)
    assert "does not answer" in Client(base).get("/sign-in/provider").text
    assert Client(base).sign_in("amy").status == 303
    known_by(forger.issuer, folder)
    _, clerk = signed_in(base, forger)
    known_by(f"{forger.issuer}/", folder)
    assert "not set up rightly" in Client(base).get("/sign-in/provider").text
    assert clerk.get("/start").to == "/sign-in"  # it was let in by another provider
    known_by(forger.issuer, folder, 'name = "Twice"')
    with pytest.raises(SetupError):
        Project(folder).settings  # noqa: B018  # it is read when asked for
    known_by(forger.issuer, folder)
    forger.about = {"authorization_endpoint": "http://provider.example/auth"}
    known_by(forger.issuer, folder, 'scope = "openid groups"')
    assert "not set up rightly" in Client(base).get("/sign-in/provider").text


def test_accounts_of_our_own_can_be_switched_off(site: tuple[str, Path], forger: Forger) -> None:
    base, folder = site
    amy = Client(base)
    assert amy.sign_in("amy").status == 303
    known_by(forger.issuer, folder, "local_accounts = false")

    assert amy.get("/people").to == "/sign-in"
    assert "Password" not in Client(base).get("/sign-in").text
    assert Client(base).sign_in("amy").status == 404
    assert signed_in(base, forger)[1].get("/start").status == 200


def tells(forger: Forger, **claims: object) -> str:
    """Return a token by which the forger tells that Olga has signed out, unless *claims* say something else."""
    forger.says("")
    said = {**forger.claims, "nonce": None, "jti": "one", "events": {EVENT: {}}, **claims}
    forger.claims = {name: value for name, value in said.items() if value is not None}
    return forger.token()


def flawed(now: int) -> Iterator[Mapping[str, object]]:
    """Yield what makes a logout token one that must not be believed."""
    yield from ({name: None} for name in ("events", "jti", "sub", "iat", "aud", "iss"))
    yield from ({"events": events} for events in ({}, EVENT, {EVENT: "out"}))
    yield from ({"sub": ""}, {"jti": 7}, {"nonce": "n"}, {"aud": "another"}, {"iss": "https://evil.example"})
    yield from ({"exp": now - 3600}, {"iat": now - 3600}, {"iat": now + 3600})


def test_a_logout_token_with_any_flaw_ends_no_session_and_a_right_one_ends_all_once(
    site: tuple[str, Path], forger: Forger
) -> None:
    base, folder = site
    olga, elsewhere = (signed_in(base, forger)[1] for _ in range(2))
    tokens = [tells(forger, **flaw) for flaw in flawed(int(time.time()))]
    tells(forger)
    forger.key = OTHER
    tokens.append(forger.token())
    clients = [Client(base, source=f"127.0.1.{number}") for number, _ in enumerate(tokens, 1)]
    answers = [client.post(OUT, {"logout_token": one}).status for client, one in zip(clients, tokens, strict=True)]

    assert answers == [400] * 18
    assert olga.get("/account").status == elsewhere.get("/account").status == 200

    right = tells(forger, jti="two")
    answer = Client(base).post(OUT, {"logout_token": right}, Origin="")
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-store")
    assert olga.get("/account").to == elsewhere.get("/account").to == "/sign-in"
    assert trail(folder, "user.changed")[-1]["data"]["by"] == "provider"
    again = signed_in(base, forger)[1]
    assert Client(base).post(OUT, {"logout_token": right}).status == 400
    assert again.get("/account").status == 200


@pytest.mark.usefixtures("forger")
def test_whoever_guesses_logout_tokens_has_to_wait(site: tuple[str, Path]) -> None:
    client = Client(site[0], source="127.0.2.1")

    assert [client.post(OUT, {"logout_token": "x"}).status for _ in range(9)] == [400] * 8 + [429]


def test_a_logout_that_the_ledger_could_not_keep_is_obeyed_when_the_provider_sends_it_again(
    site: tuple[str, Path], forger: Forger, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, _ = site
    olga, token = signed_in(base, forger)[1], tells(forger, jti="six")

    def fail(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(Accounts, "sign_out_of", fail)
        assert Client(base, source="127.0.3.1").post(OUT, {"logout_token": token}).status == 500
    assert Client(base, source="127.0.3.1").post(OUT, {"logout_token": token}).status == 200
    assert olga.get("/account").to == "/sign-in"


def test_guessed_passwords_keep_no_logout_of_the_provider_out(
    site: tuple[str, Path], forger: Forger, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = Client(site[0], source="127.0.4.1")
    monkeypatch.setattr(patience, "PER_ADDRESS", 1)

    assert [client.sign_in("amy", "wrong").status for _ in range(2)] == [422, 429]
    assert client.post(OUT, {"logout_token": tells(forger, jti="five")}).status == 200


def test_whoever_sends_logout_tokens_does_not_have_the_provider_asked_for_its_keys_each_time(
    site: tuple[str, Path], forger: Forger
) -> None:
    client = Client(site[0], source="127.0.5.1")
    wrong = ["x", "a.b.c", *(tells(forger, **flaw) for flaw in ({"aud": "another"}, {"events": None}))]
    refused = [client.post(OUT, {"logout_token": one}).status for one in wrong]
    before = list(forger.asked)
    right = [tells(forger, jti=jti) for jti in ("three", "four")]
    obeyed = [client.post(OUT, {"logout_token": one}).status for one in right]

    assert (refused, before) == ([400] * 4, [])
    assert (obeyed, forger.asked.count("/jwks")) == ([200] * 2, 1)
