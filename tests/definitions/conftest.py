"""What the tests of the language share."""

from pathlib import Path

import pytest

from rpa.definitions.vocabulary import Vocabulary
from rpa.project import Project

GOOD = Path(__file__).parent / "good"


@pytest.fixture(scope="session")
def vocabulary() -> Vocabulary:
    """Return the words of the good example: ours, and its own Python action."""
    return Project(GOOD).vocabulary
