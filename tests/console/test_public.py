"""The public page: people bring a form, get a number, and ask how it stands; nobody learns anything of anybody."""

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from fixtures.documents.make_hostile import write_hostile
from rpa.browser.launch import browser
from rpa.console.passwords import hashed
from rpa.console.public.desk import Desk, network_of
from rpa.console.public.facts import number as as_kept
from rpa.dispatcher import dispatch
from rpa.documents import sandbox
from rpa.errors import DefinitionError, SetupError
from rpa.people import Role
from rpa.project import Project
from rpa.runner import _reading
from rpa.store.owner import Owner
from rpa.work import Status
from tests.console.client import Answer, Client
from tests.console.stage import (
    BOT,
    CLAIMS,
    CLERK,
    PASSWORD,
    ROOT,
    make_project,
    open_to_public,
    served,
    served_to_public,
    walk,
)

BORN = {"month": "4", "day": "28", "year": "1986"}
NUMBER = re.compile(r"k-number\">([0-9A-Z-]{14})<")


@dataclass
class Somebody(Client):
    """Somebody on the public page, at an address of their own."""

    source: str = field(default_factory=lambda: f"127.{int(token_hex(1), 16)}.{int(token_hex(1), 16)}.5")

    def bring(
        self, content: bytes, name: str = "form.pdf", fact: Mapping[str, str] = BORN, **headers: str
    ) -> Answer:
        """Bring a form, as a browser sends one."""
        mark = token_hex(16)
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{said}\r\n'
            for key, said in fact.items()
        ]
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="form"; filename="{name}"\r\n\r\n')
        body = "".join(parts).encode() + content + f"\r\n--{mark}--\r\n".encode()
        host = urlsplit(self.base).netloc
        connection = http.client.HTTPConnection(host, timeout=60, source_address=(self.source, 0))
        told = {"Origin": self.base, "Content-Type": f"multipart/form-data; boundary={mark}", **headers}
        connection.request("POST", "/", body, told)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return Answer(answer.status, {key.lower(): said for key, said in answer.getheaders()}, text)

    def ask(self, number: str, fact: Mapping[str, str] = BORN) -> Answer:
        """Ask how a form stands."""
        return self.post("/state", {"number": number, **fact})


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Project]]:
    project = make_project(tmp_path_factory.mktemp("public") / "project", claims=0)
    open_to_public(project.folder)
    with served_to_public(project.folder) as base:
        yield base, Project(project.folder)


def a_form() -> bytes:
    """Return a form that nobody has brought before."""
    path = CLAIMS / "claim_06.pdf"
    return path.read_bytes() + f"\n% {token_hex(8)}\n".encode()


def number_of(answer: Answer) -> str:
    found = NUMBER.search(answer.text)
    assert found is not None, answer.text
    return found[1]


def online(project: Project) -> dict[str, bytes]:
    folder = project.folder / "arrivals/online"
    return {path.name: path.read_bytes() for path in folder.glob("*") if path.is_file()}


def read(project: Project, name: str) -> None:
    """Read one of the forms, as a run of its trigger does."""
    bot = _reading(project.bot(BOT), {"claim": f"arrivals/online/{name}"})
    with project.store(CLERK) as store:
        run = store.start_run(BOT, project.library.digest(BOT), "trigger:claims-online")
        dispatch(project.drafts(bot), run, store)


def enter(project: Project, *, end: Status) -> None:
    """Bring what waits of both systems to its end."""
    with project.store(CLERK) as store, Owner.hold(project.settings.state_folder) as owner:
        store.resume_system("payments", "It is open again")
        for system in ("benefits", "payments"):
            taken = store.reserve(owner, [system])
            assert taken is not None
            walk(project, store, owner, taken.transaction, end)


def say_born(page: Page, year: str) -> None:
    for label, text in (("Month", "4"), ("Day", "28"), ("Year", year)):
        page.get_by_label(label).fill(text)


