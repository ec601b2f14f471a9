"""Texts that no form means: too long, not to be typed, made to keep us busy."""

import time
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rpa.fields.base import FieldOptions, FieldProblem, Value, read_value
from rpa.fields.table import TYPES, field_type
from rpa.fields.text import Text

STRANGE = [
    "9" * 30 + ".00",
    "9" * 5_000,
    "1" * 200_000,
    "1" * 100_000 + "x",
    "." * 100_000 + "1",
    "1," * 40_000 + "1",
    "1e999999",
    "NaN",
    "Infinity",
    "\u00b2",
    "-" * 100_000,
    "(" * 50_000,
    "+" + "1" * 300,
    "a@" + "b." * 20_000 + "com",
    "word " * 20_000,
    "0001-01-01",
    "\ud800",
    "\x00",
]


@pytest.mark.parametrize("name", TYPES)
def test_whatever_a_document_says_is_understood_or_refused_in_words_and_soon(name: str) -> None:
    kind, options = field_type(name), FieldOptions(options={"a": "b"})
    start = time.monotonic()

    for text in STRANGE:
        try:
            value = read_value(kind, text, options)
        except FieldProblem as problem:
            assert text not in str(problem)  # noqa: PT017  # either is right
        else:
            assert kind.decode(kind.encode(value)) == value
            assert kind.show(value, None)
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("money", "9" * 30 + ".00", "more than 15 digits before the decimal mark"),
        ("money", "1" * 16, "more than 15 digits before the decimal mark"),
        ("integer", "9" * 5_000, "too long for a number"),
        ("decimal", "0." + "1" * 31, "too long for a number"),
    ],
)
def test_a_number_longer_than_any_form_asks_for_is_a_clerks_and_no_crash(name: str, said: str, told: str) -> None:
    with pytest.raises(FieldProblem, match=told):
        read_value(field_type(name), said, FieldOptions())


@pytest.mark.parametrize("said", ["9" * 30, "(" + "9" * 30 + ")", "-0." + "1" * 29])
def test_the_longest_number_is_kept_to_its_last_digit(said: str) -> None:
    number = field_type("decimal")
    value = read_value(number, said, FieldOptions())

    assert number.encode(value).lstrip("-") == said.strip("()").lstrip("-")
    assert number.agrees(value, number.show(value, "#,##0.00"), "#,##0.00")


def test_the_largest_amount_is_an_amount() -> None:
    assert read_value(field_type("money"), "-999,999,999,999,999.99", FieldOptions()) == Decimal(
        "-999999999999999.99"
    )


@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x9b", "\ud800"])
@pytest.mark.parametrize("name", ["text", "name", "choice"])
def test_a_character_that_no_keyboard_has_is_refused(name: str, mark: str) -> None:
    with pytest.raises(FieldProblem, match="holds a character that can't be typed"):
        read_value(field_type(name), f"Jo{mark}March", FieldOptions(options={f"Jo{mark}March": "x"}))


def test_line_ends_and_tabs_are_no_strange_characters() -> None:
    assert read_value(field_type("text"), "one\r\ntwo\tthree\f", FieldOptions()) == "one\ntwo\tthree"


class Clumsy(Text):
    """A type of another package, with a fault."""

    name = "clumsy"

    def parse(self, text: str, _options: FieldOptions) -> Value:
        """Repeat the text, as careless types do."""
        raise KeyError(text)


def test_a_fault_in_a_type_is_told_without_its_words_and_ends_nothing() -> None:
    clumsy: Any = Clumsy()

    with pytest.raises(FieldProblem) as problem:
        read_value(clumsy, "536-90-4399", FieldOptions())

    assert str(problem.value) == "can't be understood as clumsy"


@pytest.mark.parametrize("name", ["money", "decimal", "integer"])
@pytest.mark.parametrize("said", ["980 50", "45 5", "3 4", "1 2 3", "12 34 567", "1,234 50"])
def test_digits_that_a_space_divides_are_not_one_number(name: str, said: str) -> None:
    with pytest.raises(FieldProblem):
        read_value(field_type(name), said, FieldOptions())


@pytest.mark.parametrize(
    ("said", "meant"),
    [("1 234.50", "1234.50"), ("( 45.10 )", "-45.10"), ("$ 1 234 567", "1234567"), ("- 5", "-5")],
)
def test_a_space_that_groups_or_stands_beside_a_sign_is_no_harm(said: str, meant: str) -> None:
    assert read_value(field_type("money"), said, FieldOptions()) == Decimal(meant)


@pytest.mark.parametrize(
    ("written", "said"),
    [("MMDDYYYY", "1121960"), ("MMDDYYYY", "112026"), ("YYYYMMDD", "2026112"), ("DDMMYY", "1126")],
)
def test_a_day_whose_digits_nothing_divides_is_not_guessed_where_a_zero_is_lost(written: str, said: str) -> None:
    with pytest.raises(FieldProblem, match=f"is no date of the form {written}"):
        read_value(field_type("date"), said, FieldOptions(format=written))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("MMDDYYYY", "01121960"),
        ("MM/DD/YYYY", "1/12/1960"),
        ("DDMMMYYYY", "12Jan1960"),
        ("DDMMMMYYYY", "12January1960"),
    ],
)
def test_a_day_that_can_be_told_is_taken_with_or_without_zeros(written: str, said: str) -> None:
    assert read_value(field_type("date"), said, FieldOptions(format=written)) == date(1960, 1, 12)


@pytest.mark.parametrize("said", ["CL-7\u200b", "\ufeffCL-7", "CL\u00ad-7", "C\u2060L-\u200d7"])
def test_marks_that_nobody_sees_make_no_other_reference(said: str) -> None:
    kind = field_type("text")
    assert read_value(kind, said, FieldOptions()) == "CL-7"
    assert kind.agrees("CL-7", said, None)


def test_a_screen_that_takes_accents_apart_shows_the_same() -> None:
    assert field_type("text").agrees("JOS\u00c9-7", "JOSE\u0301-7", None)
