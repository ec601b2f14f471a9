"""Staff settle what needs a person, in a real browser: with and without JavaScript, and two of them at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from rpa.browser.launch import browser
from rpa.project import Project
from rpa.work import Status
from tests.console.client import Client
from tests.console.stage import CLERK, PASSWORD
from tests.rpa.store.ledgers import tamper

OTHERS: list[str] = []
NAME = "one => one.labels?.[0]?.innerText ?? (one.getAttribute('aria-label') || one.innerText)"
"""What a person calls a control."""


@pytest.fixture(scope="module")
def started() -> Iterator[Browser]:
    with browser() as started:
        yield started


def desk(started: Browser, base: str, name: str, *, script: bool = False) -> Page:
    """Sign somebody in at a desk of their own; what their pages ask of other hosts is noted."""
    page = started.new_context(java_script_enabled=script).new_page()
    page.set_default_timeout(15_000)
    page.on("request", lambda request: None if request.url.startswith(base) else OTHERS.append(request.url))
    page.goto(f"{base}/sign-in")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Needs you").wait_for()
    return page


def stands(project: Project, transaction: int) -> Status:
    with project.store(CLERK) as store:
        return store.transaction(transaction).status


def choose(page: Page, answer: str, reason: str, receipt: str = "") -> None:
    page.locator("label", has_text=answer).click()  # the design system draws the button itself
    if receipt:
        page.get_by_label("Receipt number that").fill(receipt)
    page.get_by_label("Reason").first.fill(reason)
    page.get_by_role("button", name="Save the decision").first.click()


def test_a_clerk_settles_what_is_in_doubt_and_the_second_clerk_is_told(
    started: Browser, base: str, project: Project
) -> None:
    first, second = desk(started, base, "olive"), desk(started, base, "otto")
    first.get_by_role("link", name="CL-100001").click()
    second.goto(first.url)
    assert "Not found 30 s after it was sent" in first.locator("main").inner_text()
    assert first.get_by_role("link", name="Look in benefits").is_visible()

    choose(first, "It is there", "Seen on the claims list")
    assert first.title().startswith("Error: ")
    first.get_by_role("link", name="Write the receipt number").click()
    assert first.url.endswith("#receipt-1")
    assert stands(project, 1) is Status.IN_DOUBT
    choose(first, "It is there", "Seen on the claims list", receipt="B-777")
    choose(second, "Send it again", "I can't find it")

    assert stands(project, 1) is Status.CONFIRMED
    assert "Somebody else decided" in second.get_by_role("alert").inner_text()
    told = second.locator("#entry-1").inner_text()
    assert re.search("Olive Reyes said on .* that it is in the system, with the receipt B-777", told)
    assert "Nothing was compared" in told
    assert "every value agreed" not in told
    with project.store(CLERK) as store:
        (decided,) = (entry for entry in store.log.read("CL-100001") if entry["event"] == "queue.decided")
    assert decided["actor"] == {"kind": "person", "id": "olive", "name": "Olive Reyes", "role": "operator"}
    assert decided["reason"] == "Seen on the claims list"


def test_two_who_both_send_again_and_leave_out_do_not_undo_one_another(
    started: Browser, base: str, project: Project
) -> None:
    first, second = desk(started, base, "olive"), desk(started, base, "otto")
    for page in (first, second):
        page.goto(f"{base}/work/2")

    choose(first, "Send it again", "The system answers again")
    choose(second, "Leave it out", "It was entered by hand")

    assert stands(project, 3) is Status.NEW
    assert "Somebody else decided" in second.get_by_role("alert").inner_text()


def test_a_decision_without_a_reason_or_an_answer_is_none(started: Browser, base: str, project: Project) -> None:
    page = desk(started, base, "olive")
    page.goto(f"{base}/needs-you?kind=quarantined")
    page.get_by_role("link", name="torn.pdf").click()
    page.get_by_role("button", name="Save the decision").click()
    assert "Choose an answer" in page.get_by_role("alert").inner_text()

    choose(page, "It is dealt with", " ")
    assert "Write a reason" in page.get_by_role("alert").inner_text()
    choose(page, "It is dealt with", "Asked the sender for it again")

    assert page.url.endswith("/needs-you")
    with project.store(CLERK) as store:
        assert [one.name for one in store.waiting()] == []


def test_what_a_copy_that_was_put_back_may_have_forgotten_is_said_before_it_is_sent_again(
    people: dict[str, Client], project: Project, folder: Path
) -> None:
    with project.store(CLERK) as store:
        (benefits, _) = store.transactions(2)
    said = "UPDATE transactions SET status = '{}', unsure = {} WHERE id = {}"
    tamper(folder, said.format("failed", "NULL", benefits.id))
    assert "older copy" not in people["olive"].get("/work/2").text
    tamper(folder, said.format("failed", "'boot 1'", benefits.id))
    try:
        assert "look in benefits before you send it again" in people["olive"].get("/work/2").text
    finally:
        tamper(folder, said.format(benefits.status, "NULL", benefits.id))


def test_a_viewer_sees_the_story_and_no_way_to_change_it(started: Browser, base: str) -> None:
    page = desk(started, base, "vic")
    page.goto(f"{base}/work/3")

    assert "B-20418" in page.locator("main").inner_text()
    assert page.get_by_role("button").all_inner_texts() == ["Sign out"]
    assert page.get_by_text("899-").count() == 0


def test_a_clerk_sees_what_is_wrong_before_anything_is_entered(
    started: Browser, base: str, project: Project, tmp_path: Path
) -> None:
    forms = Path(__file__).resolve().parents[2] / "fixtures" / "forms"
    claims = forms / "claims"
    torn, other, strange = tmp_path / "half.pdf", tmp_path / "letter.docx", tmp_path / "tax form.pdf"
    strange.write_bytes((forms / "w9" / "w9_00.flat.pdf").read_bytes())
    torn.write_bytes((claims / "claim_06.pdf").read_bytes()[:900])
    other.write_bytes(b"PK")
    page = desk(started, base, "olive")
    page.get_by_role("link", name="Start a job").click()
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Documents").set_input_files(
        [claims / "claim_06.pdf", claims / "claim_03.pdf", torn, strange]
    )
    page.get_by_role("button", name="Read them").click()

    told = page.locator("main").inner_text()
    counted = "4 documents, 3 records: 1 ready, 1 known from before, 1 with a problem. 1 document can't be read"
    assert counted in told
    assert "half.pdf" in told
    assert "tax form.pdf, page 4 Problem" in told
    assert told.count("This does not look like the form of this bot") == 1
    assert "is not printed on it" not in told
    page.get_by_label("Documents").set_input_files(other)
    page.get_by_role("button", name="Read them").click()
    assert "letter.docx" in page.get_by_role("alert").inner_text()
    page.get_by_role("button", name="Leave out half.pdf").click()

    assert "half.pdf" not in page.locator("main").inner_text()
    with project.store(CLERK) as store:
        assert store.find("CL-100006") == []
    assert (
        list(project.settings.state_folder.glob("documents/*/claim_06.pdf")) == []
    )  # nothing is kept of what is not started


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is focused is called *name*, as somebody does who has no mouse."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.locator(":focus").count() and name in page.locator(":focus").evaluate(NAME):
            return
    raise AssertionError(f"Tab does not lead to {name}")


def enter(page: Page, heading: str) -> None:
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name=heading).wait_for()


def test_the_main_jobs_can_be_done_with_the_keyboard_alone(started: Browser, base: str, project: Project) -> None:
    page = desk(started, base, "olive")
    page.on("filechooser", lambda _: None)  # else it is asked for with the press, and may come too late
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the main content"
    tab_to(page, "Work queue")
    enter(page, "Work queue")
    tab_to(page, "CL-100005")
    enter(page, "CL-100005")
    tab_to(page, "Leave it out of benefits")
    page.keyboard.press("Enter")
    tab_to(page, "Reason")
    page.keyboard.type("The claimant has withdrawn it")
    page.keyboard.press("Enter")
    page.get_by_text("Somebody decided not to enter it").wait_for()
    assert stands(project, 9) is Status.ABANDONED

    tab_to(page, "Start a job")
    enter(page, "Start a job")
    tab_to(page, "Go on")
    enter(page, "bring the documents")
    tab_to(page, "Documents")
    with page.expect_file_chooser() as chosen:
        page.keyboard.press("Space")
    chosen.value.set_files(Path(__file__).resolve().parents[2] / "fixtures/forms/claims/claim_06.pdf")
    tab_to(page, "Read them")
    page.keyboard.press("Enter")
    page.get_by_text("1 document, 1 record: 1 ready").wait_for()


def test_a_lost_connection_is_said_and_forgotten_when_it_is_back(
    started: Browser, base: str, project: Project
) -> None:
    with project.store(CLERK) as store:
        run = store.start_run("claims-intake", "d" * 64, "person:maria")
    page = desk(started, base, "vic", script=True)
    page.goto(f"{base}/runs/{run.id}")
    page.route("**/progress", lambda route: route.abort())
    page.get_by_text("The connection is lost").wait_for()
    page.unroute("**/progress")

    page.get_by_text("The connection is lost").wait_for(state="hidden")
    with project.store(CLERK) as store:
        store.finish_run(run, {})
    page.locator("#announce", has_text="The run has ended").wait_for(state="attached")


def test_no_page_asks_another_host_for_anything() -> None:
    assert OTHERS == []
