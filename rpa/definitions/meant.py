"""The word that was probably meant."""

from collections.abc import Collection
from difflib import get_close_matches

SHOWN = 12
"""How many known words a message lists at most."""


def meant(word: str, known: Collection[str]) -> str | None:
    """Return the word of *known* that *word* resembles most, if any does; capital letters do not matter."""
    folded = {one.casefold(): one for one in known}
    close = get_close_matches(word.casefold(), folded, n=1)
    return folded[close[0]] if close else None


def hint(word: str, known: Collection[str]) -> str:
    """Return the end of a message about an unknown word: what was probably meant, else what is known."""
    close = meant(word, known)
    return f"; did you mean `{close}`?" if close else f"; known: {listed(known)}"


def listed(words: Collection[str]) -> str:
    """Return *words* for a message, cut short where there are many."""
    shown = ", ".join(f"`{word}`" for word in list(words)[:SHOWN])
    more = len(words) - SHOWN
    return f"{shown} and {more} more" if more > 0 else shown or "none"
