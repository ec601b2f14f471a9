"""What goes wrong stays in sight until a person has dealt with it, and tells nobody a value."""

import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook

from rpa.work import Status
from tests.commands import typed as rpa
from tests.kills.lane import Lane, lane


@pytest.fixture(scope="module")
def benefits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lane]:
    with lane("benefits", tmp_path_factory.mktemp("trouble")) as one:
        yield one


def test_a_document_that_cannot_be_read_waits_until_a_person_has_dealt_with_it(benefits: Lane) -> None:
    folder = benefits.project("CL-700001")
    assert benefits.settle(folder) is Status.CONFIRMED
    (folder / "claims.csv").write_bytes(b"%PDF-1.4 no list of claims")

    codes = [rpa("run", benefits.bot, folder=folder).returncode for _ in range(2)]
    listed = rpa("queue", folder=folder)
    rpa("queue", "dismiss", "document-2", "--reason", "sent again on paper", folder=folder)

    assert codes == [3, 3]
    assert "claims.csv" in listed.stdout
    assert "document-2" in listed.stdout
    assert rpa("queue", folder=folder).returncode == 0
    assert rpa("run", benefits.bot, folder=folder).returncode == 0


def test_a_document_is_read_again_when_a_person_says_so(benefits: Lane) -> None:
    folder = benefits.project("CL-700002")
    (folder / "claims.csv").write_bytes(b"\x00\x01")
    rpa("run", benefits.bot, folder=folder)

    again = rpa("queue", "read-again", "document-2", "--reason", "try once more", folder=folder)
    ran = rpa("run", benefits.bot, folder=folder)

    assert again.returncode == 0, again.stderr
    assert "1 could not be read" in ran.stdout


def test_other_content_under_a_known_reference_waits_and_overwrites_nothing(benefits: Lane) -> None:
    folder = benefits.project("CL-700003")
    assert benefits.settle(folder) is Status.CONFIRMED
    (folder / "claims.csv").write_text("Claim No,Lost on\nCL-700003,2026-01-03\n", encoding="utf-8")

    changed = rpa("run", benefits.bot, folder=folder)
    listed = rpa("queue", folder=folder)

    assert changed.returncode == 3
    assert "came again with other content, in claims.csv" in listed.stdout
    assert benefits.rows("CL-700003") == 1
    assert [entry["lost_on"] for entry in benefits.running.entries() if entry["claim_no"] == "CL-700003"] == [
        "2026-01-02"
    ]


def test_a_worker_that_breaks_down_is_told_and_fails_the_run(benefits: Lane) -> None:
    folder = benefits.project("CL-700004")
    (folder / "bots" / "actions.py").write_text(
        "import multiprocessing\n"
        "if multiprocessing.parent_process() is not None:\n"
        "    raise ZeroDivisionError('the value 536-90-4399')\n",
        encoding="utf-8",
    )

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 1
    assert "ZeroDivisionError" in ran.stdout
    assert "536-90-4399" not in ran.stdout + ran.stderr
    assert benefits.rows("CL-700004") == 0


def test_a_record_that_lacks_a_field_is_rejected_again_and_not_lost(benefits: Lane) -> None:
    folder = benefits.project("CL-700005")
    (folder / "claims.csv").write_text("Claim No,Lost on\nCL-700006,never\n", encoding="utf-8")
    rpa("run", benefits.bot, folder=folder)

    rpa("queue", "send-again", "CL-700006", "benefits", "--reason", "looks right to me", folder=folder)
    ran = rpa("run", benefits.bot, folder=folder)
    listed = rpa("queue", "--status", "rejected", folder=folder)

    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "lost_on could not be read for this record" in listed.stdout


def test_a_control_character_does_not_break_the_result_workbook(benefits: Lane) -> None:
    folder = benefits.project("CL-700007")
    (folder / "claims.csv").write_text("Claim No,Lost on\nCL-7\x0b8,2026-01-02\n", encoding="utf-8")

    ran = rpa("run", benefits.bot, folder=folder)

    assert ran.returncode == 3, ran.stderr
    sheet = load_workbook(folder / ".rpa" / "results" / f"{benefits.bot}.xlsx")["Results"]
    assert sheet.max_row == 3


def test_what_is_kept_is_for_its_owner_alone(benefits: Lane) -> None:
    folder = benefits.project("CL-700009")
    assert rpa("read", benefits.bot, folder=folder).returncode == 0
    rpa("run", benefits.bot, folder=folder)

    others = stat.S_IRWXG | stat.S_IRWXO
    open_to_others = [
        path
        for path in (folder / ".rpa" / "results", folder / ".rpa" / "evidence")
        if path.stat().st_mode & others
    ]
    files = [path for path in Path(folder / ".rpa" / "results").iterdir() if path.stat().st_mode & others]
    assert (open_to_others, files) == ([], [])


def test_a_corrected_form_takes_the_place_of_a_rejected_one_and_the_old_one_is_never_entered(
    benefits: Lane,
) -> None:
    folder = benefits.project("CL-700010")
    claims = folder / "claims.csv"
    claims.write_text("Claim No,Lost on\nCL-700011,never\n", encoding="utf-8")
    rpa("run", benefits.bot, folder=folder)
    claims.write_text("Claim No,Lost on\nCL-700011,2026-01-05\n", encoding="utf-8")
    rpa("run", benefits.bot, folder=folder)

    listed = rpa("queue", "--json", folder=folder).stdout
    revision = next(json.loads(line)["id"] for line in listed.splitlines() if '"revision"' in line)
    old = rpa("queue", "send-again", "CL-700011", "benefits", "--reason", "again", folder=folder)
    taken = rpa("queue", "take", revision, "--reason", "corrected by the member", folder=folder)
    ran = rpa("run", benefits.bot, folder=folder)

    assert old.returncode != 0
    assert revision in old.stderr
    assert (taken.returncode, ran.returncode) == (0, 0), taken.stderr + ran.stdout + ran.stderr
    entries = [one for one in benefits.running.entries() if one["claim_no"] == "CL-700011"]
    assert [one["lost_on"] for one in entries] == ["2026-01-05"]


def test_a_folder_without_a_project_is_told_and_gets_no_ledger(tmp_path: Path) -> None:
    for verb in (("queue",), ("check",), ("audit", "verify"), ("show", "CL-1")):
        wrong = rpa(*verb, folder=tmp_path)
        assert wrong.returncode == 1, verb
        assert "holds no project" in wrong.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_address_for_a_system_that_is_none_is_told(benefits: Lane) -> None:
    folder = benefits.project("CL-700012")

    ran = rpa("run", benefits.bot, folder=folder, RPA_SYSTEMS__BENFITS__URL="http://127.0.0.1:9")

    assert ran.returncode == 1
    assert "no system is called benfits" in ran.stderr + ran.stdout