def test_a_form_is_sent_from_a_phone_and_its_owner_sees_it_through(
    site: tuple[str, Project], tmp_path: Path
) -> None:
    base, project = site
    paper = tmp_path / "Maria Lopez 899-11-4306.pdf"
    paper.write_bytes((CLAIMS / "claim_06.pdf").read_bytes())
    with browser() as started:
        context = started.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=False)
        page = context.new_page()
        page.goto(base)
        page.get_by_label("Your form").set_input_files(paper)
        say_born(page, "1986")
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_role("heading", name="We have your form")).to_be_visible()
        number = page.locator(".k-number").inner_text()
        expect(page.get_by_role("button", name="Español")).to_have_count(0)  # it would lose the number
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.reload()  # which sends it again
        assert page.locator(".k-number").inner_text() == number

        def state(year: str = "1986") -> str:
            page.goto(f"{base}/state")
            page.get_by_label("Your receipt number").fill(number.lower().replace("-", " "))
            say_born(page, year)
            page.get_by_role("button", name="Show me").click()
            return page.locator("main").inner_text()

        assert "Received" in state()
        name = f"{number.replace('-', '')}.pdf"
        assert [held for held in online(project) if held == name] == [name]
        read(project, name)
        assert "In work" in state()
        assert "We find no form" in state("1987")
        enter(project, end=Status.CONFIRMED)
        said = state()
        assert "Done" in said
        assert "This is not a decision" in said
        assert [cookie for cookie in context.cookies() if "keyonce" in cookie["name"]] == []
        expect(page.get_by_role("button", name="Español")).to_have_count(0)  # it would lose the answer
        page.get_by_role("link", name="Ask about another form").click()
        page.get_by_role("button", name="Español").click()
        expect(page.get_by_role("heading", name="¿Cómo va mi formulario?")).to_be_visible()
    entered = [path for path in (project.folder / ".rpa").rglob("*") if "Lopez" in path.name]
    assert entered == []


def test_the_same_form_twice_is_one_form_and_one_number(site: tuple[str, Project]) -> None:
    base, project = site
    form = a_form()
    first, second = Somebody(base).bring(form), Somebody(base).bring(form, "../../../other name.PDF")
    number = number_of(first)

    assert number_of(second) == number
    name = f"{number.replace('-', '')}.pdf"
    assert [held for held, content in online(project).items() if content == form] == [name]
    (project.folder / "arrivals/online" / name).unlink()
    assert number_of(Somebody(base).bring(form)) == number
    assert online(project)[name] == form  # nobody had read it: it was lost
    read(project, name)
    (project.folder / "arrivals/online" / name).unlink()
    assert number_of(Somebody(base).bring(form)) == number
    assert name not in online(project)
    with project.store(CLERK) as store:
        told = [entry for entry in store.log.read() if entry["event"] == "document.received"]
    assert len([entry for entry in told if entry["bot"] == BOT]) == len(
        {entry["data"]["document"] for entry in told}
    )
    assert all(entry["actor"]["name"] == "public page" for entry in told)


def test_nobody_learns_which_of_number_and_fact_is_wrong(site: tuple[str, Project]) -> None:
    base, _project = site
    number = number_of(Somebody(base).bring(a_form()))
    other = ("1" if number[0] != "1" else "2") + number[1:]
    wrong_fact = Somebody(base).ask(number, {**BORN, "day": "27"})
    wrong_number = Somebody(base).ask(other)

    assert (wrong_fact.status, wrong_number.status) == (422, 422)
    plain = [re.sub(r'value="[^"]*"', "", answer.text) for answer in (wrong_fact, wrong_number)]
    assert plain[0] == plain[1]
    assert "with this number and this date of birth" in plain[0]
    assert Somebody(base).ask(number).status == 200


def test_a_second_fact_is_not_guessed_from_one_place_or_from_many(site: tuple[str, Project]) -> None:
    base, _project = site
    number = number_of(Somebody(base).bring(a_form()))
    guesses = [{**BORN, "day": str(day)} for day in range(1, 10)]
    answers = [Somebody(base).ask(number, guess).status for guess in guesses]

    assert answers == [422] * 8 + [429]
    assert Somebody(base).ask(number).status == 429  # for a quarter of an hour, whoever asks
    unknown = "0" * 12
    assert [Somebody(base).ask(unknown, guess).status for guess in guesses] == [422] * 8 + [429]
    one = Somebody(base)
    assert [one.ask(f"{last:012}").status for last in range(1, 42)] == [422] * 40 + [429]
    assert Somebody(base).ask(number_of(Somebody(base).bring(a_form()))).status == 200  # nobody else is held up


