"""A record is put right by a person: by the rules of the form, the original kept, and a second pair of eyes."""

import html
import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfWriter

from rpa.cli.queue import command
from rpa.console.preview import Previews
from rpa.console.uploads import Uploads
from rpa.dispatcher import dispatch
from rpa.errors import OwnershipLost
from rpa.notices.notice import Kind, Subject, subject
from rpa.project import Project
from rpa.records import Record
from rpa.store.owner import Owner
from rpa.work import Status, WorkItem
from tests.console.client import Answer, Client
from tests.console.more import AMOUNT, MEMBER, NUMBER
from tests.console.stage import BOT, CLAIMS, CLERK, make_project, served, walk

OVER_THE_LIMIT, NOT_IN_ROSTER = 7, 13
OTHER_SSN = "899-55-0177"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return make_project(tmp_path_factory.mktemp("corrections") / "project", claims=13)


@pytest.fixture(scope="module")
def people(project: Project) -> Iterator[dict[str, Client]]:
    with served(project.folder) as base:
        clients = {name: Client(base) for name in ("olive", "otto", "pia", "vic")}
        for name, client in clients.items():
            client.sign_in(name)
        yield clients


def fix(client: Client, item: int, reason: str = "Read the paper again", *, on: int = 1, **fields: str) -> Answer:
    """Send the form of a correction as a browser would that shows revision *on*."""
    form = {f"field-{name}": text for name, text in fields.items()}
    return client.post(f"/work/{item}/fix", {"revision": str(on), "reason": reason, **form})


def stands(project: Project, item: int) -> list[Status]:
    with project.store(CLERK) as store:
        return [one.status for one in store.transactions(item)]


def text_of(project: Project, item: int, name: str) -> str:
    with project.store(CLERK) as store:
        return Record.from_json(store.work_item(item).record).fields[name].text


def told(project: Project, item: int, event: str) -> list[dict[str, Any]]:
    with project.store(CLERK) as store:
        return [one for one in store.log.read(store.work_item(item).reference) if one["event"] == event]


def known_member(project: Project) -> str:
    """Return a member who is in the roster."""
    return text_of(project, 4, "member_id")


def cards(client: Client, kind: str) -> list[str]:
    """Return what each card of *Needs you* says, without its marks."""
    listed = client.get(f"/needs-you?kind={kind}").text.partition('<ul class="k-list">')[2]
    return [html.unescape(re.sub(r"<[^>]+>", " ", card)) for card in listed.split("<li>")[1:]]


def test_a_record_that_waits_in_both_systems_for_one_reason_is_one_card(people: dict[str, Client]) -> None:
    (card,) = (one for one in cards(people["olive"], "rejected") if "CL-100013" in one)

    assert "claims-intake, in benefits, payments" in card
    page = people["olive"].get("/needs-you?kind=rejected").text
    assert f"Rejected <b>{len(cards(people['olive'], 'rejected'))}</b>" in page


def test_a_correction_that_breaks_the_rules_of_the_form_is_told_at_its_field_and_changes_nothing(
    project: Project, people: dict[str, Client]
) -> None:
    answer = fix(people["olive"], NOT_IN_ROSTER, member_id="12", amount="a lot")

    assert answer.status == 422
    assert '<a href="#field-member_id">' in answer.text
    assert '<a href="#field-amount">' in answer.text
    assert 'id="field-amount" name="field-amount" value="a lot"' in answer.text
    assert "<title>Error: " in answer.text
    assert fix(people["olive"], NOT_IN_ROSTER, "", member_id="1234567").status == 422
    unknown = fix(people["olive"], NOT_IN_ROSTER, member_id="0000000").text
    assert re.search(r'id="field-member_id-error">Member ID: no row in roster.xlsx', unknown)
    assert '<a href="#field-member_id">' in unknown
    assert "nothing was changed" in fix(people["olive"], 9).text
    assert stands(project, NOT_IN_ROSTER) == [Status.REJECTED, Status.REJECTED]


