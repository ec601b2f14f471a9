"""Rules: what a record must be before anything is entered."""

from datetime import date
from decimal import Decimal

import pytest

from rpa.definitions.bot import RecordSpec
from rpa.errors import DefinitionError
from rpa.fields.base import Value
from rpa.rules import broken_rules, rule_problem


def record(*checks: str) -> RecordSpec:
    return RecordSpec.model_validate(
        {
            "name": "Claim",
            "each": "claim",
            "reference": "number",
            "fields": {
                "number": {"from": "claim", "label": "No."},
                "amount": {"from": "claim", "label": "Amount", "type": "money"},
                "rate": {"from": "claim", "label": "Rate", "type": "decimal"},
                "lost_on": {"from": "claim", "label": "Lost on", "type": "date"},
                "urgent": {"from": "claim", "label": "Urgent", "type": "yes-no"},
                "needs": {"from": "claim", "label": "Needs", "type": "choice", "many": "true"},
                "note": {"from": "claim", "label": "Note", "required": "false"},
            },
            "rules": [{"check": check, "else": f"broken: {check}"} for check in checks],
        }
    )


VALUES: dict[str, Value | None] = {
    "number": "CL-1",
    "amount": Decimal("5000.00"),
    "rate": Decimal("0.5"),
    "lost_on": date(2026, 11, 2),
    "urgent": False,
    "needs": ("Food", "Housing"),
    "note": None,
}


@pytest.mark.parametrize(
    "check",
    [
        'amount <= money("5000.00")',
        'amount > money("4999.99")',
        'rate == decimal("0.5")',
        'lost_on < date("2026-11-03") && lost_on <= today()',
        "!urgent",
        '"Food" in needs && size(needs) == 2',
        'note == null || note.startsWith("x")',
        'number.matches("^CL-[0-9]+$")',
    ],
)
def test_a_rule_that_holds_stops_nothing(check: str) -> None:
    assert rule_problem(record(), check) is None
    assert broken_rules(record(check), VALUES) == []


def test_every_broken_rule_is_told_at_once() -> None:
    spec = record('amount < money("5000.00")', "urgent", 'number == "CL-1"')

    assert broken_rules(spec, VALUES) == ['broken: amount < money("5000.00")', "broken: urgent"]


def test_one_cent_over_the_limit_is_over_the_limit() -> None:
    spec = record('amount <= money("5000.00")')

    assert broken_rules(spec, {**VALUES, "amount": Decimal("5000.01")})
    assert not broken_rules(spec, {**VALUES, "amount": Decimal("-45.10")})


@pytest.mark.parametrize(
    ("check", "told"),
    [
        ('amont <= money("5.00")', "undeclared reference to 'amont'"),
        ('amount <= "5.00"', "no matching overload"),
        ("amount", "true or false"),
        ("amount <=", "Syntax error"),
    ],
)
def test_a_rule_that_cannot_be_is_found_before_anything_runs(check: str, told: str) -> None:
    assert told in (rule_problem(record(), check) or "")


def test_a_rule_cannot_use_up_the_machine() -> None:
    numbers = ",".join("1" for _ in range(2000))
    check = f"[{numbers}].all(a, [{numbers}].all(b, [{numbers}].all(c, true)))"

    (told,) = broken_rules(record(check), VALUES)
    assert "could not be judged" in told


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ('amount <= money("5000.00")', {"amount": Decimal("999999999999999999.00")}),
        ("amount * amount > 0", {"amount": Decimal("99999999.00")}),
        ('rate < decimal("1")', {"rate": Decimal("9" * 29)}),
        ("amount / size(needs) > 1", {"needs": ()}),
        ('note.startsWith("x")', {"note": None}),
        ("amount > money(number)", {"number": "CANARY"}),
        ("date(number) < today()", {"number": "CANARY"}),
    ],
)
def test_a_rule_that_fails_on_one_record_sends_that_record_to_a_person_and_ends_nothing(
    check: str, values: dict[str, Value | None]
) -> None:
    (told,) = broken_rules(record(check), {**VALUES, **values})

    assert told == f"broken: {check} (the rule {check} could not be judged for this record)"


def test_a_rule_that_no_record_can_be_judged_by_is_the_authors_mistake() -> None:
    with pytest.raises(DefinitionError, match="undeclared reference to 'amont'"):
        broken_rules(record('amont <= money("5.00")'), VALUES)
