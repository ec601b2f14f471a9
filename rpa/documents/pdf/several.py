"""Several filled copies of one form in one file: only the first would be read, so the file is refused."""

from collections.abc import Collection
from pathlib import Path

from rpa.documents.likeness import packed
from rpa.documents.pdf.page import Page
from rpa.documents.pdf.paper import Paper
from rpa.errors import DocumentProblem

LIKE = 0.7
"""A page is a copy of one of the empty form if it has this share of its words; text recognition misses some."""

TELLING = 5
"""Letters of a word that tells one page from another; shorter ones are on every page."""


def refuse_several(copy: Paper, empty: Paper, pages: Collection[int]) -> None:
    """Raise `DocumentProblem` where another page of *copy* than belongs there is one of the *pages* of *empty*."""
    for number in copy.numbers:
        for one in sorted(pages):
            if number != one and one in empty.numbers and _belongs_to(copy.page(number), one, empty):
                words = f"it holds several copies of the form (page {number} is page {one} again)"
                raise DocumentProblem("unexpected", f"{words}: save each as its own file")


def refuse_longer(copy: Paper, blank: Path, pages: Collection[int]) -> None:
    """Raise as `refuse_several` does, for a *copy* with form fields; one no longer than *blank* holds one form."""
    with Paper.open(blank, None) as empty:
        if len(copy.numbers) > len(empty.numbers):
            refuse_several(copy, empty, pages)


def _belongs_to(page: Page, one: int, empty: Paper) -> bool:
    own = page.number in empty.numbers and _like(page, empty.page(page.number))
    return not own and _like(page, empty.page(one))


def _like(page: Page, printed: Page) -> bool:
    telling = {letters for word in printed.words if len(letters := packed(word.text)) >= TELLING}
    return sum(one in page.letters for one in telling) >= LIKE * max(len(telling), 1)