def test_a_corrected_record_goes_back_to_the_queue_the_original_stays_and_the_second_person_is_told(
    project: Project, people: dict[str, Client]
) -> None:
    number, before = known_member(project), text_of(project, NOT_IN_ROSTER, "member_id")
    answer = fix(people["olive"], NOT_IN_ROSTER, "The 7 was read as a 1", member_id=number)
    late = fix(people["otto"], NOT_IN_ROSTER, "It says so on the paper", member_id="7654321")

    assert (answer.status, answer.to) == (303, f"/work/{NOT_IN_ROSTER}")
    assert late.status == 409
    assert "Somebody else has changed it" in late.text
    assert stands(project, NOT_IN_ROSTER) == [Status.NEW, Status.NEW]
    assert text_of(project, NOT_IN_ROSTER, "member_name") == text_of(project, 4, "member_name")  # looked up anew
    page = html.unescape(people["olive"].get(answer.to).text)
    assert all(words in page for words in (before, number, "The 7 was read as a 1", "corrected by a person"))
    (entry,) = told(project, NOT_IN_ROSTER, "work_item.corrected")
    assert entry["actor"]["id"] == "olive"
    assert {"document", "place", "how", "raw", "rule", "before", "commitment"} == set(
        entry["data"]["fields"]["member_id"]
    )
    assert number not in json.dumps(entry)


def test_the_same_paper_again_is_known_and_does_not_undo_the_correction(
    project: Project, people: dict[str, Client]
) -> None:
    del people  # after the correction
    inbox = project.folder / "inbox" / "claims"
    again = (inbox / "claim_13.pdf").read_bytes() + b"\n"
    (inbox / "scanned_again.pdf").write_bytes(again)
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        intake = dispatch(project.drafts(project.bot(BOT)), run, store)

        assert intake.outcomes == {"known": 1}


def test_a_personal_value_waits_for_another_person_and_no_worker_takes_the_record_meanwhile(
    project: Project, people: dict[str, Client]
) -> None:
    assert "field-ssn" not in people["olive"].get("/work/4/fix").text
    with project.store(CLERK) as store, Owner.hold(project.settings.state_folder) as owner:
        held = store.reserve(owner, ["benefits"])
        assert held is not None
        assert held.work_item.id == 4
        assert fix(people["olive"], 4, "A digit was missing", ssn=OTHER_SSN).status == 303
        with pytest.raises(OwnershipLost):  # it would enter what the record was
            store.move(held.transaction, Status.IN_PROGRESS, owner)
        other = store.reserve(owner, ["benefits"])
        assert other is not None
        assert other.work_item.id == 5
        store.release(other.transaction, owner)
    assert text_of(project, 4, "ssn") != OTHER_SSN
    assert fix(people["otto"], 4, "Me too", ssn=OTHER_SSN).status == 409

    assert "CL-100004" in people["pia"].get("/needs-you?kind=approval").text
    assert OTHER_SSN not in people["pia"].get("/approvals/2").text
    assert people["olive"].post("/approvals/2/decide", {"answer": "approve", "reason": "Fine"}).status == 403
    shown = people["pia"].post("/approvals/2/show", {"why": "To compare it with the paper"})
    assert OTHER_SSN in people["pia"].get(shown.to).text
    assert people["pia"].post("/approvals/2/decide", {"answer": "approve", "reason": "So it says"}).status == 303

    assert text_of(project, 4, "ssn") == OTHER_SSN
    (entry,) = told(project, 4, "work_item.corrected")
    assert (entry["actor"]["id"], entry["on_behalf_of"]["id"]) == ("pia", "olive")
    with project.store(CLERK) as store, Owner.hold(project.settings.state_folder) as owner:
        taken = store.reserve(owner, ["benefits"])
        assert taken is not None
        assert Record.from_json(taken.work_item.record).fields["ssn"].text == OTHER_SSN
        store.release(taken.transaction, owner)


def test_nobody_agrees_to_what_they_have_asked_for_themselves(project: Project, people: dict[str, Client]) -> None:
    assert fix(people["pia"], 5, "A digit was missing", ssn=OTHER_SSN).status == 303
    answer = people["pia"].post("/approvals/3/decide", {"answer": "approve", "reason": "Fine"})

    assert answer.status == 409
    assert "Somebody else has to agree" in answer.text
    assert text_of(project, 5, "ssn") != OTHER_SSN


