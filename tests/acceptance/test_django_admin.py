"""Two bots against a system that nobody here wrote: Django's admin, checked by SQL behind the browser's back."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.systems.common import ROOT, RunningSystem, running, said
from fixtures.systems.django_admin import oracle
from rpa.project import Project
from rpa.runner import Outcome, run
from rpa.work import Status

FORMS = ROOT / "fixtures" / "forms" / "w9"

pytestmark = pytest.mark.timeout(400)
"""The workbook takes a slow machine a minute alone, and three where five other test files work beside it."""


@pytest.fixture(scope="module")
def admin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSystem]:
    folder = tmp_path_factory.mktemp("admin")
    with running("django_admin", folder / "admin.db") as system:
        settings = {
            "RPA_SYSTEMS__DJANGO_ADMIN__URL": system.url,
            "RPA_CREDENTIAL_DJANGO_ADMIN_USERNAME": "clerk",
            "RPA_CREDENTIAL_DJANGO_ADMIN_PASSWORD": "admin-pass",
        }
        with said(settings):
            yield system


def project(folder: Path, bot: str) -> Path:
    (folder / "bots" / "systems").mkdir(parents=True)
    shutil.copy(ROOT / "bots" / f"{bot}.yaml", folder / "bots")
    shutil.copy(ROOT / "bots" / "systems" / "django_admin.yaml", folder / "bots" / "systems")
    shutil.copytree(ROOT / "bots" / "forms", folder / "bots" / "forms")
    return folder


def done(folder: Path, bot: str) -> Outcome:
    outcome = run(Project(folder), bot, by="test", progress=lambda _ended, _all: None)
    assert not outcome.failures, outcome.failures
    return outcome


@pytest.fixture(scope="module")
def cases(admin: RunningSystem, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Outcome]:
    assert admin
    folder = project(tmp_path_factory.mktemp("cases"), "django_cases")
    (folder / "inbox").mkdir()
    shutil.copy(ROOT / "fixtures" / "workbooks" / "cases.xlsx", folder / "inbox")
    return folder, done(folder, "django-cases")


def test_every_row_of_the_workbook_is_entered_once_and_right(
    admin: RunningSystem, cases: tuple[Path, Outcome]
) -> None:
    assert cases
    expected = json.loads((ROOT / "fixtures" / "workbooks" / "expected.json").read_text("utf-8"))
    stored = [{key: row[key] for key in expected["cases"][0]} for row in oracle.cases(admin.database)]

    assert sorted(stored, key=str) == sorted(expected["cases"], key=str)
    names = [row["name"] for row in oracle.applicants(admin.database)]
    assert len(names) == len(set(names)) == 13


def test_bad_rows_are_reported_and_not_entered(admin: RunningSystem, cases: tuple[Path, Outcome]) -> None:
    folder, outcome = cases
    with Project(folder).store() as store:
        rejected = {
            item.reference: store.transactions(item.id)[0].reason or ""
            for item in store.work_items("django-cases", Status.REJECTED)
        }

    assert rejected.keys() == {"0004716", "0004719", "0004721"}
    assert "75 characters long; at most 60" in rejected["0004716"]
    assert "e-mail address" in rejected["0004719"]
    assert "Born" in rejected["0004721"]
    assert outcome.intake.outcomes["known"] == 1, "the repeated row"
    assert not {row["number"] for row in oracle.cases(admin.database)} & rejected.keys()


def test_another_run_enters_nothing(admin: RunningSystem, cases: tuple[Path, Outcome]) -> None:
    folder, _ = cases
    before = len(oracle.cases(admin.database))

    again = done(folder, "django-cases")

    assert again.intake.known == 1
    assert len(oracle.cases(admin.database)) == before


def test_every_w9_is_entered_as_its_truth_says_whether_filled_or_printed(
    admin: RunningSystem, tmp_path: Path
) -> None:
    folder = project(tmp_path, "vendor_onboarding")
    shutil.copytree(FORMS, folder / "inbox" / "w9", ignore=shutil.ignore_patterns("*.json", "*.md"))

    outcome = done(folder, "vendor-onboarding")

    assert outcome.intake.documents == 16
    assert outcome.intake.outcomes == {"added": 8, "known": 8}, "the printed copies say the same as the forms"
    stored = {row["reference"]: row for row in oracle.suppliers(admin.database)}
    assert len(oracle.suppliers(admin.database)) == len(stored) == 8
    for path in sorted(FORMS.glob("*.truth.json")):
        truth = json.loads(path.read_text("utf-8"))
        row = stored[path.name.split(".")[0]]
        truth["tax_class"] = truth.pop("classification")
        assert {key: row[key] for key in truth} == truth
