"""The receipt for a mail: who may be sent one (RFC 3834), and its words. Of the mail it holds no value.

An answer goes to the return path alone: a `From` may be a stranger's, and answers to it make loops.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, Message
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from rpa.definitions.trigger import ADDRESS
from rpa.words import counted

BULK = frozenset({"bulk", "list", "junk"})
MACHINES = re.compile(r"mailer-daemon|postmaster|owner-.*|.*-request|.*-bounces?|no-?reply", re.IGNORECASE)
"""Names of those that no answer is sent to: RFC 3834, section 2, and those that nobody reads."""

_ID = re.compile(r"<[!-;=?-~]{1,200}>")
MOST_REFERENCES = 10
ONE_LINE = SMTP.clone(max_line_length=998)
"""Folded at the usual length, a long message-id would be written in an encoding that mail programs don't know."""


@dataclass(frozen=True, kw_only=True)
class Came:
    """A mail that was looked at: its *number*, how many *files* it brings, or the *reason* why none.

    *mail* is its head; *new* tells that it was written down just now, which happens once.
    """

    number: str
    mail: "Message[str, str]"
    at: datetime
    files: int
    reason: str | None
    new: bool


def head(mail: "Message[str, str]") -> "Message[str, str]":
    """Return the mail without its body: what waits for its receipt holds no files."""
    found: Message[str, str] = Message()
    for key, text in mail.items():
        found[key] = text
    return found


def unanswerable(mail: "Message[str, str]", own: str) -> str | None:
    """Return why this mail gets no answer, None where it may have one; *own* is the address that answers."""
    to = return_path(mail)
    if to is None:
        return "it has no return path that can be answered"
    if to.casefold() == own.casefold() or MACHINES.fullmatch(to.partition("@")[0]):
        return "it comes from this mailbox, or from a machine"
    said = _said(mail, "Auto-Submitted").partition(";")[0].strip() or "no"
    if said != "no" or mail.get_content_type() == "multipart/report":
        return "it was sent by a machine"
    if _said(mail, "Precedence") in BULK or any(key.casefold().startswith("list-") for key in mail):
        return "it was sent to many"
    return None


def return_path(mail: "Message[str, str]") -> str | None:
    """Return the address that the mail server says it came from; None where there is none, or not a plain one."""
    found = str(mail.get("Return-Path", "")).strip()
    address = found[1:-1] if found.startswith("<") and found.endswith(">") else found
    return address if ADDRESS.fullmatch(address) else None


def receipt(came: Came, sender: str, to: str) -> EmailMessage:
    """Return the mail that says what became of the one that came."""
    mail = EmailMessage(policy=ONE_LINE)
    taken = came.reason is None
    mail["From"], mail["To"] = sender, to
    mail["Subject"] = f"Auto: your mail was {'taken' if taken else 'not taken'}"
    mail["Date"] = format_datetime(came.at)
    mail["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-replied"
    identity = _ID.fullmatch(str(came.mail.get("Message-ID", "")).strip())
    if identity:
        mail["In-Reply-To"] = identity[0]
        thread = [*_ID.findall(str(came.mail.get("References", ""))), identity[0]]
        mail["References"] = " ".join(thread[-MOST_REFERENCES:])
    mail.set_content("\n".join(_lines(came)) + "\n")
    return mail


def _lines(came: Came) -> Iterator[str]:
    yield f"Your mail was looked at on {came.at:%Y-%m-%d} at {came.at:%H:%M} UTC."
    if came.reason is None:
        yield f"It was taken with {counted(came.files, 'file', 'files')}. Nothing of it has been entered yet."
    else:
        yield f"It was not taken: {came.reason}."
    yield f"Its number is {came.number}."
    yield ""
    yield "This is an automatic receipt."


def _said(mail: "Message[str, str]", key: str) -> str:
    return str(mail.get(key, "")).strip().casefold()
