"""Text as it is written in the parts of a workbook, and the list of texts that its cells share."""

import re
from collections.abc import Sequence

from rpa.documents.sheets.plainly import TEXT

_SIGNS = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SIGN = re.compile(r"&(#x[\da-fA-F]+|#\d+|\w+);")
_HEAD = re.compile(
    rb'\s*(?:<\?xml version="1.0"(?: encoding="(?i:utf-8)")?(?: standalone="\w+")?\s*\?>\s*)?'
    rb'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"(?: [\w:]+="[^"<>]*")*>'
)
_ITEM = re.compile(rb'<si><t(?: xml:space="preserve")?+>(' + TEXT + rb")</t></si>\s*+")
_ITEMS = re.compile(rb'(?:<si><t(?: xml:space="preserve")?+>' + TEXT + rb"</t></si>\s*+)*+</sst>\s*+")


def decoded_text(written: bytes) -> str:
    """Return the text that XML means; raise `UnicodeDecodeError` where it is none of UTF-8."""
    text = written.decode()
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _SIGN.sub(_meant, text) if "&" in text else text


def _meant(sign: re.Match[str]) -> str:
    name = sign[1]
    if name.startswith("#x"):
        return chr(int(f"0{name[1:]}", 0))
    return chr(int(name[1:])) if name.startswith("#") else _SIGNS[name]


def plain_strings(part: bytes) -> Sequence[str] | None:
    """Return the shared texts of a workbook; None where any of them is formatted or written unusually."""
    head = _HEAD.match(part)
    if head is None or not _ITEMS.fullmatch(part, head.end()):
        return None
    return [decoded_text(text) for text in _ITEM.findall(part, head.end())]
