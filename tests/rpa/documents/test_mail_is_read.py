"""A mail is read as its receiver reads it, and what is hidden, sealed or hostile in it is told."""

import base64
from email.message import EmailMessage
from pathlib import Path

import pytest
from compressed_rtf import compress

from fixtures.documents.outlook import outlook
from rpa.documents.base import Place, Row
from rpa.errors import DocumentProblem
from rpa.intake.enclosed import Enclosed, enclosed_in
from tests.rpa.documents.conftest import FIXTURES, Read, document_at

PDF = FIXTURES / "forms" / "claims" / "claim_01.pdf"
NUMBER = {"number": Place(label="Claim No.")}
TEXT = """\
Dear clerk,

Claim No.: CL-100001
* Date of loss: 01/14/2026
Claimed amount   1,250.00
Name:
José Núñez
Phone:
What happened: The tree fell
on the roof.
Signed, the claimant
> Claim No.: CL-999999
"""


def mail(text: str = TEXT, page: str | None = None) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = "Claim CL-100001 für Zoë"
    message["From"] = "Jo March <jo@example.org>"
    message["Date"] = "Mon, 02 Nov 2026 23:30:00 -0600"
    message.set_content(text)
    if page is not None:
        message.add_alternative(page, subtype="html")
    return message


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    return tmp_path / "claim.eml"


def one(read: Read, path: Path, message: EmailMessage | bytes, places: dict[str, Place]) -> Row:
    path.write_bytes(message if isinstance(message, bytes) else message.as_bytes())
    (row,) = read("mail", path, places)
    return row


def test_values_are_found_beside_and_below_their_labels(read: Read, saved: Path) -> None:
    labels = ["Claim No.", "Date of loss", "Claimed amount", "Name", "Phone"]
    places = {label: Place(label=label) for label in labels}
    places["What happened"] = Place(label="What happened", until="Signed")

    row = one(read, saved, mail(), places)

    assert {name: cell.text for name, cell in row.cells.items()} == {
        "Claim No.": "CL-100001",
        "Date of loss": "01/14/2026",
        "Claimed amount": "1,250.00",
        "Name": "José Núñez",
        "Phone": "",
        "What happened": "The tree fell\non the roof.",
    }
    assert str(row.cells["Date of loss"].source) == "part 1, line 4"


def test_header_and_pattern_lead_to_values_too(read: Read, saved: Path) -> None:
    places = {
        "from": Place(header="From"),
        "sent": Place(header="date"),
        "number": Place(line=r"Claim (CL-\d{6})"),
        "cc": Place(header="Cc"),
    }

    row = one(read, saved, mail("No number here.\n"), places)

    assert row.cells["from"].text == "Jo March <jo@example.org>"
    assert row.cells["sent"].text == "2026-11-02 23:30"
    assert (row.cells["number"].text, str(row.cells["number"].source)) == ("CL-100001", "header Subject")
    assert row.missing == {"cc": "the mail's header has no field Cc"}


def test_a_formatted_mail_is_read_as_it_is_seen(read: Read, saved: Path) -> None:
    page = (
        "<html><head><style>td{}</style></head><body><div style=display:none>Claim No.: CL-0</div>"
        "<table><tr><td>Claim No.</td><td>CL-100001</td></tr>"
        "<tr><td>Name<td>Zo&euml; <b>March</b></tr></table></body>"
    )
    message = mail()
    message.set_content(page, subtype="html")

    row = one(read, saved, message, NUMBER | {"name": Place(label="Name")})

    assert {name: cell.text for name, cell in row.cells.items()} == {"number": "CL-100001", "name": "Zoë March"}


def test_two_texts_of_one_mail_that_differ_are_not_believed(read: Read, saved: Path) -> None:
    same = one(read, saved, mail(page="<p>Claim No.: CL-100001</p>"), NUMBER).cells["number"]
    other = one(read, saved, mail(page="<p>Claim No.: CL-100002</p>"), NUMBER).cells["number"]

    assert (same.agreed, same.unsure) == (("plain text", "formatted text"), None)
    assert other.unsure is not None


def test_a_label_with_two_values_is_not_guessed(read: Read, saved: Path) -> None:
    row = one(read, saved, mail("Claim No.: CL-1\nClaim No.: CL-2\n"), NUMBER)

    assert row.missing == {"number": '"Claim No." is written 2 times in the mail, with different values'}


