"""The texts can be read by everybody who has been to school: how hard they are is measured, and bounded."""

from rpa.console.language import language
from rpa.console.messages import templates
from tests.console.reading import WORD, ease, english_syllables, grade, spanish_syllables
from tests.console.test_words import plain

PASSAGE = 8
"""Words from which on a text is more than a label."""

GRADE, GRADE_OF_ALL = 8.0, 5.0
"""What plain language asks for is the eighth grade: no passage is above it, and all together are far below."""

EASE, EASE_OF_ALL = 55.0, 75.0
"""The scale INFLESZ calls 55 to 65 normal, 65 to 80 quite easy."""


def passages(code: str) -> dict[str, str]:
    texts = {**dict(plain(language(code).words)), **templates(code)}
    return {way: text for way, text in texts.items() if len(WORD.findall(text)) >= PASSAGE}


def together(texts: dict[str, str]) -> str:
    return " ".join(text if text.endswith((".", "!", "?")) else f"{text}." for text in texts.values())


def test_no_english_passage_is_above_the_eighth_grade() -> None:
    found = passages("en")

    assert len(found) > 100
    assert {way: round(grade(text), 1) for way, text in found.items() if grade(text) > GRADE} == {}
    assert grade(together(found)) < GRADE_OF_ALL


def test_no_spanish_passage_is_harder_than_a_newspaper() -> None:
    found = passages("es")

    assert len(found) > 100
    assert {way: round(ease(text), 1) for way, text in found.items() if ease(text) < EASE} == {}
    assert ease(together(found)) > EASE_OF_ALL


def test_the_language_of_an_office_would_not_pass() -> None:
    english = "Authorization for modification of previously submitted documentation necessitates justification."
    spanish = "La autorización de modificaciones a la documentación previamente presentada requiere justificación."

    assert grade(english) > GRADE
    assert ease(spanish) < EASE


def test_the_syllables_of_english_are_counted() -> None:
    known = {"the": 1, "people": 2, "entered": 2, "table": 2, "decided": 3, "because": 2, "settled": 2, "times": 1}
    known |= {"changes": 2, "documents": 3, "see": 1, "audit": 2, "can't": 1, "before": 2}

    assert {word: english_syllables(word) for word in known} == known


def test_the_syllables_of_spanish_are_counted() -> None:
    known = {"usted": 2, "bitácora": 4, "quien": 1, "día": 2, "leído": 3, "ciudad": 2, "oeste": 3, "ya": 1}
    known |= {"envío": 3, "envió": 2, "guerra": 2, "averigüe": 4, "hay": 1, "línea": 3, "ejecución": 4}

    assert {word: spanish_syllables(word) for word in known} == known
