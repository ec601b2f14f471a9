"""The language of the pages: everybody is answered in theirs, and nothing of one shows up in the other."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from rpa.browser.launch import browser
from rpa.console.language import language
from rpa.console.speaking import COOKIE
from tests.console.client import Answer, Client
from tests.console.stage import PASSWORD

EN, ES = language("en"), language("es")
AT = datetime(2026, 3, 3, 20, 5, tzinfo=UTC)


@pytest.fixture
def otto(base: str) -> Iterator[Client]:
    """Somebody who chooses a language; his browser asks as the other one does in the end."""
    client = Client(base)
    client.sign_in("otto")
    yield client
    client.post("/account/language", {"language": ""})


def spoken(answer: Answer) -> tuple[str, str]:
    """Return what the page and what its headers say of its language."""
    found = re.search(r'<html lang="(\w+)">', answer.text)
    assert found is not None
    return found[1], answer.headers["content-language"]


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("fr-CA,fr;q=0.9,es;q=0.5,en;q=0.4", "es"),
        ("en;q=0.4, es;q=0.6", "es"),
        ("ES-us", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("es;q=0, de", "en"),
        ("fr", "en"),
        ("es;q=much, ;;,=,*", "en"),
        ("", "en"),
    ],
)
def test_a_stranger_is_answered_as_the_browser_asks(stranger: Client, accepted: str, code: str) -> None:
    answer = stranger.get("/sign-in", **{"Accept-Language": accepted})

    assert spoken(answer) == (code, code)
    assert language(code).words["sign_in"]["password"] in answer.text
    assert "accept-language" in answer.headers["vary"].lower()


def test_a_choice_before_the_sign_in_holds_after_it_whatever_the_browser_asks(base: str) -> None:
    client = Client(base, headers={"Accept-Language": "en"})
    answer = client.post("/language", {"language": "es", "back": "/sign-in"})
    cookie = answer.headers["set-cookie"]

    assert (answer.status, answer.to) == (303, "/sign-in")
    assert cookie.startswith(f"{COOKIE}=es;")
    assert all(word in cookie.lower() for word in ("secure", "httponly", "path=/"))
    assert spoken(client.get("/sign-in", Cookie=f"{COOKIE}=es")) == ("es", "es")
    client.sign_in("vic")
    client.session += f"; {COOKIE}=es"
    assert '<option value="es" lang="es" selected>' in client.get("/account").text


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/a//b", ""])
def test_a_choice_leads_to_no_other_host(stranger: Client, back: str) -> None:
    assert stranger.post("/language", {"language": "es", "back": back}).to == "/sign-in"


def test_a_language_that_there_is_not_is_not_kept(stranger: Client, otto: Client) -> None:
    assert f'{COOKIE}="";' in stranger.post("/language", {"language": "../en"}).headers["set-cookie"]
    otto.post("/account/language", {"language": "../en"})

    assert spoken(otto.get("/account")) == ("en", "en")
    assert spoken(stranger.get("/sign-in", Cookie=f"{COOKIE}=../en")) == ("en", "en")


def test_one_persons_choice_is_kept_with_the_account_and_changes_nobody_elses_pages(
    base: str, otto: Client, people: dict[str, Client]
) -> None:
    otto.post("/account/language", {"language": "es"})
    pages = ("/insight", "/runs/1/progress", "/work/1", "/runs/1")
    his, hers = [[one.get(page) for page in pages] for one in (otto, people["olive"])]
    elsewhere = Client(base, headers={"Accept-Language": "en"})
    elsewhere.sign_in("otto")

    assert [one.headers["content-language"] for one in his] == ["es"] * 4  # he is signed in as before
    assert [one.headers["content-language"] for one in hers] == ["en"] * 4
    for one, words, others in ((his, ES.words, EN.words), (hers, EN.words, ES.words)):
        assert words["insight"]["figures"] in one[0].text
        assert others["insight"]["figures"] not in one[0].text
        assert words["run"]["entering"] in one[1].text
        assert words["event"]["transaction.moved"] in one[2].text
        assert words["place"]["page"].format(page=1) in one[2].text
    assert spoken(elsewhere.get("/work")) == ("es", "es")


def test_what_is_refused_before_a_page_is_made_is_said_in_the_language_too(stranger: Client) -> None:
    stranger.headers["Accept-Language"] = "es"

    assert stranger.get("/nowhere").text == ES.words["error"]["not_found"]["about"]
    assert stranger.post("/sign-in", Origin="https://evil.example").text.startswith("Solo las páginas")


def test_the_language_is_chosen_without_a_script(base: str) -> None:
    with browser() as started:
        page = started.new_context(java_script_enabled=False, locale="en-US").new_page()
        page.goto(f"{base}/sign-in")
        page.get_by_role("button", name="Español").click()
        page.get_by_label("Nombre de usuario").fill("otto")
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.get_by_role("button", name="Iniciar sesión").click()
        page.get_by_role("heading", name="Requiere su atención").wait_for()
        page.get_by_role("link", name="Otto Lind, mi cuenta").click()
        page.get_by_label("Idioma de estas páginas").select_option(label="English")
        page.get_by_role("button", name="Guardar el idioma").click()
        page.get_by_role("heading", name="My account").wait_for()
        kept = page.get_by_label("Language of these pages").evaluate("one => one.selectedOptions[0].text")
        page.get_by_label("Language of these pages").select_option(label="As my browser asks")
        page.get_by_role("button", name="Save the language").click()

    assert kept == "English"


def test_numbers_are_counted_and_written_as_each_language_does() -> None:
    days = {"one": "registro", "many": "de registros", "other": "registros"}
    records = EN.words["upload"]["records_count"]

    assert [EN.counted(count, records) for count in (0, 1, 1200)] == ["0 records", "1 record", "1,200 records"]
    assert [ES.counted(count, days) for count in (0, 1, 2)] == ["0 registros", "1 registro", "2 registros"]
    assert ES.counted(1_000_000, days) == "1,000,000 de registros"  # as people say it: un millón de registros
    assert (EN.number(1234.56, 1), ES.number(1234), EN.percent(0.934)) == ("1,234.6", "1,234", "93%")
    assert (EN.hours(timedelta(minutes=90)), ES.hours(timedelta(hours=1))) == ("1.5 hours", "1 hora")
    assert EN.hours(timedelta(minutes=4)) == "4 minutes"


def test_no_page_of_schedules_shows_a_time_as_the_ledger_writes_it(otto: Client) -> None:
    shown = otto.get("/schedules").text

    assert re.search(r"made up for by \w+ \d+, 20\d\d, 12:00", shown)
    assert not re.search(r"by \d{4}-\d\d-\d\dT", shown)


def test_dates_and_times_are_written_as_each_language_does() -> None:
    assert (EN.date(AT), ES.date(AT)) == ("Mar 3, 2026", "3 mar 2026")
    assert re.fullmatch(r"Tue, Mar 3, 2026, 8:05\sPM UTC", EN.weekday(AT))
    assert re.fullmatch(r"mar, 3 mar 2026, 8:05\sp\.\s?m\. UTC", ES.weekday(AT))
    assert re.fullmatch(r"6:00\sAM", EN.hour("06:00"))
    ages = (timedelta(seconds=59), timedelta(minutes=1), timedelta(hours=47), timedelta(days=9))
    assert [EN.ago(AT - age, AT) for age in ages] == ["less than a minute", "1 minute", "1 day", "9 days"]
    assert [ES.ago(AT - age, AT) for age in ages] == ["menos de un minuto", "1 minuto", "1 día", "9 días"]


def test_a_date_and_an_amount_of_a_record_are_written_as_each_language_does_and_nothing_else_is() -> None:
    assert [EN.written(*one) for one in (("2026-01-14", "date"), ("-1234.50", "money"))] == [
        "Jan 14, 2026",
        "-1,234.50",
    ]
    assert [ES.written(*one) for one in (("2026-01-14", "date"), ("1234.50", "money"))] == [
        "14 ene 2026",
        "1,234.50",
    ]
    assert [EN.written(*one) for one in (("0012345", "text"), ("2026", "date"), ("much", "money"))] == [
        "0012345",
        "2026",
        "much",
    ]


def test_a_page_writes_the_values_of_a_record_in_its_language(otto: Client) -> None:
    english = otto.get("/work/1").text
    otto.post("/account/language", {"language": "es"})
    spanish = otto.get("/work/1").text

    assert (
        english.count("Jan 14, 2026") == spanish.count("14 ene 2026") == 2
    )  # as it was read, and as it is entered
    assert english.count(">1,234.50<") == spanish.count(">1,234.50<") == 3