def test_who_has_a_fact_of_their_own_guesses_no_more_at_anothers_and_it_is_logged(
    site: tuple[str, Project],
) -> None:
    base, project = site
    form, own = a_form(), {**BORN, "year": "1990"}
    number = number_of(Somebody(base).bring(form))
    guesser = Somebody(base)
    assert number_of(guesser.bring(form, fact=own)) == number
    answers = []
    for day in range(1, 10):
        answers.append(guesser.ask(number, {**BORN, "day": str(day)}).status)
        guesser = Somebody(base) if day % 4 == 0 else guesser
        guesser.ask(number, own)

    assert answers == [422] * 8 + [429]
    with project.store(CLERK) as store:
        told = [entry for entry in store.log.read() if entry["event"] == "user.refused"]
    assert told[-1]["reason"] == "too many wrong second facts for one receipt number"
    assert (told[-1]["actor"]["name"], told[-1]["data"]) == ("public page", {"address": "from anywhere"})


def test_staffs_documents_do_not_wait_behind_those_of_strangers(site: tuple[str, Project]) -> None:
    base, _project = site
    with sandbox._SANDBOX._lock:  # while it is held, what is read there waits
        assert Somebody(base).bring(a_form()).status == 200


def test_a_form_that_the_office_has_is_read_again_so_that_the_time_tells_nothing(
    site: tuple[str, Project],
) -> None:
    base, project = site
    form = a_form()
    number = number_of(Somebody(base).bring(form))
    read(project, f"{as_kept(number)}.pdf")

    with closing(Desk()) as desk, project.store(CLERK) as store:
        assert desk.take(project, store, "form.pdf", BytesIO(form), "1990-01-01") == as_kept(number)
        assert desk.sandbox.peak > 0


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3::4", "2001:0db8:0001:0002"),
        ("testclient", "testclient"),
    ],
)
def test_callers_behind_a_proxy_of_both_protocols_do_not_share_one_limit(address: str, network: str) -> None:
    assert network_of(address) == network


def test_one_place_can_not_flood_the_desk(site: tuple[str, Project]) -> None:
    base, _project = site
    one, form = Somebody(base), a_form()

    assert [one.bring(form).status for _ in range(8)] == [200] * 8
    late = one.bring(form)
    assert late.status == 429
    assert "Try again in 15 minutes" in late.text
    assert "Choose the file again" in late.text
    assert Somebody(base).bring(form).status == 200


def test_what_can_not_be_read_safely_is_not_taken_and_its_owner_hears_why(
    site: tuple[str, Project], tmp_path: Path
) -> None:
    base, project = site
    write_hostile(tmp_path)
    before = online(project)
    workbook, bomb = ((tmp_path / name).read_bytes() for name in ("zip_bomb.xlsx", "flate_bomb.pdf"))
    locked = (ROOT / "fixtures/documents/locked_claim.pdf").read_bytes()
    refused = [
        (b"MZ and a program", "form.exe", 422, "not a .pdf file"),
        (b"\xff\xd8\xff\xe0 a picture", "form.jpg", 422, "call or visit the office"),
        (b"MZ and a program", "form.pdf", 422, "not a .pdf file"),
        (workbook, "form.xlsx", 422, "not a .pdf file"),
        (workbook, "form.pdf", 422, "not a .pdf file"),
        (bomb, "form.pdf", 413, "too large, or takes too long"),
        (locked, "form.pdf", 422, "locked with a password"),
        (b"%PDF-1.7 and nothing of a form behind it", "form.pdf", 422, "is damaged"),
        (b"", "form.pdf", 422, "is empty"),
        (b"%PDF-" + bytes(11 * 2**20), "form.pdf", 413, "too large"),
        (b"x", "", 422, "Choose the file"),
        (b"x", "..", 422, "not a .pdf file"),
    ]
    for content, name, status, words in refused:
        answer = Somebody(base).bring(content, name)
        assert (answer.status, words in answer.text) == (status, True), (name, answer.text)
    assert online(project) == before
    assert list((project.folder / ".rpa/public").iterdir()) == []


@pytest.mark.parametrize(
    ("said", "fields", "words"),
    [
        ("4/28/86", ["year"], "four digits"),
        ("28/4/1986", ["month"], "from 1 to 12"),
        ("13/31/86", ["month", "year"], "four digits"),
        ("2/30/1986", ["day"], "no such day"),
        ("4/28/2986", ["year"], "is to come"),
        ("April/28/1986", ["month"], "as numbers"),
    ],
)
def test_a_date_that_is_none_is_told_at_its_own_field_and_the_file_is_asked_for_again(
    site: tuple[str, Project], said: str, fields: list[str], words: str
) -> None:
    base, project = site
    before = online(project)
    fact = dict(zip(("month", "day", "year"), said.split("/"), strict=True))
    answer = Somebody(base).bring(a_form(), fact=fact)

    assert answer.status == 422
    assert words in answer.text
    assert re.findall(r'<li><a href="#(\w+)"', answer.text) == [*fields, "form"]
    assert "Choose the file again" in answer.text
    assert re.search(words, Somebody(base).ask("7K3M9QXF2C8T", fact).text)
    assert online(project) == before


