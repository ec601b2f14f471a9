"""Receipts: no loop, no stranger bothered, nothing told of the mail, and none that holds a mail up."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.smtp import Envelope

from rpa.definitions.trigger import ReceiptSender
from rpa.secrets.base import Credential
from rpa.store.store import Store
from rpa.triggers.answering import MOST, TOO_MANY, Answering
from rpa.triggers.receipt import Came, head, unanswerable
from tests.rpa.triggers.smtp import PASSWORD, USER, Outbox, outbox

OWN = "claims@county.example"
LONG = f"<{'x' * 90}@mail.example>"


class Known:
    """A store of the one credential."""

    def __init__(self, password: str = PASSWORD, origins: tuple[str, ...] = ()) -> None:
        self.password, self.origins = password, origins

    def get(self, name: str) -> Credential:
        """Return it."""
        return Credential(name, USER, self.password, self.origins)


@pytest.fixture
def box() -> Iterator[Outbox]:
    with outbox() as box:
        yield box


def answering(store: Store, port: int, known: Known | None = None, **said: Any) -> Answering:
    to = {"server": "127.0.0.1", "port": port, "security": "none", "credential": "out", "from": OWN, **said}
    return Answering("mails", ReceiptSender.model_validate(to), known or Known(), store)


def mail(**said: str) -> "Message[str, str]":
    """Return a mail of Jane Doe's; a key that is said as empty is left out."""
    heads = {
        "Return-Path": "<jane@example.com>",
        "Message-ID": LONG,
        "Subject": "Jane Doe",
        "From": "jane@example.com",
    }
    found: Message[str, str] = Message()
    for key, text in {**heads, **{key.replace("_", "-"): text for key, text in said.items()}}.items():
        if text:
            found[key] = text
    return found


def came(number: str = "mail-1", reason: str | None = None, **said: str) -> Came:
    at = datetime(2026, 11, 28, 19, 4, tzinfo=UTC)
    return Came(number=number, mail=head(mail(**said)), at=at, files=2, reason=reason, new=True)


def told(store: Store) -> list[tuple[str, str | None]]:
    return [
        (entry["data"]["nominal"], entry.get("reason"))
        for entry in store.log.read()
        if "answered" in entry["event"]
    ]


def read(envelope: Envelope) -> EmailMessage:
    content = envelope.content
    assert isinstance(content, bytes)
    assert max(map(len, content.split(b"\r\n"))) <= 998
    return message_from_bytes(content, policy=default)


def test_a_receipt_says_what_became_of_the_mail_and_nothing_of_what_is_in_it(store: Store, box: Outbox) -> None:
    refused = "the mail brings no file that fits `*.csv`"

    answering(store, box.port).send([came("mail-1", References="<0@example.com>"), came("mail-2", refused)])

    taken, other = map(read, box.given)
    assert [(one.mail_from, one.rcpt_tos) for one in box.given] == [("<>", ["jane@example.com"])] * 2
    assert (taken["Auto-Submitted"], taken["From"], taken["To"]) == ("auto-replied", OWN, "jane@example.com")
    assert (taken["In-Reply-To"], taken["References"].split()) == (LONG, ["<0@example.com>", LONG])
    words = taken.get_content()
    assert "2026-11-28 at 19:04 UTC" in words
    assert "taken with 2 files" in words
    assert "mail-1" in words
    assert refused in other.get_content()
    assert "Doe" not in str(taken) + str(other) + str(list(store.log.read()))
    assert "jane" not in str(list(store.log.read()))
    assert told(store) == [("mail-1", None), ("mail-2", None)]


@pytest.mark.parametrize(
    "said",
    [
        {"Return-Path": "<>"},
        {"Return-Path": ""},
        {"Return-Path": "<jane@example.com>\n bcc: <x@example.com>"},
        {"Return-Path": f"<{OWN.upper()}>"},
        {"Return-Path": "<MAILER-DAEMON@example.com>"},
        {"Return-Path": "<claims-list-request@example.com>"},
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "Auto-Generated; x=1"},
        {"Precedence": "Bulk"},
        {"Precedence": "list"},
        {"Precedence": "junk"},
        {"List-Id": "<claims.example.com>"},
        {"Content-Type": "multipart/report; report-type=delivery-status"},
    ],
    ids=str,
)
def test_nobody_is_answered_who_may_answer_back_or_did_not_write(said: dict[str, str]) -> None:
    assert unanswerable(mail(**said), OWN)


def test_a_person_is_answered() -> None:
    assert (
        unanswerable(mail(Auto_Submitted="No (typed by hand)".partition(" ")[0], Precedence="first-class"), OWN)
        is None
    )


def test_two_mailboxes_that_answer_each_other_come_to_an_end(store: Store, box: Outbox) -> None:
    sends = answering(store, box.port)

    sends.send([came(str(number)) for number in range(MOST + 2)])
    sends.send(
        [
            came("late", **{"Return-Path": "<JANE@example.com>"}),
            came("joe", **{"Return-Path": "<joe@example.com>"}),
        ]
    )

    assert len(box.given) == MOST + 1
    assert [number for number, reason in told(store) if reason == TOO_MANY] == [str(MOST), str(MOST + 1), "late"]


def test_one_that_is_refused_or_a_server_that_is_away_holds_no_other_up(store: Store, box: Outbox) -> None:
    gone = came("gone", **{"Return-Path": "<refused@example.com>"})

    answering(store, box.port).send([gone, came("there")])
    answering(store, 9).send([came("a"), came("b")])
    answering(store, box.port, Known("wrong-secret")).send([came("c")])

    assert told(store) == [
        ("gone", "the mail server refused it (SMTPRecipientsRefused)"),
        ("there", None),
        ("a", "the mail server can't be reached, or refused (ConnectionRefusedError)"),
        ("b", "the mail server can't be reached, or refused (ConnectionRefusedError)"),
        ("c", "the mail server can't be reached, or refused (SMTPAuthenticationError)"),
    ]


def test_a_password_goes_to_no_server_that_is_not_protected_or_not_allowed(store: Store, box: Outbox) -> None:
    answering(store, box.port, security="starttls").send([came("a")])
    answering(store, box.port, Known(origins=("smtp://mail.example:587",))).send([came("b")])
    answering(store, 587, server="mail.invalid").send([came("c")])

    reasons = [reason or "" for _, reason in told(store)]
    assert "SMTPNotSupportedError" in reasons[0]
    assert "may not be used at smtp://127.0.0.1" in reasons[1]
    assert "its owner allows it at this server by `smtp://mail.invalid:587`" in reasons[2]
    assert (box.signed_in, box.given) == (0, [])
