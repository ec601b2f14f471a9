"""Accounts in the hands of an administrator: what is changed holds at once, and nobody helps themselves."""

from rpa.people import Role
from rpa.project import Project
from tests.console.client import Client
from tests.console.stage import CLERK, PASSWORD

NEW = {"user": "nina", "name": "Nina Vale", "role": "viewer", "password": "four slow trams uphill"}


def stands(project: Project, user_id: str) -> frozenset[Role]:
    with project.store(CLERK) as store:
        return store.accounts.one(user_id).roles


def test_somebody_new_signs_in_and_is_out_the_moment_their_roles_change(
    people: dict[str, Client], base: str, project: Project
) -> None:
    amy, nina = people["amy"], Client(base)
    assert amy.post("/people", NEW).to == "/people?added=nina"
    assert nina.sign_in("nina", NEW["password"]).status == 303
    assert "Nina Vale" in amy.get("/people").text
    assert amy.post("/people/nina/roles", {"role": "operator"}).status == 303

    assert nina.get("/work").to == "/sign-in"
    assert stands(project, "nina") == {Role.OPERATOR}
    nina.sign_in("nina", NEW["password"])
    amy.post("/people/nina/disable")
    assert nina.get("/work").to == "/sign-in"
    assert nina.sign_in("nina", NEW["password"]).status == 422
    with project.store(CLERK) as store:
        told = [entry for entry in store.log.read() if entry["event"].startswith("user.") and "data" in entry]
    mine = [entry for entry in told if entry["data"].get("user") == "nina" and entry["event"] != "user.refused"]
    assert [entry["actor"]["name"] for entry in mine] == ["Amy Frost"] * 3


def test_what_is_missing_is_said_and_nothing_that_was_typed_is_lost_but_the_password(
    people: dict[str, Client],
) -> None:
    answer = people["amy"].post("/people", {"user": "not one", "name": "Nils Berg", "password": "short"})

    assert answer.status == 422
    assert all(words in answer.text for words in ("Choose at least one role", "Write a user name", "Nils Berg"))
    assert "short" not in answer.text.replace("shortcut", "")
    assert "already" in people["amy"].post("/people", {**NEW, "user": "olive"}).text


def test_nobody_gives_themselves_a_role_or_takes_away_the_last_administrator(
    people: dict[str, Client], project: Project
) -> None:
    tries = [("/people/amy/roles", {"role": "operator"}), ("/people/amy/disable", {})]
    answers = [people["amy"].post(path, form).status for path, form in tries]

    assert answers == [409, 409]
    assert stands(project, "amy") == {Role.ADMIN}


def test_a_new_password_signs_out_and_is_the_only_one_that_counts(people: dict[str, Client], base: str) -> None:
    vera, password = Client(base), "nine loud geese at dusk"
    people["amy"].post("/people", {**NEW, "user": "vera", "name": "Vera Holm"})
    vera.sign_in("vera", NEW["password"])
    assert people["amy"].post("/people/vera/password", {"password": "vera vera vera vera"}).status == 422
    assert people["amy"].post("/people/vera/password", {"password": password}).status == 303

    assert vera.get("/work").to == "/sign-in"
    assert vera.sign_in("vera", PASSWORD).status == 422
    assert vera.sign_in("vera", password).status == 303
    people["amy"].post("/people/vera/sign-out")
    assert vera.get("/work").to == "/sign-in"
