"""Values taken out of words: compared as people do, who don't mind case, accents, hyphens and spaces."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

SHORT = 2
"""A text of one or two letters or digits, such as a sex or a state, is not looked for: it is in every sentence."""


class _Span(NamedTuple):
    start: int
    end: int
    name: str


def hidden(words: str, texts: Mapping[str, Iterable[str]]) -> str:
    """Return *words* with each of the *texts* replaced by the name that it stands under, in brackets.

    A text is found where the same letters and digits stand, whatever is between them, from the beginning of a word
    (or number) to the end of one: `536904399` is 536-90-4399, but `failed` holds no F.
    """
    words = unicodedata.normalize("NFC", words)
    run = [(letter, at) for at, mark in enumerate(words) for letter in _bare(mark)]
    wanted = {(bare, name) for name, some in texts.items() for bare in map(_bare, some) if len(bare) > SHORT}
    spans = [_Span(*edges, name) for bare, name in wanted for edges in _places(words, run, bare)]
    for span in reversed(_merged(words, spans)):
        words = f"{words[: span.start]}[{span.name}]{words[span.end :]}"
    return words


def _bare(text: str) -> str:
    """Return the letters and digits of *text* alone, without case and accents."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(mark for mark in plain if mark.isalnum())


def _places(words: str, run: list[tuple[str, int]], wanted: str) -> Iterator[tuple[int, int]]:
    """Yield where *wanted* begins and ends in *words*; *run* are their letters, each with where it stands."""
    text = "".join(letter for letter, _ in run)
    found = text.find(wanted)
    while found >= 0:
        start, end = run[found][1], run[found + len(wanted) - 1][1] + 1
        if _is_edge(words, start) and _is_edge(words, end):
            yield start, end
        found = text.find(wanted, found + 1)


def _is_edge(words: str, at: int) -> bool:
    """Tell whether a word or a number begins or ends at *at*."""
    return at in {0, len(words)} or _sort(words[at - 1]) != _sort(words[at])


def _sort(mark: str) -> str:
    return "letter" if mark.isalpha() else "digit" if mark.isdigit() else "other"


def _merged(words: str, spans: Iterable[_Span]) -> list[_Span]:
    """Return the spans in order, with those made one that overlap, or that follow one another in one field."""
    merged: list[_Span] = []
    for span in sorted(spans, key=lambda one: (one.start, -one.end, one.name)):
        if merged and _go_together(words, merged[-1], span):
            merged[-1] = merged[-1]._replace(end=max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _go_together(words: str, one: _Span, other: _Span) -> bool:
    between = words[one.end : other.start]
    return other.start < one.end or (one.name == other.name and not any(map(str.isalnum, between)))
