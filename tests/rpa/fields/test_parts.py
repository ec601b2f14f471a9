"""A value in several boxes of the screen, and a format that has no place for all of it."""

from datetime import date
from decimal import Decimal

import pytest

from rpa.errors import BusinessException, DefinitionError
from rpa.fields.base import ScreenValue, Value
from rpa.fields.digits import masked
from rpa.fields.show import to_screen
from rpa.fields.table import field_type


def entered(name: str, value: Value, *parts: str, screen_format: str | None = None) -> ScreenValue:
    return to_screen(field_type(name), value, screen_format=screen_format, options={}, parts=parts, personal=True)


@pytest.mark.parametrize(
    ("name", "value", "parts", "texts"),
    [
        ("us-ssn", "536-90-4399", ["###", "##", "####"], ["536", "90", "4399"]),
        ("us-ein", "91-1144442", ["##", "#######"], ["91", "1144442"]),
        ("us-zip", "07001-1234", ["#####", "####"], ["07001", "1234"]),
        ("us-zip", "07001", ["#####", "####"], ["07001", ""]),
        ("phone", "+13125550142", ["(###)", "###", "####"], ["(312)", "555", "0142"]),
        ("phone", "+13125550142", ["#", "###", "###", "####"], ["1", "312", "555", "0142"]),
        ("phone", "+4930901820", ["+##", "########"], ["+49", "30901820"]),
        ("date", date(2026, 3, 4), ["MM", "D", "YYYY"], ["03", "4", "2026"]),
        ("date", date(2026, 3, 4), ["MMMM", "D", "YYYY"], ["March", "4", "2026"]),
        ("date", date(1930, 3, 4), ["MM", "DD", "YY"], ["03", "04", "30"]),
        ("us-state", "IL", ["XX"], ["IL"]),
    ],
)
def test_each_box_takes_up_where_the_one_before_it_ended(
    name: str, value: Value, parts: list[str], texts: list[str]
) -> None:
    screen = entered(name, value, *parts)

    assert list(screen.texts) == texts
    assert screen.agrees(" ".join(texts))


@pytest.mark.parametrize(
    ("name", "value", "parts", "shown"),
    [
        ("us-ssn", "536-90-4399", ["###", "##", "####"], "536 53 5369"),
        ("phone", "+13125550142", ["###", "###", "####"], "312 312 3125"),
        ("us-zip", "07001-1234", ["#####", "####"], "07001 0700"),
        ("us-ein", "91-1144442", ["##", "#######"], "91 9111444"),
        ("date", date(2026, 3, 4), ["MM", "DD", "YYYY"], "04 03 2026"),
        ("date", date(2026, 3, 4), ["MM", "DD", "YY"], "03 04 25"),
    ],
)
def test_boxes_that_show_another_value_are_not_believed(
    name: str, value: Value, parts: list[str], shown: str
) -> None:
    assert not entered(name, value, *parts).agrees(shown)


@pytest.mark.parametrize(
    ("name", "value", "parts", "told"),
    [
        ("us-ssn", "536-90-4399", ["###", "##", "###"], "### ## ### has 8 places for digits, but the value has 9"),
        ("us-ein", "91-1144442", ["##", "########"], "has 10 places for digits, but the value has 9"),
        ("us-zip", "07001", ["###", "###"], "has 6 places for digits, but the value has 5"),
        ("phone", "+13125550142", ["###", "####"], "has 7 places for digits, but the value has 11"),
        ("date", date(2026, 3, 1), ["MM", "YYYY"], "MM YYYY is no format of a date: it needs a year"),
        ("name", "Jo March", ["First", "Last"], "name can't be split into the parts First Last"),
        ("text", "Jo March", ["#", "#"], "text can't be split"),
        ("us-state", "IL", ["XX", "XX"], "us-state can't be split"),
        ("money", Decimal("1234.56"), ["#,##0", "00"], "is no format of a number"),
    ],
)
def test_parts_that_do_not_make_up_the_value_are_the_maps_mistake_and_not_a_wrong_entry(
    name: str, value: Value, parts: list[str], told: str
) -> None:
    with pytest.raises(DefinitionError, match=told) as problem:
        entered(name, value, *parts)

    assert str(value) not in str(problem.value)


@pytest.mark.parametrize("written", ["###-##", "###-##-#####", "XXX", ""])
def test_digits_are_never_left_over_or_lacking(written: str) -> None:
    with pytest.raises(DefinitionError, match="places for digits, but the value has 9"):
        masked("536904399", written)


@pytest.mark.parametrize(
    ("name", "value", "written", "told"),
    [
        ("us-zip", "07001-1234", "#####", "has \\+4, for which the screen's ##### has no place"),
        ("phone", "+13125550142;ext=5", "###-###-####", "has an extension"),
        ("phone", "+442079460958", "###-###-####", "is from abroad"),
        ("phone", "+4930901820", "###-###-####", "is from abroad"),
        ("phone", "+35312222222", "+## ##########", "is from abroad"),
    ],
)
def test_a_value_of_another_length_goes_to_a_person_and_does_not_end_the_run(
    name: str, value: str, written: str, told: str
) -> None:
    with pytest.raises(BusinessException, match=told):
        entered(name, value, screen_format=written)


def test_a_zip_without_4_leaves_the_rest_of_its_format_out() -> None:
    assert entered("us-zip", "07001", screen_format="#####-####").text == "07001"


def test_cents_are_not_rounded_away_where_the_format_has_none() -> None:
    assert entered("money", Decimal("1234.56"), screen_format="#,##0").text == "1,234.56"
    assert entered("money", Decimal("1234.00"), screen_format="#,##0").text == "1,234"


def test_an_early_year_keeps_its_zeros() -> None:
    assert entered("date", date(202, 3, 4), screen_format="MM/DD/YYYY").text == "03/04/0202"