def test_what_is_over_the_limit_is_sent_again_by_two_people_whoever_asks(
    project: Project, people: dict[str, Client]
) -> None:
    words = [
        "send-again",
        "CL-100007",
        "benefits",
        "--reason",
        "Signed",
        "--project",
        str(project.folder),
    ]
    asked = CliRunner().invoke(command, words)

    assert "waits for an approver" in asked.output
    assert not any("CL-100007" in card for card in cards(people["olive"], "rejected"))
    assert sum("CL-100007" in card for card in cards(people["olive"], "approval")) == 1
    assert stands(project, OVER_THE_LIMIT) == [Status.REJECTED, Status.REJECTED]
    assert "waits for an approver" in str(CliRunner().invoke(command, words).exception)  # the first one still does
    assert people["pia"].post("/approvals/4/decide", {"answer": "refuse", "reason": "No signature"}).status == 303
    assert stands(project, OVER_THE_LIMIT) == [Status.REJECTED, Status.REJECTED]
    assert told(project, OVER_THE_LIMIT, "change.refused")[0]["reason"] == "No signature"

    CliRunner().invoke(command, words)
    people["pia"].post("/approvals/5/decide", {"answer": "approve", "reason": "The signature came"})
    assert stands(project, OVER_THE_LIMIT) == [Status.NEW, Status.REJECTED]


def test_what_a_system_holds_or_may_hold_is_not_corrected(project: Project, people: dict[str, Client]) -> None:
    for item in (1, 3):
        answer = fix(people["olive"], item, amount="$5.00")
        assert answer.status == 409
        assert "It was entered, or may have been" in answer.text
        assert f"/work/{item}/fix" not in people["olive"].get(f"/work/{item}").text
    assert text_of(project, 3, "amount") == "2310.75"


def test_many_with_one_reason_get_one_decision_and_what_could_not_be_decided_is_listed(
    project: Project, people: dict[str, Client]
) -> None:
    with project.store(CLERK) as store, Owner.hold(project.settings.state_folder) as owner:
        assert ("/together" in people["olive"].get("/needs-you").text) is bool(store.lists.surges())
        for _ in range(3):
            taken = store.reserve(owner, ["benefits"])
            assert taken is not None
            walk(project, store, owner, taken.transaction, Status.FAILED)
        (surge,) = (one for one in store.lists.surges() if one.status is Status.FAILED)
    assert "/together" in people["olive"].get("/needs-you").text
    shown = people["olive"].get(f"/together/{surge.example}").text
    chosen = re.findall(r'name="one" value="([^"]+)"', shown)
    assert len(chosen) == surge.count == 4
    assert 'name="one"' not in people["vic"].get(f"/together/{surge.example}").text

    form: dict[str, Any] = {"one": chosen, "answer": "again", "reason": ""}
    assert "Write a reason" in people["olive"].post(f"/together/{surge.example}", form).text
    numbers = [int(one.partition("@")[0]) for one in chosen]
    with project.store(CLERK) as store:
        store.decide(numbers[0], Status.ABANDONED, person=CLERK, reason="Withdrawn")
    answer = people["olive"].post(f"/together/{surge.example}", {**form, "reason": "The system answers again"})

    assert "Back in the queue: 2 records" in answer.text
    assert "Waiting for an approver first: 1 record" in answer.text  # its amount is over the bot's limit
    assert "Not decided by you now: 1 record" in answer.text
    assert "CL-100002</a>: it has changed since you looked" in answer.text
    with project.store(CLERK) as store:
        moved = [one for one in map(store.transaction, numbers) if one.status is Status.NEW]
        assert [one.reason for one in moved] == ["The system answers again"] * 2
        assert all(list(store.log.read(transaction=one.id))[-1]["event"] == "queue.decided" for one in moved)


