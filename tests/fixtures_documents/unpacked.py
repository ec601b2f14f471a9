"""What a PDF or a workbook holds, whichever zlib packed it."""

import zipfile
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import NullObject, PdfObject, StreamObject


def unpacked(name: str, content: bytes, password: str | None = None) -> object:
    """Return the parts of a workbook or the objects of a PDF; any other content stands for itself."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return {part: archive.read(part) for part in archive.namelist()}
    return _objects(PdfReader(BytesIO(content), password=password)) if b"%%EOF" in content else content


def _objects(reader: PdfReader) -> list[object]:
    return [_plain(reader.get_object(number)) for number in range(1, len(reader.xref[0]) + 1)]


def _plain(entry: PdfObject | None) -> object:
    if not isinstance(entry, StreamObject):
        return _written(entry)
    packing = {"/Length", "/Filter"}
    return {key: _written(entry.raw_get(key)) for key in entry.keys() - packing}, entry.get_data()


def _written(entry: PdfObject | None) -> bytes:
    out = BytesIO()
    (entry or NullObject()).write_to_stream(out)
    return out.getvalue()
