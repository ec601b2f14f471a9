"""How hard a text is to read: the school grade of English, and the ease of Spanish on the scale INFLESZ."""

import re
from collections.abc import Callable

WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
SENTENCE_END = re.compile(r"[.!?](?=\s|$)")
SILENT = re.compile(r"(?<![^aeiouy]l)(?:e|(?<![scxzgh])es|(?<![td])ed)$")
VALUE = re.compile(r"\{\w*\}")


def grade(text: str) -> float:
    """Return the grade of a school in the United States that reads it (Flesch and Kincaid, 1975)."""
    words, sentences, syllables = counted(text, english_syllables)
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def ease(text: str) -> float:
    """Return how easy Spanish is (Szigriszt-Pazos, 1993): by INFLESZ 55 to 65 is normal, and more is easier."""
    words, sentences, syllables = counted(text, spanish_syllables)
    return 206.835 - 62.3 * syllables / words - words / sentences


def counted(text: str, syllables: Callable[[str], int]) -> tuple[int, int, int]:
    """Return the numbers of words, sentences and syllables; a value that the page puts in is a short word."""
    plain = VALUE.sub("it", text)
    words = WORD.findall(plain.lower())
    return len(words), max(1, len(SENTENCE_END.findall(plain))), sum(map(syllables, words))


def english_syllables(word: str) -> int:
    """Return about how many syllables an English word has: groups of vowels, without a silent e at the end."""
    sounded = SILENT.sub("", word.partition("'")[0])
    return max(1, len(re.findall(r"[aeiouy]+", sounded)))


def spanish_syllables(word: str) -> int:
    """Return how many syllables a Spanish word has: strong vowels part, weak ones join them, an accent parts."""
    sounded = re.sub(r"([qg])u(?=[eéií])", r"\1", word).replace("y", "i")
    return max(1, len(re.findall(r"[iuü]?[aeoáéó][iuü]?|[íú]|[iuü]+", sounded)))
