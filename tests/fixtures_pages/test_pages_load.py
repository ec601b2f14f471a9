import re

import pytest

from fixtures.pages.answers import PAGES
from fixtures.pages.watching import Watched

NAMES = sorted(file.name for file in PAGES.glob("*.html"))
NEEDS_AN_OUTER_PAGE = {"widgets_frame.html", "widgets_inner.html", "popup_picker_list.html"}


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDS_AN_OUTER_PAGE])
def test_page_loads_without_errors_and_asks_no_other_host(watched: Watched, name: str) -> None:
    watched.page.goto(f"/{name}", wait_until="load")
    assert watched.page.title()
    assert watched.faults == []


def test_readme_lists_every_page_and_no_page_that_is_gone() -> None:
    listed = set(re.findall(r"`(\w+\.html)`", (PAGES / "README.md").read_text()))
    assert listed == set(NAMES)


def test_vendored_libraries_carry_their_licences() -> None:
    folders = [folder for folder in (PAGES / "vendor").iterdir() if folder.is_dir()]
    assert [folder.name for folder in folders if not list(folder.glob("LICENSE*"))] == []
