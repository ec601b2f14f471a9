"""A file as stretches of another one and what is new between them."""

from typing import NamedTuple


class Stretch(NamedTuple):
    """The bytes of another file from *start* up to *end*."""

    start: int
    end: int


Piece = Stretch | bytes
