"""Records: what must not be said of them, and how they come through the ledger."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from rpa.definitions.bot import RecordSpec
from rpa.documents.base import Cell, Row, Source
from rpa.errors import BusinessException
from rpa.fields.base import Value
from rpa.fields.table import field_type
from rpa.records import Attached, FieldValue, Record, read_fields
from rpa.store.intake import NewItem
from rpa.work import WorkItem, commitment

SOURCE = Source(document="d" * 64, how="form")
CANARIES = ("536-90-4399", "March", "1234.50", "1980")


def personal(kind: str, value: Value | None, raw: str) -> FieldValue:
    return FieldValue(type=kind, value=value, raw=raw, source=SOURCE, personal=True)


def record(**fields: FieldValue) -> Record:
    return Record(fields, {"claim": Attached("d" * 64, "Jo March.pdf")})


CLAIM = record(
    ssn=personal("us-ssn", "536-90-4399", "536 90 4399"),
    who=personal("name", "Jo March", "Jo March"),
    born=personal("date", date(1980, 3, 4), "03/04/80"),
    phone=personal("phone", "+13125550142;ext=5", "312.555.0142 x5"),
    sex=personal("text", "F", "F"),
    amount=personal("money", Decimal("1234.50"), "$1,234.50"),
    note=FieldValue(type="text", value="claim", raw="claim", source=SOURCE, personal=False),
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("SSN 536904399 is registered to MARCH, JO", "SSN [ssn] is registered to [who]"),
        ("536 90 4399", "[ssn]"),
        ("SSN536-90-4399.", "SSN[ssn]."),
        ("JO MARCH has a claim", "[who] has a claim"),
        ("Ms. march is known", "Ms. [who] is known"),
        ("born 4 Mar 1980, or 04.03.1980, or March 4, 1980", "born [born], or [born], or [born]"),
        ("call (312) 555-0142", "call ([phone]"),
        ("1,234.50 is too much", "[amount] is too much"),
        ("Failed: the Form is Full", "Failed: the Form is Full"),
        ("Marching 1536904399", "Marching 1536904399"),
    ],
)
def test_a_system_may_spell_a_personal_value_as_it_likes(said: str, told: str) -> None:
    assert CLAIM.redact(said) == told


@pytest.mark.parametrize(
    ("name", "said", "told"),
    [
        ("José Núñez de la Cruz", "NUNEZ, JOSE: no such person", "[who]: no such person"),
        ("José Núñez", "Jose\u0301 Nu\u0301n\u0303ez", "[who]"),
        ("O'Brien, Siobhán", "SIOBHAN OBRIEN", "[who]"),
        ("Jo Ann March", "March, Jo A is known", "[who] is known"),
        ("Dr. Mary Smith-Jones Jr.", "smith jones, mary; Jones", "[who]"),
        ("Straße", "STRASSE 12", "[who] 12"),
    ],
)
def test_a_name_is_known_in_other_orders_without_accents_and_by_its_parts(name: str, said: str, told: str) -> None:
    assert record(who=personal("name", name, name)).redact(said) == told


def test_a_name_read_as_plain_text_is_a_name_too() -> None:
    assert record(who=personal("text", "Jo March", "Jo March")).redact("MARCH, JO") == "[who]"
    assert record(where=personal("text", "12 Main St", "12 Main St")).redact("the main door") == "the main door"


def test_what_overlaps_is_hidden_whole() -> None:
    two = record(
        who=personal("name", "Jo March", "Jo March"), both=personal("text", "March 12 Main St", "March 12 Main St")
    )

    assert two.redact("Jo March 12 Main St") == "[who]"


def test_the_name_of_a_field_is_not_hidden_again() -> None:
    odd = record(who=personal("text", "born", "born"), born=personal("text", "who", "who"))

    assert odd.redact("born who") == "[who] [born]"


def test_pictures_hide_every_spelling_and_nothing_that_is_no_text() -> None:
    texts = set(CLAIM.personal_texts())

    assert {"536-90-4399", "536 90 4399", "536904399", "F", "$1,234.50", "1234.50"} <= texts
    assert {"Jo March", "March, Jo", "March"} <= texts
    assert {"1980-03-04", "03/04/1980", "03/04/80", "04.03.1980", "Mar 4, 1980", "March 4, 1980"} <= texts
    assert {"(312) 555-0142 ext. 5", "(312) 555-0142"} <= texts
    assert "claim" not in texts
    assert all(any(map(str.isalnum, text)) for text in texts)


def test_several_choices_are_hidden_one_by_one() -> None:
    needs = record(needs=personal("choice", ("Food", "Housing"), "Food; Housing"))

    assert needs.redact("HOUSING is closed") == "[needs] is closed"


def test_a_blank_field_hides_nothing() -> None:
    blank = record(born=personal("date", None, ""))

    assert list(blank.personal_texts()) == []
    assert blank.redact("as it is") == "as it is"


def test_no_value_is_in_what_python_prints_of_a_record() -> None:
    stored = CLAIM.to_json()
    item: dict[str, Any] = {"reference": "CL-1", "record": stored, "fingerprint": "f"}
    new = NewItem(**item, entries=(), sources={}, place="page 1", document="d")
    kept = WorkItem(**item, id=1, bot="claims", run_id=1, created=None)  # type: ignore[arg-type]

    for printed in map(repr, (CLAIM, CLAIM.fields, CLAIM.documents, new, kept)):
        assert not [canary for canary in CANARIES if canary in printed]


def test_a_record_comes_back_from_the_ledger_with_its_blanks_and_lone_choices() -> None:
    before = record(
        one=personal("choice", ("Food",), "Food"),
        none=personal("choice", (), ";"),
        blank=personal("choice", None, ""),
        word=personal("choice", "Food", "Food"),
    )

    after = Record.from_json(json.loads(json.dumps(before.to_json())))
    assert after == before
    assert after.fingerprint == before.fingerprint


def test_a_commitment_in_the_trail_is_the_one_that_the_ledger_makes() -> None:
    told = CLAIM.provenance(b"s" * 32, {"ssn": "us-ssn"})

    assert told["ssn"]["commitment"] == commitment(b"s" * 32, "ssn", "536-90-4399")
    assert told["ssn"]["raw"] == commitment(b"s" * 32, "ssn.raw", CLAIM.fields["ssn"].raw)
    assert told["ssn"]["rule"] == "us-ssn"
    assert "536" not in json.dumps({name: one["place"] for name, one in told.items()})


SPEC = RecordSpec.model_validate(
    {
        "name": "Claim",
        "each": "claim",
        "reference": "number",
        "fields": {
            "number": {"from": "claim", "label": "No.", "type": "integer"},
            "amount": {"from": "claim", "label": "Amount", "type": "money"},
            "note": {"from": "claim", "label": "Note", "required": "false"},
        },
    }
)


def row(**texts: str) -> Row:
    return Row(place="page 1", cells={name: Cell(text, SOURCE) for name, text in texts.items()})


def test_one_document_with_a_monstrous_number_is_a_persons_and_does_not_end_the_run() -> None:
    reading = read_fields(SPEC, SPEC.fields, row(number="9" * 5_000, amount="9" * 30 + ".00", note=" "))

    assert set(reading.problems) == {"number", "amount"}
    assert reading.fields["note"].value is None
    with pytest.raises(BusinessException, match=r"No\. .*too long for a number: .*Amount .*more than 15 digits"):
        reading.refuse_problems()


def test_a_type_that_breaks_refuses_its_field_without_a_word_of_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> Value:
        raise ZeroDivisionError("536-90-4399")

    monkeypatch.setattr(type(field_type("money")), "parse", breaks)
    reading = read_fields(SPEC, SPEC.fields, row(number="1", amount="2", note="3"))

    assert list(reading.problems) == ["amount"]
    assert "can't be understood as money" in reading.problems["amount"]
    assert "536" not in reading.problems["amount"]