def test_a_page_that_there_is_not_leads_on_in_the_office_s_own_words(site: tuple[str, Project]) -> None:
    base, _project = site
    lost = Somebody(base, headers={"Accept-Language": "es"}).get("/formulario")

    assert lost.status == 404
    assert "Llame al 555-0100" in lost.text
    assert re.findall(r'<a href="(/[^"]*)"', lost.text) == ["/", "/state"]


def test_a_form_that_a_person_has_to_look_at_says_so_without_a_reason(site: tuple[str, Project]) -> None:
    base, project = site
    somebody = Somebody(base)
    number = number_of(somebody.bring((ROOT / "fixtures/forms/w9/w9_00.flat.pdf").read_bytes()))
    read(project, f"{as_kept(number)}.pdf")

    answer = somebody.ask(number)
    assert "We need to speak with you" in answer.text, re.findall(r"<h2.*", answer.text)
    assert not re.search(r"text recognition|no text|blank|unknown|form field", answer.text)


def test_the_page_has_nothing_of_the_console_and_the_console_nothing_of_the_page(
    site: tuple[str, Project],
) -> None:
    base, project = site
    with project.store(CLERK) as store:
        store.accounts.add("otis", "Otis Lind", {Role.OPERATOR}, hashed(PASSWORD, "somebody"))
    stranger = Somebody(base)
    with served(project.folder) as console:
        clerk = Client(console)
        clerk.sign_in("otis")
        stranger.session = clerk.session
        paths = ("/sign-in", "/needs-you", "/work/1", "/start", "/people", "/health", "/metrics", "/../rpa.toml")
        assert {stranger.get(path).status for path in paths} == {404}
        assert clerk.get("/state").status == 404
    page = stranger.get("/")
    assert "set-cookie" not in page.headers
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert (page.headers["x-frame-options"], page.headers["cache-control"]) == ("DENY", "no-store")
    assert stranger.get("/", Host="evil.example").status == 421
    assert stranger.post("/state", {"number": "x"}, Origin="https://evil.example").status == 403
    assert stranger.bring(a_form(), Origin="https://evil.example").status == 403


def test_forms_wait_for_a_person_where_a_bot_is_named_who_finds_them_by_the_number(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", claims=0)
    open_to_public(project.folder, takes=f'bot = "{BOT}"', fact="last_four")
    with served_to_public(project.folder) as base:
        somebody = Somebody(base)
        assert "Last four of your member ID" in somebody.get("/").text
        number = number_of(somebody.bring(a_form(), fact={"last_four": " 43-06 "}))
        assert "Received" in somebody.ask(number, {"last_four": "4306"}).text
    assert (project.folder / "inbox/claims" / f"{as_kept(number)}.pdf").is_file()
    with project.store(CLERK) as store:
        assert store.occurrences.newest("claims-online") == []
        run = store.start_run(BOT, project.library.digest(BOT), "person:olive")
        dispatch(project.drafts(project.bot(BOT)), run, store)
    with served(project.folder) as console:
        clerk = Client(console)
        clerk.sign_in("olive")
        assert "/work/1" in clerk.get(f"/work?reference={number.lower()}").text
        other = number[:-1] + ("1" if number[-1] != "1" else "2")
        assert "/work/1" not in clerk.get(f"/work?reference={other}").text
        assert number in clerk.get("/work/1").text


@pytest.mark.parametrize(
    ("takes", "words"),
    [
        ("", "name either a trigger"),
        (f'trigger = "claims-online"\nbot = "{BOT}"', "name either a trigger"),
        ('trigger = "claims-onlin"', "claims-onlin"),
    ],
)
def test_a_page_that_nothing_stands_behind_is_not_opened(tmp_path: Path, takes: str, words: str) -> None:
    (tmp_path / "bots").mkdir()
    open_to_public(tmp_path, takes=takes)
    with pytest.raises((SetupError, DefinitionError), match=words), served_to_public(tmp_path):
        pass
