"""What the libraries for PDFs do once in a process, done before a process is forked for each document."""

import ctypes
from importlib import import_module

import pypdfium2
import pypdfium2.raw as pdfium

LATE = ("pypdf._codecs._codecs", "pypdf.filters")
"""Modules that pypdf loads when it first meets a compressed part."""

_TEXT = "Warm".encode("utf-16-le") + b"\0\0"


def warm() -> None:
    """Have PDFium look for the machine's fonts, as it does at the first text whose font a document lacks.

    A child would do it for each document again: that, and the modules, cost it 15 to 60 ms.
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