def test_what_is_in_doubt_or_waits_to_be_entered_is_not_abandoned_with_others(
    project: Project, people: dict[str, Client]
) -> None:
    with project.store(CLERK) as store:
        doubtful, waiting = store.transactions(1)
        chosen = [f"{one.id}@{one.changed.isoformat()}" for one in (doubtful, waiting)]
    form: dict[str, Any] = {"one": chosen, "answer": "abandon", "reason": "All of them"}
    answer = people["olive"].post(f"/together/{doubtful.id}", form)

    assert answer.text.count("decide about it by itself") == 2
    assert stands(project, 1) == [Status.IN_DOUBT, Status.NEW]


def test_what_staff_call_wrong_reaches_the_owner_of_the_bot_and_is_counted_by_its_words(
    project: Project, people: dict[str, Client]
) -> None:
    with project.store(CLERK) as store:
        transaction = store.transactions(OVER_THE_LIMIT)[1]
        before = store.log.size()
    address = f"/work/{OVER_THE_LIMIT}/{transaction.id}/feedback"
    assert "Write what is wrong" in people["vic"].post(address, {"words": " "}).text
    for name, words in (("vic", "A supervisor had signed it"), ("olive", "This is not an error")):
        assert people[name].post(address, {"words": words}).to == f"/bots/{BOT}"
    people["otto"].post(f"/bots/{BOT}", {"words": "It is slow on Mondays"})

    with project.store(CLERK) as store:
        counts = [(one.bot, one.about, one.count) for one in store.feedback.counts()]
        told = [subject(entry) for entry in store.log.read(after=before)]
    assert counts == [(BOT, transaction.reason, 2), (BOT, "", 1)]
    assert told.count(Subject(Kind.FEEDBACK, BOT)) == 3
    page = html.unescape(people["vic"].get(f"/bots/{BOT}").text)
    assert page.index("Above the clerk's limit") < page.index("It is slow on Mondays")
    assert "CL-100007" in page
    assert "3 remarks by staff" in people["olive"].get("/bots").text


def test_who_is_known_is_shown_before_entry_and_what_may_be_a_duplicate_is_said_to_be_one(
    project: Project, people: dict[str, Client], tmp_path: Path
) -> None:
    uploads = Uploads(tmp_path)
    upload, bot = uploads.begin(BOT, "olive"), project.bot(BOT)
    for name, changes in (("twin.pdf", {}), ("other.pdf", {AMOUNT: "$12.00"})):
        form = PdfWriter(clone_from=CLAIMS / "claim_06.pdf")
        form.update_page_form_field_values(form.pages[0], {NUMBER: "CL-100906", **changes})
        form.write(upload.folder / name)
    with project.store(CLERK) as store:
        other, twin = (sheet.records[0] for sheet in Previews().of(project, store, bot, upload))

    (first,) = (one for one in twin.acquaintances if one.known.reference == "CL-100006")
    assert first.twin
    assert [entry for entry, *_ in first.known.entries] == ["benefits", "payments"]
    (second,) = (one for one in other.acquaintances if one.known.reference == "CL-100006")
    assert (second.twin, second.differs) == (False, ["Amount claimed"])

    shutil.copy2(upload.folder / "twin.pdf", project.folder / "inbox" / "claims")
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        dispatch(project.drafts(bot), run, store)
        (item,) = store.find("CL-100906")
    page = people["vic"].get(f"/work/{item.id}").text
    assert "Perhaps a duplicate" in page
    assert "CL-100006</a>" in page


def test_an_erasure_takes_the_values_before_a_correction_with_it(
    project: Project, people: dict[str, Client]
) -> None:
    del people  # after the corrections
    with project.store(CLERK) as store:
        person = CLERK
        for one in store.transactions(NOT_IN_ROSTER):
            store.decide(one.id, Status.ABANDONED, person=person, reason="Withdrawn")
        number = Record.from_json(store.work_item(NOT_IN_ROSTER).record).fields["member_id"].text
        for item in store.work_items():
            held = Record.from_json(item.record).fields["member_id"].text == number
            for one in store.transactions(item.id) if held else ():
                if one.status is not Status.ABANDONED:
                    store.decide(one.id, Status.ABANDONED, person=person, reason="Withdrawn")
        store.personal.erase(store.personal.holding(number), "a test", ())

        (change,) = store.changes.of_item(NOT_IN_ROSTER)
        assert (change.before, change.after) == (None, None)


