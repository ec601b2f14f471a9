"""Mail that Outlook has saved (.msg): MS-OXMSG, in a compound file."""

import struct
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from pathlib import Path

from olefile import OleFileIO
from oxmsg import Message as Outlook
from oxmsg.attachment import Attachment

from rpa.documents.mail.message import (
    AttachedFile,
    MailLine,
    Message,
    formatted_lines,
    plain_lines,
    refuse_many,
    rich_lines,
    shown_moment,
)
from rpa.documents.mail.sealed import refuse_sealed
from rpa.documents.names import plain_name
from rpa.errors import DocumentProblem

_PROPERTIES = "__properties_version1.0"
_NEVER = 1601
"""The year of a time that was not set."""

_HTML, _RTF = 0x1013, 0x1009
_FILE_NAME_SHORT = 0x3704
_DISPLAY_NAME = 0x3001
_DAMAGED = (LookupError, TypeError, ValueError, AttributeError, OSError, EOFError, struct.error)
"""What the libraries raise for damaged files."""


def opened(path: Path) -> Message:
    """Return the mail; raise `DocumentProblem` where it is damaged, no mail, or not to be read."""
    try:
        with OleFileIO(path) as holder:
            is_mail = holder.exists(_PROPERTIES)
        if not is_mail:
            raise DocumentProblem("not-a-mail", "it is no mail but another Office file")
        return _message(Outlook.load(str(path)))
    except _DAMAGED as fault:
        raise DocumentProblem("damaged", "the mail is damaged; save it again in Outlook") from fault


def _message(mail: Outlook) -> Message:
    files = list(mail.attachments)
    for file in files:
        refuse_sealed(file.mime_type or "", file.file_name or "")
    plain, formatted = _plain(mail), _formatted(mail)
    rich = None if plain or formatted else mail.properties.binary_prop_value(_RTF)
    return Message(
        headers=list(_headers(mail)),
        plain=plain,
        formatted=rich_lines(rich, "formatted text") if rich else formatted,
        files=refuse_many([_file(file, number) for number, file in enumerate(files, start=1)]),
    )


def _headers(mail: Outlook) -> Iterator[tuple[str, str]]:
    """Yield the header fields that came with it, and for a mail that was never sent what Outlook knows of it."""
    told = mail.message_headers
    yield from ((name, _one_line(name, value)) for name, value in told.items())
    known = {name.casefold() for name in told}
    sent = shown_moment(mail.sent_date) if mail.sent_date and mail.sent_date.year > _NEVER else ""
    own = {"Subject": mail.subject, "From": mail.sender or "", "Date": sent}
    yield from ((name, value) for name, value in own.items() if value and name.casefold() not in known)


def _one_line(name: str, value: str) -> str:
    if name.casefold() == "date":
        return shown_moment(parsedate_to_datetime(value))
    return " ".join(str(make_header(decode_header(value))).split())


def _plain(mail: Outlook) -> list[MailLine]:
    return plain_lines((mail.body or "").encode(errors="replace"), "utf-8", "text")


def _formatted(mail: Outlook) -> list[MailLine]:
    raw = mail.properties.binary_prop_value(_HTML)
    if raw is not None:
        return formatted_lines(raw, mail.properties.body_encoding, "formatted text")
    return formatted_lines((mail.html_body or "").encode(errors="replace"), "utf-8", "formatted text")


def _file(file: Attachment, number: int) -> AttachedFile:
    told = (file.properties.str_prop_value(one) for one in (_FILE_NAME_SHORT, _DISPLAY_NAME))
    name = plain_name(file.file_name or next(filter(None, told), ""), f"attachment {number}")
    content = file.file_bytes
    lacks = "" if content is not None else "Outlook keeps it as a mail or a reference; have it sent as a file"
    return AttachedFile(name, content, lacks)
