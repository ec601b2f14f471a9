"""The lines of a mail's text that Outlook has kept as rich text alone (RTF, packed as MS-OXRTFCP says)."""

import re

from compressed_rtf import decompress
from striprtf.striprtf import rtf_to_text

from rpa.errors import DocumentProblem

_UNSEEN = re.compile(r"\\(?:v|deleted|revised)(?![a-z0-9])|\\(?:v|deleted|revised)[1-9]")
"""Words that begin text which is hidden, struck out or only proposed."""

_ADDRESS = re.compile(r"\{\\\*\\fldinst\b[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")
"""Where a link leads, which is no part of the text."""

_CELL_END = re.compile(r"\\(?:nest)?cell(?![a-z])")


def lines_of_rich_text(packed: bytes) -> list[str]:
    """Return what is seen of a packed rich text, line by line, with a tab between the cells of a table's row.

    Raises `DocumentProblem` where it is damaged, and where it is not clear what of it is seen.
    """
    rich = _unpacked(packed).decode("latin-1")
    if _UNSEEN.search(rich):
        raise DocumentProblem("unexpected", "some of its rich text is hidden; have it sent as plain text")
    text: str = rtf_to_text(_CELL_END.sub(r"\\tab", _ADDRESS.sub("", rich)))  # type: ignore[no-untyped-call]
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return [stripped for line in whole.split("\n") if (stripped := line.strip())]


def _unpacked(packed: bytes) -> bytes:
    try:
        return bytes(decompress(packed))
    except Exception as fault:  # the library raises no narrower kind for a wrong checksum
        raise DocumentProblem("damaged", "the mail's text is damaged; save it again in Outlook") from fault
