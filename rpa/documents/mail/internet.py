"""Mail as it goes over the Internet (.eml): RFC 5322 and MIME, RFC 2045 to 2049."""

from collections.abc import Iterator, Sequence
from email import policy
from email.errors import (
    CloseBoundaryNotFoundDefect,
    InvalidBase64CharactersDefect,
    InvalidBase64LengthDefect,
    InvalidBase64PaddingDefect,
    MultipartInvariantViolationDefect,
    StartBoundaryNotFoundDefect,
)
from email.message import EmailMessage, MIMEPart
from email.parser import BytesParser
from itertools import islice
from pathlib import Path
from typing import Any, TypeAlias

from rpa.documents.mail.message import (
    AttachedFile,
    MailLine,
    Message,
    formatted_lines,
    plain_lines,
    refuse_many,
    shown_moment,
)
from rpa.documents.mail.sealed import refuse_sealed
from rpa.documents.names import plain_name
from rpa.documents.notices import SIGNED
from rpa.errors import DocumentProblem

_Part: TypeAlias = "MIMEPart[Any, Any]"

DEEPEST = 12
"""Parts within parts: mail that was forwarded three times has some nine."""

MOST_PARTS = 300
_SIGNATURES = frozenset(f"application/{kind}-signature" for kind in ("pkcs7", "x-pkcs7", "pgp"))
CUT_OFF = (CloseBoundaryNotFoundDefect, StartBoundaryNotFoundDefect, MultipartInvariantViolationDefect)
"""Defects of a mail that did not come whole."""
BROKEN = (InvalidBase64CharactersDefect, InvalidBase64LengthDefect, InvalidBase64PaddingDefect)
"""Defects of a file that did not come whole."""
_ELSEWHERE = frozenset({"message/external-body", "message/partial"})


def opened(path: Path) -> Message:
    """Return the mail; raise `DocumentProblem` where it is cut off, hostile, or not to be read."""
    parser: BytesParser[EmailMessage] = BytesParser(policy=policy.default)
    with path.open("rb") as file:
        mail = parser.parse(file)
    leaves = list(islice(_leaves(mail), MOST_PARTS + 1))
    if len(leaves) > MOST_PARTS:
        raise DocumentProblem("too-big", f"it has more than {MOST_PARTS} parts")
    for leaf in leaves:
        refuse_sealed(leaf.get_content_type(), leaf.get_filename() or "")
    return Message(
        headers=[(name, _shown(value)) for name, value in mail.items()],
        plain=list(_texts(leaves, "plain")),
        formatted=list(_texts(leaves, "html")),
        files=refuse_many(list(_files(leaves))),
        notices=(SIGNED,) if any(leaf.get_content_type() in _SIGNATURES for leaf in leaves) else (),
    )


def _shown(value: Any) -> str:
    """Return a header field's text; a time as the sender's clock showed it."""
    moment = getattr(value, "datetime", None)
    return str(value) if moment is None else shown_moment(moment)


def _leaves(part: _Part, depth: int = 0) -> Iterator[_Part]:
    """Yield the parts that hold something; a mail that is attached is one, and not looked into."""
    if depth > DEEPEST:
        raise DocumentProblem("too-big", f"its parts are nested more than {DEEPEST} deep")
    if any(isinstance(defect, CUT_OFF) for defect in part.defects):
        raise DocumentProblem("damaged", "the mail is cut off, or its parts are mixed up; have it sent again")
    if not part.is_multipart() or part.get_content_maintype() == "message":
        yield part
        return
    for inner in part.iter_parts():
        yield from _leaves(inner, depth + 1)


def _is_text(part: _Part) -> bool:
    named = part.get_filename() is not None
    return part.get_content_type() in {"text/plain", "text/html"} and not part.is_attachment() and not named


def _texts(leaves: Sequence[_Part], kind: str) -> Iterator[MailLine]:
    read = plain_lines if kind == "plain" else formatted_lines
    for number, leaf in enumerate(leaves, start=1):
        if _is_text(leaf) and leaf.get_content_subtype() == kind:
            yield from read(_content(leaf), leaf.get_content_charset(), f"part {number}")


def _files(leaves: Sequence[_Part]) -> Iterator[AttachedFile]:
    files = (leaf for leaf in leaves if not _is_text(leaf) and leaf.get_content_type() not in _SIGNATURES)
    for number, leaf in enumerate(files, start=1):
        name = plain_name(leaf.get_filename() or "", f"attachment {number}")
        if leaf.get_content_type() in _ELSEWHERE:
            yield AttachedFile(name, None, "only a reference to it came with the mail; have it sent itself")
        elif leaf.get_content_maintype() == "message":
            yield AttachedFile(f"{name}.eml", b"".join(inner.as_bytes() for inner in leaf.iter_parts()))
        else:
            yield _file(name, leaf)


def _file(name: str, leaf: _Part) -> AttachedFile:
    content = _content(leaf)
    if any(isinstance(defect, BROKEN) for defect in leaf.defects):
        return AttachedFile(name, None, "it was damaged on its way; have it sent again")
    return AttachedFile(name, content)


def _content(part: _Part) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""
