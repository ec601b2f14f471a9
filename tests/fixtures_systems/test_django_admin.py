import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from fixtures.systems.common import ROOT, running
from fixtures.systems.django_admin import oracle
from fixtures.systems.django_admin.choices import CATEGORIES, CONTACT_KINDS, STATUSES, TAX_CLASSES

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@dataclass(frozen=True)
class Clerk:
    """A person at the system, who opens a form and sends it."""

    url: str
    database: Path
    opener: OpenerDirector

    def send(self, path: str, fields: list[tuple[str, str]]) -> str:
        """Return the page that the system answers with."""
        page = self.opener.open(self.url + path).read().decode()
        token = TOKEN.findall(page)[-1]
        form = urlencode([("csrfmiddlewaretoken", token), *fields]).encode()
        answer: bytes = self.opener.open(self.url + path, form).read()
        return answer.decode()

    def add_applicant(self, name: str, birth_date: str, email: str) -> str:
        """Return the new applicant's number, which the case form wants."""
        self.send("/admin/intake/applicant/add/", [("name", name), ("birth_date", birth_date), ("email", email)])
        found = [row for row in oracle.applicants(self.database) if row["name"] == name]
        return str(found[-1]["id"])

    def add_case(self, case: dict[str, Any]) -> str:
        """Return the page that the system answers with."""
        return self.send("/admin/intake/case/add/", case_form(case))


@pytest.fixture(scope="module")
def clerk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clerk]:
    database = tmp_path_factory.mktemp("admin") / "office.sqlite3"
    with running("django_admin", database) as system:
        person = Clerk(system.url, database, build_opener(HTTPCookieProcessor(CookieJar())))
        start = person.send("/admin/login/?next=/admin/", [("username", "clerk"), ("password", "admin-pass")])
        assert "Site administration" in start
        yield person


def case_form(case: dict[str, Any]) -> list[tuple[str, str]]:
    year, month, day = case["opened_on"].split("-")
    contacts = case.get("contacts", [])
    return [
        ("number", case["number"]),
        ("applicant", case["applicant_id"]),
        ("opened_on_month", month.lstrip("0")),
        ("opened_on_day", day.lstrip("0")),
        ("opened_on_year", year),
        ("status", code_of(STATUSES, case["status"])),
        ("amount", case["amount"]),
        ("note", case["note"]),
        *[("categories", str(1 + CATEGORIES.index(name))) for name in case["categories"]],
        ("contacts-TOTAL_FORMS", str(len(contacts))),
        ("contacts-INITIAL_FORMS", "0"),
        *[
            field
            for index, (kind, value) in enumerate(contacts)
            for field in (
                (f"contacts-{index}-kind", code_of(CONTACT_KINDS, kind)),
                (f"contacts-{index}-value", value),
            )
        ],
    ]


def code_of(choices: tuple[tuple[str, str], ...], words: str) -> str:
    return next(code for code, shown in choices if shown == words)


def a_case(clerk: Clerk, number: str) -> dict[str, Any]:
    applicant = clerk.add_applicant("Ada Stone", "1980-05-17", "ada@example.org")
    return {
        "number": number,
        "applicant_id": applicant,
        "opened_on": "2025-03-04",
        "status": "Open",
        "amount": "12.30",
        "note": "",
        "categories": ["Food"],
    }


def held(clerk: Clerk, number: str) -> list[dict[str, Any]]:
    return [case for case in oracle.cases(clerk.database) if case["number"] == number]


def test_every_case_of_the_truth_can_be_stored_as_the_truth_says(clerk: Clerk) -> None:
    expected = json.loads((ROOT / "fixtures/workbooks/expected.json").read_text("utf-8"))["cases"]
    for case in expected:
        person = clerk.add_applicant(case["applicant"], case["birth_date"], case["email"])
        clerk.add_case(case | {"applicant_id": person})
    stored = [case for wanted in expected for case in held(clerk, wanted["number"])]
    assert [{key: case[key] for key in case if key != "id"} for case in stored] == expected


def test_a_case_that_is_sent_twice_shows_as_two_rows(clerk: Clerk) -> None:
    case = a_case(clerk, "TWICE")
    clerk.add_case(case)
    clerk.add_case(case)
    assert len(held(clerk, "TWICE")) == 2


def test_a_refused_case_says_why_and_leaves_nothing(clerk: Clerk) -> None:
    answer = clerk.add_case(a_case(clerk, "REFUSED") | {"categories": []})
    assert 'id="id_categories_error"><li>This field is required.' in answer
    assert held(clerk, "REFUSED") == []


@pytest.mark.parametrize("number", range(8))
def test_every_value_of_a_filled_w9_has_a_field(clerk: Clerk, number: int) -> None:
    truth = json.loads((ROOT / f"fixtures/forms/w9/w9_{number:02}.truth.json").read_text("utf-8"))
    truth["tax_class"] = truth.pop("classification")
    form = truth | {"tax_class": code_of(TAX_CLASSES, truth["tax_class"]), "reference": f"W9-{number}"}
    clerk.send("/admin/intake/supplier/add/", list(form.items()))
    stored = [row for row in oracle.suppliers(clerk.database) if row["reference"] == f"W9-{number}"]
    assert [{key: row[key] for key in truth} for row in stored] == [truth]


def test_it_says_one_line_and_ends_cleanly_when_told_to(tmp_path: Path) -> None:
    database = tmp_path / "office.sqlite3"
    command = [sys.executable, "-m", "fixtures.systems.django_admin", "--database", str(database)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as system:
        assert system.stdout is not None
        first = system.stdout.readline()
        system.terminate()
        rest, errors = system.communicate(timeout=10)
    assert first.startswith("listening on http://127.0.0.1:")
    assert (system.returncode, rest, errors) == (0, "", "")
    assert oracle.cases(database) == []
