"""A workbook written by hand: what Excel may write, and libraries that save it would drop."""
# ruff: noqa: E501  # XML is written as Excel writes it

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"

SHEET = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<x:worksheet xmlns:x="{MAIN}" xmlns:r="{_OFFICE}"><x:dimension ref="A1:B4"/>
<x:cols><x:col min="1" max="2" width="9"/><x:col min="3" max="16384" width="9" hidden='1'/></x:cols>
<x:sheetData><!-- <x:row r="9"/> --><x:row r="1" spans="1:2"><x:c r="A1" s="1" t="inlineStr"><x:is><x:t>No. ></x:t></x:is></x:c>
<x:c r="B1" s="1" t="inlineStr"><x:is><x:t>Sum</x:t></x:is></x:c></x:row>
<x:row><x:c t="inlineStr"><x:is><x:t>007</x:t></x:is></x:c><x:c><x:f>40+2</x:f><x:v>42</x:v></x:c><x:c s="1"/><x:c s="1"/>
</x:row><x:row r="3"/><x:row r="4"><x:c r="A4" t="inlineStr"><x:is><x:t>008</x:t></x:is></x:c></x:row></x:sheetData>
<x:dataValidations count="1"><x:dataValidation type="list" sqref="B2"><x:formula1>Other!A1:A2</x:formula1></x:dataValidation>
</x:dataValidations></x:worksheet>"""

_PARTS = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>
<Override PartName="/xl/sheet.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>
<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>
</Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="a" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>{{signature}}</Relationships>""",
    "xl/workbook.xml": f"""<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}">
<sheets><sheet name="List" sheetId="1" r:id="b"/></sheets></workbook>""",
    "xl/_rels/workbook.xml.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
<Relationship Id="b" Type="{_OFFICE}/worksheet" Target="sheet.xml"/>
<Relationship Id="c" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>""",
    "xl/styles.xml": f"""<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill><patternFill/></fill></fills>
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="2"><xf/><xf numFmtId="1" applyNumberFormat="1"/></cellXfs>
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>""",
    "xl/vbaProjectSignature.bin": "the signature of the macros",
    "customXml/item1.xml": "<label xmlns='urn:sensitivity'>internal</label>",
}
_SIGNATURE = f'<Relationship Id="s" Type="{_PACKAGE}/relationships/digital-signature/origin" Target="_xmlsignatures/o.sigs"/>'


def write_odd_workbook(path: Path, sheet: str = SHEET, *, signed: bool = False) -> Path:
    """Write it: elements with a prefix, rows and cells without numbers, hidden columns, a signature of macros."""
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet.xml", sheet)
        for name, content in _PARTS.items():
            told = content.replace("{signature}", _SIGNATURE if signed else "")
            archive.writestr(name, told, ZIP_STORED if name.endswith(".bin") else None)
        archive.comment = b"kept"
    return path
