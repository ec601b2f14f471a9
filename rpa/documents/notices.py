"""What a document holds beside its values and a person should know of: signatures, scripts, other files.

None of it keeps a document from being read: nothing in it is ever run, followed or taken out.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

SIGNED = "signed: it is signed; a copy that anything is added to is no longer what was signed"
SCRIPTS = "active-content: it holds scripts; none was run, and its viewer should not run them either"
FILES = "active-content: it holds other files; none was opened"
MACROS = "active-content: it holds macros; none was run, and Excel should not run them either"
LINKS = "active-content: it takes values from other workbooks; what it stored of them last was read"

_PARTS = {"xl/vbaProject": MACROS, "xl/externalLinks/": LINKS, "xl/embeddings/": FILES, "_xmlsignatures/": SIGNED}
"""How the names of a workbook's parts begin that tell of such things."""


def notices_of_pdf(pdf: Any) -> tuple[str, ...]:
    """Return what is to be told of an open PDF."""
    told = {
        SIGNED: _is_signed(pdf),
        SCRIPTS: pdfium.FPDFDoc_GetJavaScriptActionCount(pdf) > 0,
        FILES: pdfium.FPDFDoc_GetAttachmentCount(pdf) > 0,
    }
    return tuple(notice for notice, holds in told.items() if holds)


def _is_signed(pdf: Any) -> bool:
    """Tell whether any signature field is signed: one that is left empty has no contents."""
    count = pdfium.FPDF_GetSignatureCount(pdf)
    signatures = (pdfium.FPDF_GetSignatureObject(pdf, index) for index in range(max(count, 0)))
    return any(pdfium.FPDFSignatureObj_GetContents(one, None, 0) for one in signatures)


def notices_of_workbook(path: Path) -> tuple[str, ...]:
    """Return what is to be told of a workbook that was found fit to be unpacked; nothing of an older one."""
    if not zipfile.is_zipfile(path):
        return ()
    return tuple(dict.fromkeys(_notices(path)))


def _notices(path: Path) -> Iterator[str]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            yield from (notice for start, notice in _PARTS.items() if name.startswith(start))
