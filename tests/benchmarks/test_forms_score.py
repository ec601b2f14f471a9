"""Every filled form whose truth is known is read exactly; what is not read is never counted as read."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.forms import main
from fixtures.systems.common import ROOT

FORMS = ROOT / "fixtures/forms"


def score(folder: Path) -> tuple[dict[str, dict[str, int]], list[str]]:
    result = CliRunner().invoke(main, [str(folder)], catch_exceptions=False)
    *misses, last = result.stdout.splitlines()
    return json.loads(last), misses


def test_every_field_of_the_real_forms_is_read_exactly() -> None:
    counts, misses = score(FORMS)

    assert misses == []
    for kind in ("acroform", "flat"):
        assert counts[kind] == {"fields": 198, "exact": 198, "flagged": 0, "wrong_unflagged": 0}


@pytest.fixture
def one_form(tmp_path: Path) -> Path:
    shutil.copy(FORMS / "spoc/spoc_00.flat.pdf", tmp_path)
    shutil.copy(FORMS / "spoc/spoc_00.truth.json", tmp_path)
    shutil.copy(FORMS.parent / "documents/scan.pdf", tmp_path / "spoc_00.scan.pdf")
    return tmp_path


def test_a_value_that_differs_is_told_and_a_scan_is_flagged(one_form: Path) -> None:
    told = one_form / "spoc_00.truth.json"
    truth = json.loads(told.read_text("utf-8"))
    told.write_text(json.dumps({**truth, "cfda": "99.999"}), "utf-8")

    counts, misses = score(one_form)

    assert counts["flat"] == {"fields": 21, "exact": 20, "flagged": 0, "wrong_unflagged": 1}
    assert counts["scan"] == {"fields": 21, "exact": 0, "flagged": 21, "wrong_unflagged": 0}
    assert "spoc_00.flat.pdf cfda: wrong_unflagged: read '68.708' for '99.999' by form" in misses
    assert any(miss.startswith("spoc_00.scan.pdf cfda: flagged: ") for miss in misses)
