"""What the page says its boxes show, and whether that is what was meant."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from rpa import pattern
from rpa.browser.boxes import Box, Values
from rpa.browser.inpage import NO_ANSWER
from rpa.browser.problems import problem
from rpa.browser.replies import BoxReplies, understood
from rpa.definitions.system import ScreenField
from rpa.errors import ApplicationException

TYPED = ("text", "rich", "widget")
"""Kinds of control that real keys can enter; the others are entered again the way they were."""


@dataclass(frozen=True)
class Answer:
    """What one box shows: exactly what was meant (*same*), or the text, None for a secret or a box not found."""

    box: Box
    same: bool
    text: str | None
    kind: str

    def by_keys(self) -> Box:
        """Return the box, to be entered again by real keys if it takes them."""
        return replace(self.box, by_keys=self.box.by_keys or self.kind in TYPED)


def answers_of(boxes: Sequence[Box], answer: object) -> list[Answer]:
    """Return the page's answers for *boxes*; a box that is in trouble shows nothing."""
    shown = understood(BoxReplies, answer).shown
    if len(shown) != len(boxes):
        raise ApplicationException(NO_ANSWER)
    return [Answer(box, one.same, one.text, one.kind) for box, one in zip(boxes, shown, strict=True)]


def differing(values: Values, answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers of the boxes that show something else than what their field means."""
    wrong = {
        name for name in values if not _agrees(values, name, [one for one in answers if one.box.name == name])
    }
    return [one for one in answers if one.box.name in wrong and not one.same]


def names_of(answers: Sequence[Answer]) -> list[str]:
    """Return the names of the answers' fields, each once."""
    return list(dict.fromkeys(one.box.name for one in answers))


def _agrees(values: Values, name: str, answers: Sequence[Answer]) -> bool:
    target, value = values[name]
    if all(one.same for one in answers):
        return True
    texts = [one.text for one in answers if one.text is not None]
    if value.secret or len(texts) < len(answers):
        return False
    text = cut(target, " ".join(texts))
    return text is not None and value.agrees(text)


def cut(target: ScreenField, text: str) -> str | None:
    """Return what the field's pattern cuts out of *text*, None where it does not fit."""
    if target.pattern is None:
        return text
    return pattern.cut(target.pattern, text)


def one_text(box: Box, target: ScreenField, texts: Sequence[str]) -> str:
    """Return the one value among the texts of a box; raises `NotOnScreen` where there is none or several."""
    cuts = {found for text in texts if (found := cut(target, text)) is not None}
    if len(cuts) > 1:
        raise problem(box.name, "several", {"count": len(texts)}, box.target)
    if not cuts:
        raise problem(box.name, "no-text", {}, box.target)
    return cuts.pop()
