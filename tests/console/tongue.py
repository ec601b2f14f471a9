"""The words of a page in its own language: whoever goes the ways of `states` reads the page, and knows English."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page

from rpa.console.language import language
from tests.console.test_words import plain


def said(page: Page, english: str) -> re.Pattern[str]:
    """Return what matches the whole of *english* as the page says it; also where a bot or a person has said it."""
    code = page.locator("html").get_attribute("lang") or "en"
    found = {english, *translated(english, code)}
    return re.compile(f"^({'|'.join(map(re.escape, sorted(found)))})$")


def translated(english: str, code: str) -> Iterator[str]:
    """Yield what the language says where the English texts say this, with the values that stand in it."""
    texts = dict(plain(language(code).words))
    for way, text in plain(language("en").words):
        pattern = capturing(text)
        if (match := re.fullmatch(pattern, english)) is not None:
            yield texts[way].format(**match.groupdict())


def capturing(text: str) -> str:
    """Return the pattern of what is said where values stand in *text*; one that stands there twice is the same."""
    seen: set[str] = set()

    def group(found: re.Match[str]) -> str:
        again = found[1] in seen
        seen.add(found[1])
        return f"(?P={found[1]})" if again else f"(?P<{found[1]}>.+)"

    return re.sub(r"\\\{(\w+)\\\}", group, re.escape(text))
