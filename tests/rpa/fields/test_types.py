"""Every field type against its own examples, and against what clerks really write."""

from datetime import date
from decimal import Decimal

import pytest

from rpa.fields.base import FieldOptions, FieldProblem, Value, read_value
from rpa.fields.show import plain, to_screen
from rpa.fields.table import TYPES, field_type

ACCEPTED = [(name, said, means) for name in TYPES for said, means in field_type(name).accepts.items()]
REFUSED = [(name, said, told) for name in TYPES for said, told in field_type(name).refuses.items()]


@pytest.mark.parametrize(("name", "said", "means"), ACCEPTED)
def test_an_accepted_example_means_what_the_docs_say(name: str, said: str, means: str) -> None:
    kind = field_type(name)

    assert kind.encode(read_value(kind, said, FieldOptions())) == means


@pytest.mark.parametrize(("name", "said", "told"), REFUSED)
def test_a_refused_example_is_refused_in_the_words_of_the_docs(name: str, said: str, told: str) -> None:
    with pytest.raises(FieldProblem) as problem:
        read_value(field_type(name), said, FieldOptions())

    assert str(problem.value) == told
    assert said not in str(problem.value) or said in told


@pytest.mark.parametrize(("name", "said", "_means"), ACCEPTED)
def test_a_value_survives_the_ledger_and_agrees_with_what_it_shows(name: str, said: str, _means: str) -> None:
    kind = field_type(name)
    value = read_value(kind, said, FieldOptions())

    assert kind.decode(kind.encode(value)) == value
    assert kind.agrees(value, kind.show(value, None), None)


def test_every_type_but_text_and_choice_refuses_something() -> None:
    assert {name for name in TYPES if not field_type(name).refuses} == {"text"}


@pytest.mark.parametrize(
    ("said", "written", "means"),
    [
        ("11/02/2026", "MM/DD/YYYY", date(2026, 11, 2)),
        ("2.11.2026", "D.M.YYYY", date(2026, 11, 2)),
        ("02-NOV-2026", "DD-MMM-YYYY", date(2026, 11, 2)),
        ("2026-11-02", "MM/DD/YYYY", date(2026, 11, 2)),
    ],
)
def test_a_date_is_read_as_the_document_writes_it(said: str, written: str, means: date) -> None:
    assert read_value(field_type("date"), said, FieldOptions(format=written)) == means


@pytest.mark.parametrize("said", ["13/02/2026", "02/30/2026", "11/2", "Nov 2, 2026", ""])
def test_a_date_in_another_form_is_refused_and_not_guessed(said: str) -> None:
    with pytest.raises(FieldProblem, match="is no date of the form MM/DD/YYYY"):
        read_value(field_type("date"), said, FieldOptions(format="MM/DD/YYYY"))


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("(45.10)", "-45.10"),
        ("$(45.10)", "-45.10"),
        ("-$45.10", "-45.10"),
        ("45.10-", "-45.10"),
        ("\u2212 45.10", "-45.10"),
        ("USD 1,234.5", "1234.50"),
    ],
)
def test_an_amount_keeps_its_sign_however_it_is_written(said: str, means: str) -> None:
    assert read_value(field_type("money"), said, FieldOptions()) == Decimal(means)


def test_a_european_amount_is_read_only_where_the_definition_says_so() -> None:
    money = field_type("money")

    assert read_value(money, "1.234,50", FieldOptions(format="#.##0,00")) == Decimal("1234.50")
    with pytest.raises(FieldProblem):
        read_value(money, "1.234,50", FieldOptions())


