"""How printed words are compared: as a person would, who sees neither the number of spaces nor capital letters."""

import difflib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_QUOTES = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013", "''\"\"---")
_END = re.compile(r"[\s:*]+$")


def folded(text: str) -> str:
    """Return *text* for comparing: one case, single spaces, plain quotes, no colon or asterisk at the end."""
    plain = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return _END.sub("", " ".join(plain.split()).casefold())


@lru_cache(maxsize=8192)
def packed(text: str) -> str:
    """Return *text* for comparing where spaces can't be trusted: as `folded`, without any."""
    return folded(text).replace(" ", "")


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Return which of *known* was probably meant by *text*, if one was."""
    by_fold = {folded(one): one for one in known}
    close = difflib.get_close_matches(folded(text), by_fold, n=1, cutoff=0.7)
    return by_fold[close[0]] if close else None
