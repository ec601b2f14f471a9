"""What the library says of a record is said in the reader's language on every page; no message was forgotten."""

import ast
import html
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from time import thread_time

import pytest

from rpa.browser.problems import _SENTENCES
from rpa.console.bots_known import given_in, known
from rpa.console.messages import LONGEST, Messages, _pattern, templates
from rpa.errors import DefinitionError
from rpa.project import Project
from tests.console.client import Client
from tests.console.test_words import placeholders

RPA = Path(__file__).resolve().parents[2] / "rpa"
ROOMS = ("actions", "browser", "documents", "fields", "intake", "performer.py", "records.py", "rules.py")
"""Where what is said of a record, of a document or of a system is written."""

SAY = {
    *(
        "ApplicationException",
        "BusinessException",
        "DocumentProblem",
        "FieldProblem",
        "NotFoundError",
        "NotOnScreen",
    ),
    *("PressUnanswered", "ScreenDiffers", "SignInRefused", "SignedOut"),
}
LONG = re.compile(r"(?:[\w'-]+[ ,:;(]+){3,}[\w'-]+")
"""Four words or more in a row: a part of a message that is surely English."""

SPANISH = Messages(templates("es"), {"Above the limit; ask": "Por encima del límite; pregunte"})
OF_NO_FORM = (
    'no es un formulario que se conozca aquí: no es A, porque "X" está en él; no es B, porque "Y" está en él'
)
WITHIN = (
    *("7", "is blank, but it is needed", "no row", "no box", "window", "has no field", "fits no line"),
    *("the pattern is found", "none of the mail's 2 files", "it has 3 files of 4 MB; at most 5 of 6 MB"),
    "it holds several copies of the form (page 2 is page 1 again)",
)
"""What may stand in a place: a value, another message, or a part of one that is chosen as the program runs."""


def said_by_code() -> Iterator[str]:
    """Yield every message that is written where its error is raised, with a name in the place of each value."""
    paths = [
        path for room in ROOMS for path in ([RPA / room] if "." in room else sorted((RPA / room).rglob("*.py")))
    ]
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAY:
                yield from filter(None, map(written, node.args[-1:]))


def written(node: ast.expr) -> str:
    """Return the text of a literal, with a place for each value; nothing where only a run knows it."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    texts = [one.value if isinstance(one, ast.Constant) else "{}" for one in parts]
    text = "".join(map(str, texts))
    return text if isinstance(node, ast.JoinedStr | ast.Constant) and re.search(r"[a-z]{2} [a-z]", text) else ""


def plain(sentence: str) -> str:
    """Return a sentence about a field of the screen without what it may add, and with a place for each value."""
    return re.sub(r"\{\w+\}", "{}", re.sub(r"\{(labels|places)\}", "", sentence))


def is_known(message: str) -> bool:
    filled = (message.replace("{}", "%s") % values for values in product(WITHIN, repeat=message.count("{}")))
    return any(SPANISH.say(text) != text for text in filled)


def test_every_message_that_the_code_says_is_known() -> None:
    messages = set(said_by_code())
    sentences = {plain(text) for kind, text in _SENTENCES.values() if kind is not DefinitionError}

    assert len(messages) > 120
    assert sorted(one for one in messages | sentences if not is_known(one)) == []


def test_each_message_is_said_with_the_same_values_in_it() -> None:
    assert {one for one, words in templates("es").items() if placeholders(one) != placeholders(words)} == set()
    assert {one for one, words in templates("es").items() if one == words and LONG.search(one)} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "Lost on (page 1, 12,13-14,15): is blank, but it is needed; Fee (Sheet1!B3): is no number",
            "Lost on (página 1, 12,13-14,15): está en blanco, pero hace falta; Fee (Sheet1!B3): no es un número",
        ),
        (
            "Above the limit; ask; ZIP (line 7): is no number",
            "Por encima del límite; pregunte; ZIP (línea 7): no es un número",
        ),
        (
            "open search: the answer was HTTP 503; at the press: the page crashed",
            "abrir search: la respuesta fue HTTP 503; al enviar: la página se cayó",
        ),
        (
            'unknown-form: it is no form that is known here: no A, for "X" is on it; no B, for "Y" is on it',
            "formulario desconocido: " + OF_NO_FORM,
        ),
        ("benefits says: No; we are closed", "benefits dice: No; we are closed"),
        ("She wrote that it is blank, but it is needed", "She wrote that it is blank, but it is needed"),
        ("x" * 100_000, "x" * 100_000),
    ],
    ids=range(7),
)
def test_what_was_said_together_is_said_part_by_part(text: str, words: str) -> None:
    assert SPANISH.say(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "a (b): c; and d (e) " * 90,
        "a" + " (b) and a" * 390 + " (c) do not say the same; look at each and correct what is wrong!",
        "in a row failed, the last one: " + "a: read: b) and a): (tried b: press " * 110,
    ],
    ids=range(3),
)
def test_a_text_that_somebody_made_up_to_waste_time_wastes_none(text: str) -> None:
    began = thread_time()

    assert len(text) <= LONGEST
    assert SPANISH.say(text)
    assert thread_time() - began < 1


def test_every_message_is_known_by_its_own_pattern() -> None:
    examples = {one: re.sub(r"\{\w+\}", "Xy 7", one) for one in templates("es")}

    assert [one for one, text in examples.items() if _pattern(one).fullmatch(text) is None] == []


def test_what_two_bots_say_alike_is_not_said_to_one_in_the_words_of_the_other(tmp_path: Path) -> None:
    first = (RPA.parent / "bots" / "claims_intake.yaml").read_text("utf-8")
    second = first.replace("claims-intake", "other-desk").replace("lo tiene que firmar un", "pregunte a su")
    (tmp_path / "bots").mkdir()
    for name, text in (("first", first), ("second", second)):
        (tmp_path / "bots" / f"{name}.yaml").write_text(text, "utf-8")
    project = Project(tmp_path)
    bot, spanish = known(project, "other-desk"), Messages(templates("es"), given_in(project, "es"))
    assert bot is not None
    limit, late = (rule.said for rule in bot.record.rules)

    assert spanish.say(limit) == limit
    assert spanish.say(late).startswith("La fecha de la pérdida")


PAGES = (
    "/needs-you",
    "/together",
    "/runs",
    "/runs/1",
    "/schedules",
    "/systems",
    "/insight",
    *(f"/work/{n}" for n in range(1, 6)),
)


def test_no_page_in_spanish_shows_what_the_library_says_in_english(base: str) -> None:
    client = Client(base, headers={"Accept-Language": "es"})
    client.sign_in("olive")
    waiting = re.findall(r'href="(/waiting/[\w-]+)"', client.get("/needs-you").text)
    english = {part for one in templates("es") for part in LONG.findall(re.sub(r"\{\w+\}", "\n", one))}
    found = {}
    for page in (*PAGES, *waiting):
        answer = client.get(page)
        assert (page, answer.status) == (page, 200)
        assert '<html lang="es">' in answer.text
        text = html.unescape(re.sub(r"<[^>]*>", " ", answer.text))
        found[page] = {part for part in english if part in text}

    assert len(english) > 200
    assert {page: parts for page, parts in found.items() if parts} == {}
