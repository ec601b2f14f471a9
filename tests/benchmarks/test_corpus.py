"""Whatever lies in a folder: every file is read or refused with a reason, and none holds the others up."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from benchmarks.corpus import main, outcome_of
from fixtures.systems.common import ROOT
from rpa.documents.base import Wanted
from rpa.documents.sandbox import Sandbox
from rpa.documents.wire import Limits
from rpa.errors import DocumentProblem
from tests.rpa.documents.conftest import document_at, offer_reader

WHOLE = (
    "forms/w9/w9_00.acroform.pdf",
    "forms/spoc/spoc_00.flat.pdf",
    "documents/scan.pdf",
    "documents/rotated_form.pdf",
    "documents/untidy_return.xlsx",
    "documents/payees_1252.csv",
)
SEED = 20_261


def corpus(folder: Path) -> tuple[dict[str, int], str]:
    result = CliRunner().invoke(main, [str(folder)], catch_exceptions=False)
    *told, last = result.stdout.splitlines()
    return json.loads(last), "\n".join(told)


def spoiled(content: bytes, random: Random) -> Iterator[bytes]:
    """Yield copies that were cut off, lost a piece, got one twice, and had bytes overwritten."""
    at, size = random.randrange(1, len(content)), random.randrange(1, 2_000)
    yield content[:at]
    yield content[:at] + content[at + size :]
    yield content[:at] + content[at // 2 : at // 2 + size] + content[at:]
    yield content[:at] + random.randbytes(size) + content[at + size :]
    flipped = bytearray(content)
    for place in random.sample(range(len(content)), min(40, len(content))):
        flipped[place] = random.randrange(256)
    yield bytes(flipped)


def test_damaged_files_are_named_and_end_nothing(tmp_path: Path) -> None:
    random = Random(SEED)
    for name in WHOLE:
        for number, content in enumerate(spoiled((ROOT / "fixtures" / name).read_bytes(), random)):
            (tmp_path / f"{number}_{Path(name).name}").write_bytes(content)

    counts, told = corpus(tmp_path)

    assert counts["files"] == counts["read"] + counts["refused"] == 30
    assert (counts["crashed"], counts["timed_out"]) == (0, 0)
    assert counts["refused"] > 10
    assert counts["peak_mb"] < 200
    assert "0_w9_00.acroform.pdf: damaged: " in told


DEADLY_READER = """
import os

class Deadly:
    name = "deadly"
    options = frozenset({"by"})

    def read(self, path, sha256, wanted):
        if wanted.options["by"] == "abort":
            os.abort()
        while True:
            pass
"""


@pytest.mark.parametrize(("by", "outcome"), [("abort", "crashed"), ("spin", "timed_out")])
def test_a_file_that_ends_its_process_is_never_counted_as_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str, outcome: str
) -> None:
    offer_reader(tmp_path, "deadly", DEADLY_READER)
    monkeypatch.syspath_prepend(tmp_path)
    document = document_at(ROOT / "fixtures/documents/payees_1252.csv")

    with closing(Sandbox(Limits(processor=1))) as sandbox, pytest.raises(DocumentProblem) as problem:
        sandbox.read("deadly", document, Wanted(places={}, options={"by": by}))

    assert outcome_of(problem.value) == outcome


def test_each_reason_is_one_word_for_people(tmp_path: Path) -> None:
    documents = ROOT / "fixtures/documents"
    for name in (
        "locked_claim.pdf",
        "please_wait.pdf",
        "empty.pdf",
        "truncated.pdf",
    ):
        (tmp_path / name).write_bytes((documents / name).read_bytes())
    (tmp_path / "letter.rtf").write_bytes(b"{\\rtf1 }")
    with (tmp_path / "huge.pdf").open("wb") as huge:
        huge.truncate(51 << 20)

    counts, told = corpus(tmp_path)

    assert counts["refused"] == counts["files"] == 6
    words = dict(line.removeprefix(f"{tmp_path}/").split(": ")[:2] for line in told.splitlines() if ": " in line)
    assert words == {
        "locked_claim.pdf": "needs-password",
        "please_wait.pdf": "xfa-only",
        "empty.pdf": "empty",
        "letter.rtf": "not-a-list",
        "truncated.pdf": "damaged",
        "huge.pdf": "too-big",
    }
