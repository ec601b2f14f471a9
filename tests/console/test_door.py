"""What an attacker would try: forged forms, foreign hosts, old cookies, guesses, other people's papers."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from rpa import clock
from rpa.console.patience import MOST_KEYS, Patience
from rpa.console.sessions import ABSOLUTE, IDLE
from rpa.people import Role
from rpa.project import Project
from rpa.records import Record
from tests.console.client import Client
from tests.console.stage import CLERK

SYSTEM = "/systems/benefits/pause"


def signed_in(base: str, name: str) -> Client:
    client = Client(base)
    client.sign_in(name)
    return client


def aged(folder: Path, column: str, by: timedelta) -> None:
    """Let every session of Otto have begun, or been used, so long ago."""
    at = (datetime.now(UTC) - by).strftime("%Y-%m-%d %H:%M:%S.%f")
    with closing(sqlite3.connect(folder / "ledger.db")) as ledger, ledger:
        ledger.execute(f"UPDATE sessions SET {column} = ? WHERE user_id = 'otto'", (at,))  # noqa: S608  # fixed names


def events(project: Project, *names: str) -> list[str]:
    with project.store(CLERK) as store:
        return [entry["actor"]["name"] for entry in store.log.read() if entry["event"] in names]


def test_a_form_that_another_host_sends_changes_nothing(people: dict[str, Client]) -> None:
    answer = people["olive"].post(SYSTEM, {"reason": "x"}, Origin="https://evil.example")

    assert answer.status == 403
    assert "Nothing was changed" in answer.text


def test_a_form_without_origin_counts_only_if_the_browser_says_that_it_is_ours(people: dict[str, Client]) -> None:
    assert people["olive"].post(SYSTEM, Origin="").status == 403
    assert people["olive"].post(SYSTEM, Origin="", fetched="cross-site").status == 403
    assert people["olive"].post(SYSTEM, Origin="", fetched="same-origin").status == 422


def test_a_form_without_its_token_or_with_somebody_elses_changes_nothing(people: dict[str, Client]) -> None:
    other = people["amy"].form_token

    assert people["olive"].post(SYSTEM, {"reason": "x", "form_token": ""}).status == 403
    assert people["olive"].post(SYSTEM, {"reason": "x", "form_token": other}).status == 403


def test_a_name_that_somebody_made_point_here_is_refused(stranger: Client) -> None:
    assert stranger.get("/sign-in", Host="evil.example").status == 421


@pytest.mark.parametrize(
    "path", ["/sign-in", "/work", "/nowhere", "/static/console.css", "/work/99", "/static/no"]
)
def test_every_answer_forbids_what_pages_do_not_need(people: dict[str, Client], path: str) -> None:
    headers = people["olive"].get(path).headers

    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"
    assert path.startswith("/static/c") or headers["cache-control"] == "no-store"


def test_the_cookie_is_for_this_host_alone_and_for_no_script(stranger: Client) -> None:
    cookie = stranger.sign_in("vic").headers["set-cookie"].lower()

    assert cookie.startswith("__host-")
    assert all(word in cookie for word in ("secure", "httponly", "samesite=strict", "path=/"))
    assert "domain" not in cookie


def test_a_session_ends_when_nothing_is_done_and_after_a_day_in_any_case(base: str, folder: Path) -> None:
    client = signed_in(base, "otto")

    aged(folder, "seen", IDLE + timedelta(seconds=5))
    assert client.get("/work").to == "/sign-in"
    client = signed_in(base, "otto")
    aged(folder, "began", ABSOLUTE + timedelta(seconds=5))
    assert client.get("/work").to == "/sign-in"


def test_who_sends_something_after_their_session_has_ended_is_told_that_it_was_not_saved(
    base: str, folder: Path
) -> None:
    client = signed_in(base, "otto")
    aged(folder, "seen", IDLE + timedelta(seconds=5))

    answer = client.post("/work/1/1/decide", {"answer": "again", "reason": "It is not there"})

    assert answer.to == "/sign-in?ended=1"
    assert "What you sent was not saved, and nothing was changed" in client.get(str(answer.to)).text


def test_a_machine_whose_clock_is_ahead_of_the_servers_keeps_nobody_out(
    base: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in(base, "otto")
    ahead = IDLE + timedelta(minutes=1)
    aged(folder, "seen", ahead)
    monkeypatch.setattr(clock, "_told", None)
    clock.ask(lambda: datetime.now(UTC) - ahead)

    assert client.get("/work").status == 200


def test_a_page_that_asks_by_itself_keeps_no_session_alive(base: str, folder: Path) -> None:
    client = signed_in(base, "otto")
    aged(folder, "seen", IDLE - timedelta(seconds=30))
    client.get("/runs/1/progress")

    with closing(sqlite3.connect(folder / "ledger.db")) as ledger:
        seen = ledger.execute("SELECT max(seen) FROM sessions WHERE user_id = 'otto'").fetchone()[0]
    assert datetime.fromisoformat(seen).replace(tzinfo=UTC) < datetime.now(UTC) - timedelta(minutes=20)


def test_whoever_signs_out_can_not_come_back_with_the_old_cookie(base: str) -> None:
    client = signed_in(base, "otto")
    client.post("/sign-out")

    assert client.get("/work").to == "/sign-in"


def test_a_change_of_roles_or_a_disabled_account_ends_its_sessions_at_once(base: str, project: Project) -> None:
    client = signed_in(base, "otto")
    with project.store(CLERK) as store:
        store.accounts.change("otto", roles={Role.VIEWER})
    assert client.get("/work").to == "/sign-in"
    client = signed_in(base, "otto")
    with project.store(CLERK) as store:
        store.accounts.change("otto", disabled=True)

    assert client.get("/work").to == "/sign-in"
    assert client.sign_in("otto").status == 422
    with project.store(CLERK) as store:
        store.accounts.change("otto", disabled=False, roles={Role.OPERATOR})


def test_guessing_is_slowed_down_where_it_comes_from_and_locks_nobody_out(base: str) -> None:
    guesser, person = Client(base, source="127.0.0.7"), Client(base)
    answers = [guesser.sign_in("vic", f"guess number {number}").status for number in range(9)]

    assert answers == [422] * 8 + [429]
    assert guesser.sign_in("vic").status == 429
    assert person.sign_in("vic").status == 303


def test_a_guesser_does_not_choose_where_the_guesses_come_from(base: str) -> None:
    answers = []
    for number in range(9):
        said = {"X-Forwarded-For": f"10.0.0.{number}"}
        answers.append(Client(base, source="127.0.0.9", headers=said).sign_in("vic", "a guess").status)

    assert answers == [422] * 8 + [429]


def test_guessing_from_everywhere_is_late_and_still_locks_nobody_out() -> None:
    patience = Patience()
    for number in range(24):
        patience.wait(f"10.0.0.{number}", "vic")

    assert (patience.delay("vic"), patience.delay("otto")) == (2.0, 0.0)
    assert patience.wait("10.0.1.1", "vic") == 0


def test_many_guesses_at_the_same_moment_are_no_way_around_the_limit() -> None:
    patience = Patience()
    with ThreadPoolExecutor(16) as guessers:
        waits = list(guessers.map(lambda _: patience.wait("10.0.0.1", "vic"), range(100)))

    assert sum(wait == 0 for wait in waits) == 8


def test_a_flood_of_other_guesses_wipes_out_no_count() -> None:
    patience = Patience()
    for _ in range(8):
        patience.wait("10.0.0.1", "vic")
    for _ in range(5):
        patience.wait("10.0.0.1", "otto")
    for number in range(MOST_KEYS):
        patience.wait(f"10.1.{number // 250}.{number % 250}", f"nobody {number}")

    assert patience.wait("10.0.0.1", "vic") > 0
    assert [patience.wait("10.0.0.1", "otto") > 0 for _ in range(4)] == [False] * 3 + [True]
    assert len(patience._failures) <= MOST_KEYS


def test_a_full_count_is_not_forgotten_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rpa.console.patience.MOST_KEYS", 6)
    monkeypatch.setattr("rpa.console.patience.KEPT", 5)
    patience = Patience()
    guessed = [(f"10.0.0.{number}", f"user {number}") for number in range(4)]
    for address, account in (one for one in guessed for _ in range(8)):
        patience.wait(address, account)

    assert all(patience.wait(address, account) > 0 for address, account in guessed)


def test_who_often_signs_in_is_not_slowed_down() -> None:
    patience = Patience()
    for _ in range(100):
        assert patience.wait("10.0.0.1", "vic") == 0
        patience.succeeded("10.0.0.1", "vic")

    assert patience.delay("vic") == 0


def test_who_does_not_know_the_password_learns_nothing_about_accounts(base: str, project: Project) -> None:
    client = Client(base, source="127.0.0.8")
    before = len(events(project, "user.refused"))
    wrong, unknown = client.sign_in("vic", "wrong"), client.sign_in("nobody", "wrong")

    assert wrong.status == unknown.status == 422
    assert wrong.text.replace('value="vic"', "") == unknown.text.replace('value="nobody"', "")
    assert len(events(project, "user.refused")) == before + 2  # each costs a commit: none is told by its time
    with project.store(CLERK) as store:
        assert "nobody" not in [entry.get("data", {}).get("user") for entry in store.log.read()]


def test_the_log_says_who_came_in_and_that_somebody_failed(stranger: Client, project: Project) -> None:
    stranger.sign_in("ada")
    stranger.sign_in("ada", "wrong")

    assert "Ada Byrne" in events(project, "user.signed_in")
    assert "rpa console" in events(project, "user.refused")


def test_what_is_personal_stays_hidden_until_somebody_says_why(
    people: dict[str, Client], project: Project
) -> None:
    page = people["olive"].get("/work/1").text
    assert "899-11-4301" not in page
    assert people["olive"].get("/work/1/page/claim/1").status == 404
    assert people["olive"].post("/work/1/show", {"why": " "}).status == 422

    shown = people["olive"].post("/work/1/show", {"why": "The claimant is on the phone"}).to

    assert "899-11-4301" in people["olive"].get(shown).text
    assert (
        people["olive"].get(shown.replace("/work/1?", "/work/1/page/claim/1?")).headers["content-type"]
        == "image/png"
    )
    assert "899-11-4301" not in people["ada"].get(shown).text  # the address is of no use to anybody else
    assert "899-11-4301" not in people["olive"].get(shown.replace("/work/1", "/work/2")).text
    with project.store(CLERK) as store:
        viewed = [entry for entry in store.log.read() if entry["event"] == "data.viewed"]
    assert [(entry["actor"]["id"], entry["reason"], entry["work_item"]) for entry in viewed] == [
        ("olive", "The claimant is on the phone", 1)
    ]


def test_a_page_of_a_document_that_is_not_kept_any_more_is_not_there(
    people: dict[str, Client], project: Project
) -> None:
    with project.store(CLERK) as store:
        document = Record.from_json(store.work_item(1).record).documents["claim"]
    shown = people["olive"].post("/work/1/show", {"why": "The claimant is on the phone"}).to

    project.files.delete(document.sha256)

    assert people["olive"].get(shown.replace("/work/1?", "/work/1/page/claim/1?")).status == 404
    assert people["olive"].get(shown).status == 200


def test_evidence_is_shown_with_its_own_work_item_alone(people: dict[str, Client], project: Project) -> None:
    with project.store(CLERK) as store:
        (name,) = store.transactions(1)[0].receipt.evidence

    assert people["vic"].get(f"/work/1/evidence/{name}").headers["content-type"] == "image/png"
    assert people["vic"].get(f"/work/2/evidence/{name}").status == 404
    assert people["vic"].get("/work/1/evidence/..%2f..%2fledger.db").status == 404


@pytest.mark.parametrize(
    "path",
    ["/work/%C2%B2", f"/work/{'9' * 5000}", "/work/-1", "/waiting/document-%C2%B2", "/waiting/revision-%C2%B2"],
)
def test_an_address_whose_number_is_none_is_told_as_no_page(people: dict[str, Client], path: str) -> None:
    assert people["olive"].get(path).status == 404


def test_an_upload_is_its_owners_alone(base: str, people: dict[str, Client]) -> None:
    upload = people["olive"].post("/start", {"bot": "claims-intake"}).to
    other = signed_in(base, "otto")

    assert people["olive"].get(upload).status == 200
    assert other.get(upload).status == 404
    assert other.post(f"{upload}/run").status == 404


def test_too_much_at_once_is_not_taken_in(people: dict[str, Client]) -> None:
    assert people["olive"].post(SYSTEM, {"reason": "x" * 70_000}).status == 413


@pytest.mark.parametrize(("path", "name"), [(SYSTEM, "reason"), ("/work/1/show", "why")])
def test_a_reason_longer_than_our_pages_let_anybody_type_is_not_kept(
    people: dict[str, Client], path: str, name: str
) -> None:
    answer = people["olive"].post(path, {name: "x" * 501})

    assert (answer.status, "500 letters at most" in answer.text) == (422, True)
