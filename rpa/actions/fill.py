"""`fill`, `choose`, `tick`: make the fields of the page say this.

One action for three words: what is done follows from the element on the screen, the word tells the reader.
"""

from collections.abc import Mapping

from rpa.actions.base import Stage


def do(stage: Stage, target: Mapping[str, str]) -> None:
    """Enter the values in one call into the page, and remember them for the read-back before the press."""
    stage.fill(stage.values(target))
