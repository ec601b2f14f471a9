"""What is corrected before the start: entered so and never as it was read, with the original, a reason and who."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from rpa.console import amendments
from rpa.console.starting import Starter
from rpa.console.uploads import Upload, Uploads
from rpa.dispatcher import dispatch
from rpa.errors import DocumentProblem
from rpa.intake.drafts import Drafts
from rpa.project import Project
from rpa.records import Record
from rpa.work import Status, WorkItem
from tests.console.client import Answer, Client
from tests.console.stage import BOT, CLAIMS, CLERK, make_project, served

HELD = [Status.REJECTED, Status.REJECTED]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("amendments") / "project", claims=0)


@pytest.fixture(scope="module")
def olive(project: Project) -> Iterator[Client]:
    with served(project.folder) as base:
        client = Client(base)
        client.sign_in("olive")
        yield client


@pytest.fixture(autouse=True)
def no_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker: what a run would find on the ledger is looked at instead."""
    monkeypatch.setattr(Starter, "start", lambda *_: None)


def bring(project: Project, name: str) -> Upload:
    upload = Uploads(project.settings.state_folder / "uploads").begin(BOT, "olive")
    upload.add(name, BytesIO((CLAIMS / name).read_bytes()), project.bot(BOT))
    return upload


def fix(client: Client, project: Project, upload: Upload, reason: str = "Read it again", **fields: str) -> Answer:
    """Send the form as a browser would, at the address to which the page leads."""
    (path,) = upload.paths()
    with project.files.keep(path) as kept:
        document = kept.sha256
    form = {f"field-{name}": text for name, text in fields.items()}
    return client.post(
        f"/start/{upload.token}/fix?document={document}&place={quote('page 1')}", {"reason": reason, **form}
    )


def amendment(document: str, place: str) -> amendments.Amendment:
    return amendments.Amendment(document, place, "CL-100006", {"amount": "712.50"}, "Read it again")


def item_of(project: Project, reference: str) -> tuple[WorkItem, list[Status]]:
    with project.store(CLERK) as store:
        item = store.work_item(store.numbers(BOT, [reference])[reference])
        return item, [one.status for one in store.transactions(item.id)]


def trail(project: Project, reference: str, event: str) -> list[dict[str, Any]]:
    with project.store(CLERK) as store:
        return [one for one in store.log.read(reference) if one["event"] == event]


def test_a_value_is_corrected_before_the_start_and_entered_so_with_the_original_kept(
    project: Project, olive: Client
) -> None:
    upload = bring(project, "claim_06.pdf")
    read = olive.get(f"/start/{upload.token}").text
    refused = fix(olive, project, upload, amount="a lot")
    without = fix(olive, project, upload, "", amount="12.50")
    same = fix(olive, project, upload)
    answer = fix(olive, project, upload, "A 7 was read as a 1", amount="712.50")
    shown = olive.get(f"/start/{upload.token}").text
    started = olive.post(f"/start/{upload.token}/run")
    item, stands = item_of(project, "CL-100006")

    assert "Correct it<span" in read
    assert "Corrected</span>" not in read
    assert (refused.status, without.status, same.status) == (422, 422, 422)
    assert '<a href="#field-amount">' in refused.text
    assert "nothing was changed" in same.text
    assert (answer.status, answer.to) == (303, f"/start/{upload.token}")
    assert all(words in shown for words in ("Corrected</span>", "712.50", "corrected by a person"))
    assert (started.status, stands) == (303, [Status.NEW, Status.NEW])
    assert Record.from_json(item.record).fields["amount"].text == "712.50"
    (entry,) = trail(project, "CL-100006", "work_item.corrected")
    assert (entry["actor"]["id"], entry["reason"]) == ("olive", "A 7 was read as a 1")
    story = olive.get(f"/work/{item.id}").text
    assert "Olive Reyes" in story
    assert "712.50" in story.partition("changes-title")[2]


def test_a_run_that_finds_the_same_paper_leaves_the_correction(project: Project, olive: Client) -> None:
    upload = bring(project, "claim_02.pdf")
    fix(olive, project, upload, amount="12.50")
    olive.post(f"/start/{upload.token}/run")
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        intake = dispatch(project.drafts(project.bot(BOT)), run, store)
        store.finish_run(run, {})
    item, stands = item_of(project, "CL-100002")

    assert intake.known > 0
    assert stands == [Status.NEW, Status.NEW]
    assert Record.from_json(item.record).fields["amount"].text == "12.50"


def test_where_the_bot_asks_for_four_eyes_nothing_is_entered_before_an_approver_agrees(
    project: Project, olive: Client
) -> None:
    upload = bring(project, "claim_05.pdf")
    fix(olive, project, upload, amount="4,500.00")
    olive.post(f"/start/{upload.token}/run")
    item, stands = item_of(project, "CL-100005")
    with project.store(CLERK) as store:
        waits = [one.work_item_id for one in store.waiting(BOT) if one.kind == "approval"]

    assert stands == HELD
    assert item.id in waits
    assert Record.from_json(item.record).fields["amount"].text != "4500.00"


