"""Rules: what a record must be before anything is entered, and how urgent it is."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from rpa.definitions.bot import RecordSpec
from rpa.errors import BusinessException, DefinitionError
from rpa.expressions import problem
from rpa.fields.base import Value
from rpa.rules import broken_rules, urgency
from rpa.urgency import LEAST_URGENT, MOST_URGENT, USUAL, Urgency


def record(*checks: str, **said: str) -> RecordSpec:
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
                "sent": {"from": "claim", "label": "Sent", "type": "date", "required": "false"},
            },
            "rules": [{"check": check, "else": f"broken: {check}"} for check in checks],
            **said,
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
    assert problem(record(), check, "rule") is None
    assert broken_rules(record(check), VALUES) == []


@pytest.mark.parametrize("sent", [None, date(2026, 11, 3)])
@pytest.mark.parametrize(
    "check", ["sent == null || sent > lost_on", "sent == null ? true : sent - days(1) == lost_on"]
)
def test_a_day_that_may_be_blank_is_judged_either_way(check: str, sent: date | None) -> None:
    assert problem(record(), check, "rule") is None
    assert broken_rules(record(check), {**VALUES, "sent": sent}) == []


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
    assert told in (problem(record(), check, "rule") or "")


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


def test_a_record_of_which_nothing_is_said_is_as_urgent_as_all_others() -> None:
    assert urgency(record(), VALUES) == USUAL


def test_a_deadline_is_over_with_its_last_day_by_the_machines_clock() -> None:
    said = record(priority='urgent || amount >= money("5000.00") ? 86 : 100', deadline="lost_on + days(30)")

    assert urgency(said, VALUES) == Urgency(86, datetime(2026, 12, 2, 23, 59, 59, 999999).astimezone())
    assert urgency(record(deadline="note"), VALUES).deadline is None, "a blank field says nothing"


@pytest.mark.parametrize(("said", "meant"), [("-5", MOST_URGENT), ("size(number) * 1000", LEAST_URGENT)])
def test_a_priority_beyond_the_ends_is_the_last_one_there(said: str, meant: int) -> None:
    assert urgency(record(priority=said), VALUES).priority == meant


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("priority", "100 / (size(note) - 6)"),
        ("priority", "note"),
        ("deadline", "date(number)"),
        ("deadline", "lost_on + days(9000000)"),
    ],
)
def test_urgency_that_can_not_be_told_sends_the_record_to_a_person_without_a_value(key: str, said: str) -> None:
    with pytest.raises(BusinessException) as told:
        urgency(record(**{key: said}), {**VALUES, "number": "CANARY", "note": "CANARY"})

    assert str(told.value) == f"its {key} ({said}) could not be judged for this record"


@pytest.mark.parametrize(
    ("key", "said", "told"),
    [
        ("priority", "urgent", "a whole number"),
        ("priority", "1.5", "a whole number"),
        ("deadline", '"2026-12-24"', "is a day"),
        ("deadline", "days(30)", "is a day"),
    ],
)
def test_urgency_that_can_not_be_is_found_before_anything_runs(key: str, said: str, told: str) -> None:
    assert told in (problem(record(), said, key) or "")
