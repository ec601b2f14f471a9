"""Regular expressions that a document can't use up the machine with."""

import time

import pytest

from rpa import pattern
from rpa.fields.base import FieldOptions, FieldProblem, read_value
from rpa.fields.table import field_type


@pytest.mark.parametrize("expression", ["([A-Z]+)*", "(A|A)*", "(A*)*B", "(.*)*x"])
def test_a_text_made_for_it_does_not_keep_a_pattern_busy(expression: str) -> None:
    start = time.monotonic()

    with pytest.raises(FieldProblem, match="it must match"):
        read_value(field_type("text"), "A" * 100_000 + "!", FieldOptions(pattern=expression))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("expression", [r"CL-\d{6}", r"^(w9_\d+)\.", r"(?i)a|b", r"(?P<year>\d{4})", r"\pL+", ""])
def test_what_bots_write_can_be_used(expression: str) -> None:
    assert pattern.problem(expression) is None


@pytest.mark.parametrize("expression", [r"(?<=CL-)\d+", r"(?=a)", r"(?!a)", r"(a)\1", r"(?>a)", "a++"])
def test_a_construct_that_is_not_known_is_told_to_the_author_with_what_is_lacking(
    expression: str, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "is not known here; there is no looking ahead or behind" in (pattern.problem(expression) or "")
    assert capfd.readouterr().err == ""


def test_an_unfinished_pattern_is_told_where_it_stands() -> None:
    assert pattern.problem(r"P-(\d{4}") == r"missing ): `P-(\d{4}`"
    assert pattern.problem("*x") == "no argument for repetition operator: `*`"


@pytest.mark.parametrize(
    ("expression", "text", "found"),
    [
        (r"^(S-\d+)", "S-12 scan.pdf", "S-12"),
        (r"S-\d+", "été S-12 scan.pdf", "S-12"),
        (r"(S-)?\d+", "12.pdf", None),
        (r"S-\d+", "scan.pdf", None),
        (r"\d+", "12 \udce9.pdf", "12"),
    ],
)
def test_a_value_is_cut_out_of_any_name_that_a_file_may_have(
    expression: str, text: str, found: str | None
) -> None:
    assert pattern.cut(expression, text) == found


def test_digits_of_other_scripts_are_no_digits_of_a_reference() -> None:
    assert not pattern.fits(r"\d{2}", "\u0661\u0662")