NAMES_FILES = "  fields:\n    filed_by: {from: claim, file_name: '(.+)', type: text, personal: true}"


def take_in(project: Project, name: str, number: str) -> WorkItem:
    """Bring a claim with what stands in the box of its number; its member can't be read."""
    form = PdfWriter(clone_from=CLAIMS / "claim_06.pdf")
    form.update_page_form_field_values(form.pages[0], {NUMBER: number, MEMBER: "unreadable"})
    form.write(project.folder / "inbox" / "claims" / name)
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "person:maria")
        dispatch(project.drafts(project.bot(BOT)), run, store)
        return max(store.work_items(BOT), key=attrgetter("id"))


def names_of(client: Client, item: int) -> set[str]:
    """Return what the record is called in lists and on its own page, titles of windows included."""
    link, heading = (
        rf'<a href="/work/{item}(?:#[^"]*)?">([^<]+)</a>',
        r"<(?:h1|title)>([^<]+?)(?: \| [^<]*)?</",
    )
    lists = "".join(client.get(page).text for page in ("/needs-you?kind=rejected", "/work"))
    return {*re.findall(link, lists), *re.findall(heading, client.get(f"/work/{item}").text)}


@pytest.fixture(scope="module")
def nameless(project: Project, people: dict[str, Client]) -> WorkItem:
    del people
    return take_in(project, "scan of Monday.pdf", "unreadable")


def test_a_record_without_a_reference_is_called_by_its_file_on_every_page(
    nameless: WorkItem, people: dict[str, Client]
) -> None:
    shown = names_of(people["olive"], nameless.id)

    assert shown == {"scan of Monday.pdf, page 1", nameless.reference}  # the hash is the window's title


def test_the_name_of_a_file_is_not_told_to_who_may_not_see_what_is_personal(
    nameless: WorkItem, people: dict[str, Client]
) -> None:
    assert names_of(people["vic"], nameless.id) == {nameless.reference}


def test_the_name_of_a_file_is_not_told_where_it_holds_a_personal_value(
    project: Project, nameless: WorkItem, people: dict[str, Client]
) -> None:
    with said_otherwise(project, "  fields:", NAMES_FILES):
        assert names_of(people["olive"], nameless.id) == {nameless.reference}


def test_a_reference_that_looks_like_a_hash_is_not_shown_as_another_file(
    project: Project, nameless: WorkItem, people: dict[str, Client]
) -> None:
    number = f"{nameless.reference[:12]} page 2"
    with said_otherwise(project, r"CL-\d{6}", ".+"):
        item = take_in(Project(project.folder), "other.pdf", number)

    assert item.reference == number
    assert names_of(people["olive"], item.id) == {number}


def test_a_record_that_is_erased_is_not_called_by_nothing(
    project: Project, nameless: WorkItem, people: dict[str, Client]
) -> None:
    with project.store(CLERK) as store:
        for one in store.transactions(nameless.id):
            store.decide(one.id, Status.ABANDONED, person=CLERK, reason="Withdrawn")
        held = store.personal.holding(nameless.reference)
        store.personal.erase(held, "a test", held.documents)

    assert names_of(people["olive"], nameless.id) == {nameless.reference}


@contextmanager
def said_otherwise(project: Project, words: str, others: str) -> Iterator[None]:
    """Let the bot's file say something else for a while."""
    path = project.folder / "bots" / "claims_intake.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(words, others, 1), "utf-8")
    yield
    path.write_text(text, "utf-8")


def test_what_two_people_settle_is_told_to_the_second_as_settled(
    project: Project, people: dict[str, Client]
) -> None:
    with project.store(CLERK) as store:
        document = next(one.id for one in store.waiting() if one.kind == "quarantined")
    form = {"answer": "dismiss", "reason": "We asked for it again"}

    assert people["olive"].post(f"/waiting/{document}/decide", form).to == "/needs-you"
    second = people["otto"].post(f"/waiting/{document}/decide", form)

    assert (second.status, people["otto"].get(f"/waiting/{document}").status) == (409, 409)
    assert "This has been settled meanwhile" in second.text
