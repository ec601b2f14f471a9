"""Who may do what: every page of the table for every role; a page that is not told here fails."""

import pytest

from rpa.console.roles import MENU
from rpa.console.routes import PAGES, Page
from rpa.people import Role
from tests.console.client import Client

ROLES = {
    "v": Role.VIEWER,
    "o": Role.OPERATOR,
    "p": Role.APPROVER,
    "w": Role.AUTHOR,
    "d": Role.AUDITOR,
    "a": Role.ADMIN,
}
EXPECTED = {
    "GET /sign-in": "",
    "POST /sign-in": "",
    "POST /sign-in/code": "",
    "POST /language": "",
    "GET /sign-in/provider": "",
    "GET /sign-in/provider/back": "",
    "POST /sign-in/provider/out": "",
    "POST /sign-out": "vopwda",
    "GET /account": "vopwda",
    "POST /account/language": "vopwda",
    "POST /account/password": "vopwda",
    "POST /account/second-factor/begin": "vopwda",
    "POST /account/second-factor": "vopwda",
    "GET /": "vopwda",
    "GET /needs-you": "vopwd",
    "GET /together": "vopwd",
    "GET /together/{transaction}": "vopwd",
    "POST /together/{transaction}": "op",
    "GET /waiting/{id}": "vopwd",
    "POST /waiting/{id}/show": "opd",
    "POST /waiting/{id}/decide": "op",
    "GET /work": "vopwd",
    "GET /work/{item}": "vopwd",
    "POST /work/{item}/show": "opd",
    "POST /work/{item}/{transaction}/decide": "op",
    "GET /work/{item}/fix": "op",
    "POST /work/{item}/fix": "op",
    "GET /approvals/{change}": "vopwd",
    "POST /approvals/{change}/show": "opd",
    "POST /approvals/{change}/decide": "p",
    "GET /work/{item}/evidence/{sha256}": "vopwd",
    "GET /work/{item}/page/{document}/{page}": "opd",
    "GET /start": "o",
    "POST /start": "o",
    "GET /start/{upload}": "o",
    "POST /start/{upload}/documents": "o",
    "POST /start/{upload}/leave-out": "o",
    "GET /start/{upload}/fix": "o",
    "POST /start/{upload}/fix": "o",
    "POST /start/{upload}/run": "o",
    "GET /runs": "vopwd",
    "GET /runs/{run}": "vopwd",
    "GET /runs/{run}/progress": "vopwd",
    "GET /schedules": "vopwda",
    "POST /schedules/{schedule}/pause": "oa",
    "POST /schedules/{schedule}/resume": "oa",
    "POST /schedules/{schedule}/run-now": "o",
    "GET /systems": "vopwda",
    "POST /systems/{system}/resume": "oa",
    "POST /systems/{system}/pause": "oa",
    "GET /bots": "vopwda",
    "GET /insight": "vopwd",
    "GET /bots/{bot}": "vopwd",
    "POST /bots/{bot}": "vopw",
    "POST /work/{item}/{transaction}/feedback": "vopw",
    "GET /audit": "d",
    "POST /audit/verify": "d",
    "GET /people": "a",
    "POST /people": "a",
    "GET /people/{user}": "a",
    "POST /people/{user}/roles": "a",
    "POST /people/{user}/password": "a",
    "POST /people/{user}/disable": "a",
    "POST /people/{user}/enable": "a",
    "POST /people/{user}/sign-out": "a",
    "POST /people/{user}/no-second-factor": "a",
}
PUBLIC = (
    "GET /sign-in",
    "POST /sign-in",
    "POST /language",
    "POST /sign-in/code",
    "GET /sign-in/provider",
    "GET /sign-in/provider/back",
    "POST /sign-in/provider/out",
)
PEOPLE = {"vic": Role.VIEWER, "olive": Role.OPERATOR, "ada": Role.AUDITOR, "amy": Role.ADMIN}
PARTS = {
    "{id}": "document-99",
    "{item}": "99",
    "{transaction}": "99",
    "{sha256}": "0",
    "{document}": "claim",
    "{page}": "1",
}
PARTS |= {"{change}": "99", "{bot}": "nobody"}
PARTS |= {"{upload}": "x" * 22, "{run}": "99", "{system}": "nowhere", "{schedule}": "never", "{user}": "nobody"}


def key(page: Page) -> str:
    return f"{page.method} {page.path}"


def address(page: Page) -> str:
    path = page.path
    for part, value in PARTS.items():
        path = path.replace(part, value)
    return path


def ask(client: Client, page: Page) -> int:
    return (client.get if page.method == "GET" else client.post)(address(page)).status


def test_no_page_is_there_whose_roles_nobody_has_thought_of() -> None:
    assert sorted(map(key, PAGES)) == sorted(EXPECTED)


@pytest.mark.parametrize("page", PAGES, ids=key)
def test_a_page_is_for_the_roles_that_are_said_and_no_other(page: Page) -> None:
    assert page.roles == {ROLES[letter] for letter in EXPECTED[key(page)]}


@pytest.mark.parametrize("name", PEOPLE)
def test_the_server_lets_nobody_beyond_their_role_whatever_the_menu_shows(
    people: dict[str, Client], name: str
) -> None:
    guarded = [page for page in PAGES if key(page) not in PUBLIC and page.path != "/sign-out"]
    refused = {key(page) for page in guarded if ask(people[name], page) == 403}

    assert refused == {key(page) for page in guarded if PEOPLE[name] not in page.roles}


def test_without_a_session_there_is_the_way_in_and_nothing_else(stranger: Client) -> None:
    guarded = [page for page in PAGES if key(page) not in PUBLIC]
    answers = [(stranger.get if page.method == "GET" else stranger.post)(address(page)) for page in guarded]

    assert {(answer.status, answer.to) for answer in answers} == {(303, "/sign-in"), (303, "/sign-in?ended=1")}


def test_the_menu_leads_to_no_closed_door() -> None:
    pages = {page.path: page.roles for page in PAGES if page.method == "GET"}

    assert all(pages[place.path] == place.roles for place in MENU)
