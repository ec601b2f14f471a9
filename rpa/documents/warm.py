"""What readers and their libraries do once in a process, done before a process is forked for each document."""

import ctypes
from importlib import import_module

import pypdfium2
import pypdfium2.raw as pdfium

LATE = (
    "pypdf._codecs._codecs",
    "pypdf.filters",
    "rpa.documents.sheets.foreign",
    "rpa.documents.sheets.texts",
    "rpa.documents.sheets.xls",
    "rpa.documents.sheets.xlsx",
    "encodings.cp1252",
    "encodings.cp437",
    "encodings.utf_8_sig",
)
"""Modules that are loaded where a compressed part, a kind of workbook or an encoding is first met."""

_TEXT = "Warm".encode("utf-16-le") + b"\0\0"


def warm() -> None:
    """Load what is loaded late, and have PDFium look for fonts, as it does at the first that a document lacks.

    A child would do it for each document again: that cost it 5 to 60 ms.
    """
    for name in LATE:
        import_module(name)
    pdf = pypdfium2.PdfDocument.new()
    page = pdf.new_page(72, 72)
    text = pdfium.FPDFPageObj_NewTextObj(pdf, b"Helvetica", 12.0)
    letters = ctypes.cast(ctypes.create_string_buffer(_TEXT), ctypes.POINTER(pdfium.FPDF_WCHAR))
    pdfium.FPDFText_SetText(text, letters)
    pdfium.FPDFPage_InsertObject(page, text)
    pdfium.FPDFPage_GenerateContent(page)
    page.get_textpage().close()
    page.close()
    pdf.close()
