"""Entries: one spelling, no values, a closed list of events that the documentation tells."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from rpa.audit.entry import Actor, Author, Event, Fact, decode, encode, instant
from rpa.work import Status, commitment

AUTHOR = Author(actor=Actor(kind="person", id="u-1", name="R. Díaz"), host="desk", pid=7)
CLOCK: dict[str, str | int] = {"boot": "b1d0a2f3", "up": 88123, "source": "synchronised"}
AT = datetime(2026, 3, 4, 5, 6, 7, 89, tzinfo=UTC)
ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs" / "audit-events.md"


def test_an_entry_is_ascii_with_sorted_keys_and_nothing_unknown() -> None:
    fact = Fact(event=Event.TRANSACTION_MOVED, before=Status.NEW, after=Status.IN_PROGRESS, data={"fence": 1})

    assert encode(fact, AUTHOR, seq=3, at=AT, clock=CLOCK) == (
        b'{"actor":{"id":"u-1","kind":"person","name":"R. D\\u00edaz"},"at":"2026-03-04T05:06:07.000089Z",'
        b'"clock":{"boot":"b1d0a2f3","source":"synchronised","up":88123},"data":{"fence":1},"event":"transaction.moved","from":"new","host":"desk","pid":7,"seq":3,'
        b'"to":"in_progress","v":2}'
    )


def test_what_was_encoded_is_read_back() -> None:
    fact = Fact(event=Event.SECRET_USED, reason='a "quote" and a\nnew line \udc80')

    assert decode(encode(fact, AUTHOR, seq=1, at=AT, clock=CLOCK))["reason"] == fact.reason


@pytest.mark.parametrize("data", [{"a": 1.5}, {"a": [{"b": (2.0,)}]}, {"a": float("nan")}])
def test_a_number_with_two_spellings_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="no floats"):
        encode(Fact(event=Event.SECRET_USED, data=data), AUTHOR, seq=1, at=AT, clock=CLOCK)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
def test_bytes_that_are_no_entry_are_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(body)


def test_times_are_in_utc_and_sort_as_text() -> None:
    west = timezone(timedelta(hours=-6))
    moments = [datetime(2026, 1, 1, 23, 0, tzinfo=west) + timedelta(microseconds=n * 333_333) for n in range(9)]

    assert instant(moments[0]) == "2026-01-02T05:00:00.000000Z"
    assert sorted(map(instant, moments)) == list(map(instant, moments))


def test_a_commitment_tells_fields_items_and_values_apart() -> None:
    salt, other = b"a" * 32, b"b" * 32
    made = {
        commitment(salt, "ssn", "123-45-6789"),
        commitment(other, "ssn", "123-45-6789"),
        commitment(salt, "phone", "123-45-6789"),
        commitment(salt, "ssn", "123-45-6780"),
    }

    assert len(made) == 4
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in made)


def test_the_documentation_tells_every_event_and_no_other() -> None:
    told = re.findall(r"^\| `([a-z_]+\.[a-z_]+)` \|", DOCS.read_text("utf-8"), re.MULTILINE)

    assert sorted(told) == sorted(Event)


def test_no_event_is_documented_that_nothing_writes() -> None:
    entry = ROOT / "rpa" / "audit" / "entry.py"
    source = "".join(path.read_text("utf-8") for path in (ROOT / "rpa").rglob("*.py") if path != entry)

    assert [event.name for event in Event if f"Event.{event.name}" not in source] == []


def test_the_example_in_the_documentation_is_an_entry() -> None:
    block = re.search(r"```json\n(.+?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert block is not None
    told = json.loads(block[1])
    fact = Fact(
        event=Event.TRANSACTION_MOVED, bot="b", digest="d", run=1, reference="r", work_item=1, transaction=1
    )
    said = decode(encode(fact, AUTHOR, seq=1, at=AT, clock=CLOCK))

    assert set(said) <= set(told)
    assert told["event"] in list(Event)