def test_a_mail_of_outlook_is_read_with_its_files(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "claim.msg"
    page = "<table><tr><td>Claim No.</td><td>CL-100001</td></tr></table>"
    path.write_bytes(outlook("A claim", TEXT, {"claim.pdf": PDF.read_bytes(), "a/b: c.txt": b"x"}, page))

    (row,) = read("mail", path, NUMBER | {"subject": Place(header="Subject")})

    assert (row.cells["number"].text, row.cells["subject"].text) == ("CL-100001", "A claim")
    assert enclosed_in(document_at(path)) == [Enclosed("claim.pdf", PDF.read_bytes()), Enclosed("b_ c.txt", b"x")]


RICH = r"""{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\pard Name: Zo\'eb\u-10179?\u-8704? March\par
Mail: {\field{\*\fldinst{HYPERLINK "mailto:jo@lake.example"}}{\fldrslt jo@lake.example}}\par
\trowd\cellx900 Claim No.\cell CL-100001\cell\row}"""


def test_a_mail_that_outlook_keeps_as_rich_text_alone_is_read(read: Read, tmp_path: Path) -> None:
    path = tmp_path / "claim.msg"
    path.write_bytes(outlook("A claim", "", {}, rich=compress(RICH.encode(), compressed=True)))

    (row,) = read("mail", path, NUMBER | {"name": Place(label="Name"), "mail": Place(label="Mail")})

    assert {name: cell.text for name, cell in row.cells.items()} == {
        "number": "CL-100001",
        "name": "Zoë\U0001f600 March",
        "mail": "jo@lake.example",
    }
    assert row.cells["number"].source.cell == "formatted text, line 3"


@pytest.mark.parametrize(
    ("rich", "kind"),
    [
        (compress(RICH.replace("Claim", r"{\v not }Claim").encode()), "unexpected"),
        (compress(RICH.encode(), compressed=True)[:-9] + b"damaged!!", "damaged"),
        (b"short", "damaged"),
    ],
)
def test_rich_text_that_hides_or_lost_something_is_not_believed(
    read: Read, tmp_path: Path, rich: bytes, kind: str
) -> None:
    path = tmp_path / "claim.msg"
    path.write_bytes(outlook("A claim", "", {}, rich=rich))

    with pytest.raises(DocumentProblem) as problem:
        read("mail", path, NUMBER)

    assert problem.value.kind == kind


def test_files_come_out_as_they_were_put_in(saved: Path) -> None:
    message = mail()
    message.add_attachment(PDF.read_bytes(), maintype="application", subtype="pdf", filename="../../claim.pdf")
    message.add_attachment(mail("Forwarded.\n"))
    message.add_attachment("list", filename="list.csv", subtype="csv")
    saved.write_bytes(message.as_bytes())

    files = enclosed_in(document_at(saved))

    assert [file.name for file in files] == ["claim.pdf", "attachment 2.eml", "list.csv"]
    assert files[0].content == PDF.read_bytes()
    assert b"Forwarded." in files[1].content


def test_a_file_that_was_damaged_on_its_way_is_told(saved: Path) -> None:
    message = mail()
    message.add_attachment(b"x" * 300, maintype="application", subtype="pdf", filename="claim.pdf")
    saved.write_bytes(message.as_bytes().replace(b"eHh4eHh4", b"eHh\xff!x", 1))

    (file,) = enclosed_in(document_at(saved))

    assert (file.content, file.lacks) == (b"", "it was damaged on its way; have it sent again")


def nested(depth: int) -> bytes:
    heads = (f'Content-Type: multipart/mixed; boundary="b{n}"\n\n--b{n}\n' for n in range(depth))
    ends = (f"--b{n}--\n" for n in reversed(range(depth)))
    return ("Subject: x\n" + "".join(heads) + "\nhi\n" + "".join(ends)).encode()


def parts(count: int) -> bytes:
    return b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nhi\n" * count + b"--b--\n"


def files(count: int) -> bytes:
    one = b"--b\nContent-Disposition: attachment; filename=a.txt\n\nhi\n"
    return b'Content-Type: multipart/mixed; boundary="b"\n\n' + one * count + b"--b--\n"


def typed(kind: str, name: str = "x") -> bytes:
    head = f'Subject: x\nContent-Type: {kind}\nContent-Disposition: attachment; filename="{name}"\n'
    return (head + "Content-Transfer-Encoding: base64\n\n").encode() + base64.b64encode(b"sealed")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (nested(40), "too-big"),
        (nested(3_000), "damaged"),
        (parts(400), "too-big"),
        (files(101), "too-big"),
        (parts(3).removesuffix(b"--b--\n"), "damaged"),
        (typed("application/pkcs7-mime; smime-type=enveloped-data"), "needs-password"),
        (typed("application/octet-stream", "winmail.dat"), "unexpected"),
        (b"Subject: x\nContent-Type: text/plain; charset=utf-7\n\n+ADw-\n", "damaged"),
        (b"Subject: x\nContent-Type: text/html\n\n<p style='display:none'>Claim No.: 1", "unexpected"),
        (b"Dear clerk,\nhere is the claim.\n", "not-a-mail"),
        (PDF.read_bytes(), "not-a-mail"),
        ((FIXTURES / "forms" / "claims" / "roster.xlsx").read_bytes(), "not-a-mail"),
        (b"", "empty"),
    ],
    ids=[
        "deep",
        "endless",
        "many",
        "files",
        "cut off",
        "encrypted",
        "tnef",
        "utf-7",
        "hidden",
        "text",
        "pdf",
        "xlsx",
        "empty",
    ],
)
def test_what_is_no_plain_mail_has_a_named_reason(read: Read, saved: Path, content: bytes, kind: str) -> None:
    with pytest.raises(DocumentProblem) as problem:
        one(read, saved, content, NUMBER)

    assert problem.value.kind == kind


def test_an_office_file_or_a_broken_one_is_no_mail_of_outlook(read: Read, tmp_path: Path) -> None:
    whole = outlook("A claim", TEXT, {"claim.pdf": PDF.read_bytes()})
    for number, (content, kind) in enumerate(
        [(whole[:2_000], "damaged"), (whole.replace(b"_\0p\0r\0o\0p", b"_\0q\0r\0o\0p"), "not-a-mail")]
    ):
        path = tmp_path / f"{number}.msg"
        path.write_bytes(content)
        with pytest.raises(DocumentProblem) as problem:
            read("mail", path, NUMBER)
        assert problem.value.kind == kind