def test_what_was_read_wrongly_is_not_entered_though_the_console_dies_before_it_is_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path / "project", claims=0)
    upload = bring(project, "claim_06.pdf")
    document = sha256(upload.paths()[0].read_bytes()).hexdigest()
    amendments.amend(upload, amendment(document, "page 1"))

    def die(*_: object, **__: object) -> None:
        raise SystemExit

    monkeypatch.setattr(amendments, "correct", die)
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:olive")
        with suppress(SystemExit):
            amendments.put_on_ledger(project, store, project.bot(BOT), run, upload, CLERK)
    _, stands = item_of(project, "CL-100006")

    assert stands == HELD


def test_a_correction_is_not_dropped_where_another_file_brought_the_misread_record_first(
    project: Project, olive: Client
) -> None:
    upload = bring(project, "claim_03.pdf")
    fix(olive, project, upload, amount="12.50")
    scanned_again = project.folder / "inbox" / "claims" / "again.pdf"
    scanned_again.write_bytes((CLAIMS / "claim_03.pdf").read_bytes() + b"\n%")
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        dispatch(project.drafts(project.bot(BOT)), run, store)
        store.finish_run(run, {})
    first = olive.post(f"/start/{upload.token}/run")
    second = olive.post(f"/start/{upload.token}/run")
    item, _ = item_of(project, "CL-100003")
    olive.post(
        f"/work/{item.id}/fix",
        {"reason": "Read it again", "revision": str(item.revision), "field-amount": "12.50"},
    )
    corrected, _ = item_of(project, "CL-100003")

    assert (first.status, second.status) == (409, 409)
    assert (
        "what was corrected before the start could not be put into the queue"
        in olive.get(f"/runs/{run.id + 1}").text
    )
    assert "could not be put into the queue: CL-100003<" in first.text
    assert not (scanned_again.parent / "claim_03.pdf").exists()
    assert Record.from_json(corrected.record).fields["amount"].text == "12.50"
    assert olive.post(f"/start/{upload.token}/run").status == 303


@pytest.mark.parametrize(("name", "fails"), [("claim_01.pdf", "of"), ("claim_04.pdf", "keep")])
def test_a_correction_is_not_dropped_where_its_document_can_not_be_read_at_the_start(
    project: Project, olive: Client, monkeypatch: pytest.MonkeyPatch, name: str, fails: str
) -> None:
    reference = name.replace("claim_", "CL-1000").removesuffix(".pdf")

    def fail(*_: object) -> None:
        raise DocumentProblem("takes-too-long", "it was given up after 120 s")

    upload = bring(project, name)
    fix(olive, project, upload, amount="12.50")
    with monkeypatch.context() as broken:
        broken.setattr(Drafts, fails, fail)
        refused = olive.post(f"/start/{upload.token}/run")
    started = olive.post(f"/start/{upload.token}/run")
    item, stands = item_of(project, reference)

    assert refused.status == 409
    assert f"could not be put into the queue: {reference}<" in refused.text
    assert (started.status, stands) == (303, [Status.NEW, Status.NEW])
    assert Record.from_json(item.record).fields["amount"].text == "12.50"


def test_two_windows_that_correct_at_the_same_moment_lose_nothing(project: Project) -> None:
    upload = Uploads(project.settings.state_folder / "uploads").begin(BOT, "olive")
    places = [f"row {number}" for number in range(40)]
    with ThreadPoolExecutor(8) as windows:
        list(windows.map(lambda place: amendments.amend(upload, amendment("d" * 64, place)), places))

    assert {place for _, place in amendments.amendments(upload)} == set(places)
    assert amendments.withdraw(upload, "d" * 64, "row 7")
    assert not amendments.withdraw(upload, "d" * 64, "row 7")
    assert len(amendments.amendments(upload)) == 39
    upload.drop()
    with pytest.raises(LookupError):
        amendments.withdraw(upload, "d" * 64, "row 8")


def test_where_a_correction_was_lost_on_the_disk_nothing_starts_until_it_is_made_again(
    project: Project, olive: Client
) -> None:
    upload = bring(project, "claim_07.pdf")
    fix(olive, project, upload, amount="12.50")
    (kept,) = upload.folder.glob(".amendment-*")
    kept.write_bytes(b"")

    assert olive.get(f"/start/{upload.token}").status == 200
    refused = olive.post(f"/start/{upload.token}/run")
    assert refused.status == 409
    assert "could not be put into the queue: claim_07.pdf<" in refused.text
    with project.store(CLERK) as store:
        assert store.numbers(BOT, ["CL-100007"]) == {}
    fix(olive, project, upload, amount="12.50")
    assert "12.50" in olive.get(f"/start/{upload.token}").text