@pytest.mark.parametrize(
    ("name", "value", "screen_format", "shown"),
    [
        ("money", Decimal("1234.50"), "#,##0.00", "1,234.50"),
        ("money", Decimal("-45.10"), "#,##0.00", "-45.10"),
        ("money", Decimal("1234.50"), "#.##0,00", "1.234,50"),
        ("date", date(2026, 3, 4), "MM/DD/YYYY", "03/04/2026"),
        ("date", date(2026, 3, 4), "D. MMMM YYYY", "4. March 2026"),
        ("us-ssn", "536-90-4399", "#########", "536904399"),
        ("us-state", "IL", "XX", "IL"),
        ("us-state", "IL", None, "Illinois"),
        ("phone", "+13125550142", "###-###-####", "312-555-0142"),
        ("name", "Zoë D'Angelo", "Last, First", "D'Angelo, Zoë"),
    ],
)
def test_a_value_is_typed_as_the_screen_wants_it(name: str, value: Value, screen_format: str, shown: str) -> None:
    kind = field_type(name)

    assert kind.show(value, screen_format) == shown
    assert kind.agrees(value, shown, screen_format)


def test_a_date_is_split_over_the_boxes_of_the_screen() -> None:
    parts = to_screen(
        field_type("date"),
        date(2026, 3, 4),
        screen_format=None,
        options={},
        parts=("MM", "D", "YYYY"),
        personal=False,
    )

    assert list(parts.texts) == ["03", "4", "2026"]
    assert parts.agrees("03 4 2026")
    assert not parts.agrees("04 4 2026")


def test_a_screen_that_shows_another_value_does_not_agree() -> None:
    ssn = to_screen(
        field_type("us-ssn"),
        "536-90-4399",
        screen_format=None,
        options={},
        parts=(),
        personal=True,
    )

    assert ssn.agrees("536904399")
    assert not ssn.agrees("536904398")
    assert "536" not in repr(ssn)


def test_a_blank_optional_value_clears_the_field() -> None:
    blank = to_screen(field_type("date"), None, screen_format=None, options={}, parts=("MM", "DD"), personal=False)

    assert list(blank.texts) == ["", ""]
    assert blank.agrees(" \u00a0")
    assert not blank.agrees("01")
    assert not blank.agrees("no")


def test_a_box_without_a_tick_is_the_blank_of_a_yes_no_field() -> None:
    blank = to_screen(field_type("yes-no"), None, screen_format=None, options={}, parts=(), personal=False)

    assert blank.agrees("no")
    assert not blank.agrees("yes")


def test_the_page_map_says_what_the_screen_calls_a_value() -> None:
    plan = to_screen(
        field_type("choice"), "Basic", screen_format=None, options={"Basic": "01 BASIC"}, parts=(), personal=False
    )

    assert plan.text == "01 BASIC"
    assert plan.agrees("01  BASIC")
    assert not plan.agrees("Basic")


def test_a_literal_is_entered_as_it_stands() -> None:
    assert plain("=SUM(A1)").text == "=SUM(A1)"


@pytest.mark.parametrize(
    ("said", "held"),
    [("Housing; Food", ("Housing", "Food")), ("food", ("Food",)), ("Food\nHousing", ("Food", "Housing"))],
)
def test_several_choices_are_all_kept(said: str, held: tuple[str, ...]) -> None:
    options = FieldOptions(options={"Housing": "Housing", "Food": "Food"}, many=True)

    assert read_value(field_type("choice"), said, options) == held


@pytest.mark.parametrize(
    "value", ["Food", "Food; Drink", "Food;", ";;", (), ("Food",), ("Food", "Housing"), ("a;", "; b", "c;;d")]
)
def test_a_choice_comes_back_from_the_ledger_as_it_was_one_or_several(value: Value) -> None:
    choice = field_type("choice")

    assert choice.decode(choice.encode(value)) == value


def test_a_choice_with_a_semicolon_is_still_what_the_screen_calls_it() -> None:
    plan = to_screen(
        field_type("choice"),
        "Food; Drink",
        screen_format=None,
        options={"Food; Drink": "07"},
        parts=(),
        personal=False,
    )

    assert plan.text == "07"


def test_a_pattern_and_a_length_hold_for_every_type() -> None:
    with pytest.raises(FieldProblem, match="must match CL-"):
        read_value(field_type("text"), "XX-1", FieldOptions(pattern=r"CL-\d{6}"))
    with pytest.raises(FieldProblem, match="75 characters long; at most 60"):
        read_value(field_type("name"), "x" * 75, FieldOptions(max_length=60))
