"""The shapes in which our scripts answer.

A page may put scripts of its own in their place, so nothing is taken as it comes.
"""

from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rpa.browser.inpage import NO_ANSWER
from rpa.errors import ApplicationException


class _Reply(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True)


class BoxReply(_Reply):
    """What one box shows; nothing where it is in trouble."""

    same: bool = False
    text: str | None = None
    kind: str = ""


class BoxReplies(_Reply):
    """What `fill` and `look` answer."""

    shown: list[BoxReply]


class Replies(_Reply):
    """What `read` answers: for each box a `TextsReply`, or its trouble."""

    shown: list[object]


class TextsReply(_Reply):
    """What `read` answers for one box."""

    texts: list[str]


class SpotReply(_Reply):
    """A place: CSS pixels in the window, *up* frames above."""

    x: float
    y: float
    up: Annotated[int, Field(ge=0, le=100)]


class HeldReply(_Reply):
    """What `hold` and `suggestion` answer: where to press, if anywhere."""

    spot: SpotReply | None


class ShownReply(_Reply):
    """Whether a file is named."""

    shown: bool


class RowReply(_Reply):
    """One row of a table."""

    index: int
    texts: dict[str, str]


class RowsReply(_Reply):
    """What `rows` answers."""

    rows: list[RowReply] | None
    hidden: int


class SightReply(_Reply):
    """What `sight` answers."""

    document: str
    ready: bool
    leaving: bool
    status: int
    texts: list[str]
    refusal: str


_ReplyT = TypeVar("_ReplyT", bound=_Reply)


def understood(kind: type[_ReplyT], answer: object) -> _ReplyT:
    """Return *answer* if it has the shape *kind*; raise `ApplicationException`, without a word of it, if not."""
    try:
        return kind.model_validate(answer)
    except ValidationError:
        raise ApplicationException(NO_ANSWER) from None
