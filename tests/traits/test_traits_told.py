"""Every trait that there is a fixture page for is driven by a test, and every test file is named in the limits."""

import re
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
LIMITS = (ROOT / "docs/limits.md").read_text("utf-8")
FIXTURES = (ROOT / "fixtures/pages/README.md").read_text("utf-8")


def test_every_page_with_a_trait_is_driven_by_a_test() -> None:
    rows = FIXTURES.partition("## One trait, one page")[2].partition("\n## ")[0]
    pages = re.findall(r"^\| [^|]+ \| `([a-z0-9_]+\.html)`", rows, re.MULTILINE)
    tests = "".join(path.read_text("utf-8") for path in HERE.glob("*.py"))

    assert len(pages) > 25
    assert [page for page in pages if f"{page}" not in tests] == []


def test_every_file_of_tests_is_named_and_every_name_is_a_file() -> None:
    section = LIMITS.partition("## Web traits")[2].partition("\n## ")[0]
    named = set(re.findall(r"\]\(\.\./(tests/[a-z_/]+\.py)\)", section))
    own = {str(path.relative_to(ROOT)) for path in HERE.glob("test_traits_*.py")} - {
        f"tests/traits/{Path(__file__).name}"
    }

    assert own <= named
    assert [name for name in named if not (ROOT / name).is_file()] == []
