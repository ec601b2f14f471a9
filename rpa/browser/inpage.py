"""Calls into a page: the scripts of `inpage/`, put into each document once, then called by name.

A document gets all of them in one piece, behind a symbol that no page script comes across; a call is then a few
bytes. Values go in as one JSON text and come out as one, since Playwright's own translation of nested objects
costs more than the work (measured: 6 ms against 1 ms for 25 fields).
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from playwright.sync_api import ElementHandle, Error, Frame

from rpa.browser.wording import reason
from rpa.errors import ApplicationException

_FOLDER = Path(__file__).with_suffix("")
_FILES = (
    *("text", "trouble", "page", "hit", "controls", "grid", "labels", "find", "press", "complete", "values"),
    *("charset", "settle", "enter", "fill", "hold", "attach", "point", "rows", "contains", "read"),
    *("recognise", "sight"),
)
_CALLS = (
    *("fill", "look", "hold", "suggestion", "release", "seekFile", "fileElement", "attached"),
    *("point", "rows", "read", "recognises", "sight"),
)
_SEVERAL = (
    "several: async (text) => { const told = []; "
    "for (const [name, job] of JSON.parse(text)) told.push(await kit[name](JSON.stringify(job))); "
    "return json(told); }"
)
_KIT = "globalThis[Symbol.for('keyonce.form')]"
"""Where the scripts stand in a document. A symbol: no page script loops over it by accident."""
_ABSENT = "keyonce: no kit"
_COMMENT = re.compile(r"^\s*//[^\n]*\n|/\*\*.*?\*/ ?|^\s+", re.MULTILINE | re.DOTALL)
NO_ANSWER = "the page gave an answer that is none"
_GONE = ("context was destroyed", "Cannot find context", "navigated or closed", "because of a navigation")

_T = TypeVar("_T")


class PageWentAway(ApplicationException):
    """Another page came while this one was being used."""


def call(frame: Frame, name: str, job: Mapping[str, object] | Sequence[object]) -> Any:
    """Call the script *name* with *job* and return what it answers.

    Raises `PageWentAway` where another document takes the place of this one, and `ApplicationException` where the
    browser fails; neither repeats a word of the browser's, which may hold what was typed.
    """
    text = json.dumps(job)
    answer = _on(frame, name, lambda script: frame.evaluate(script, text))
    return _parsed(answer) if isinstance(answer, str) else answer


def several(frame: Frame, *calls: tuple[str, Mapping[str, object]]) -> list[Any]:
    """Call several scripts in one go, of one document; return what each answers. Raises as `call` does."""
    answers = call(frame, "several", calls)
    if not isinstance(answers, list) or len(answers) != len(calls):
        raise ApplicationException(NO_ANSWER)
    return [_parsed(one) if isinstance(one, str) else one for one in answers]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ApplicationException(NO_ANSWER) from None


def element(frame: Frame, name: str) -> ElementHandle | None:
    """Call the script *name* and return the element that it answers with."""
    return _on(frame, name, lambda script: frame.evaluate_handle(script, "null")).as_element()


def _on(frame: Frame, name: str, evaluate: Callable[[str], _T]) -> _T:
    with page_errors():
        if _ready(frame):
            try:
                return evaluate(_call(name))
            except Error as error:
                _forget(frame)
                if _ABSENT not in error.message:
                    raise
        answer = evaluate(_install(name))
        _installed[frame] = True
        return answer


_installed: WeakKeyDictionary[Frame, bool] = WeakKeyDictionary()
"""Frames whose document is thought to hold the scripts. A wrong guess costs one more call."""


def _ready(frame: Frame) -> bool:
    if frame not in _installed:
        frame.page.on("framenavigated", _forget)
        _installed[frame] = False
    return _installed[frame]


def _forget(frame: Frame) -> None:
    if frame in _installed:
        _installed[frame] = False


def _call(name: str) -> str:
    return f"job => {{ const kit = {_KIT}; if (!kit) throw new Error('{_ABSENT}'); return kit.{name}(job); }}"


@cache
def _install(name: str) -> str:
    return f"job => {{\n{_source()}\nreturn {_KIT}.{name}(job);\n}}"


@cache
def _source() -> str:
    """Return all scripts as one, without comments and indents."""
    body = "\n".join((_FOLDER / f"{file}.js").read_text("utf-8") for file in _FILES)
    calls = ", ".join(f"{name}: (text) => {{ forget(); return {name}(JSON.parse(text)); }}" for name in _CALLS)
    whole = f"{_COMMENT.sub('', body)}\nconst kit = {{ {calls}, {_SEVERAL} }};\nreturn kit;"
    return (
        f"Object.defineProperty(globalThis, Symbol.for('keyonce.form'), "
        f"{{ configurable: true, value: (() => {{\n'use strict';\n{whole}\n}})() }});"
    )


@cache
def script(name: str) -> str:
    """Return the script *name* by itself, for an element of a document that does not need the others."""
    return (_FOLDER / f"{name}.js").read_text("utf-8")


@contextmanager
def page_errors() -> Iterator[None]:
    """Turn the browser's errors into ours, without the browser's words."""
    try:
        yield
    except Error as error:
        if any(sign in error.message for sign in _GONE):
            raise PageWentAway from None
        raise ApplicationException(f"the page could not be used: {reason(error)}") from None
