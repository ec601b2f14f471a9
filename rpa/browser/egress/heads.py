"""The head of an HTTP/1.1 message (RFC 9112), as far as a proxy has to understand it."""

from asyncio import StreamReader
from dataclasses import dataclass

from rpa.words import whole_number

MOST = 256 * 1024
"""Bytes of the longest head; browsers take no longer one either."""

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing (RFC 9110, 9.2.1), so that asking twice does no harm."""

OF_ONE_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "te",
    "upgrade",
}
"""Fields that are not for whoever stands behind a proxy (RFC 9110, 7.6.1)."""


class BrokenMessage(Exception):
    """What came is no HTTP, or broke off."""


@dataclass(frozen=True)
class Head:
    """The first line, in its three parts, and the fields in their order."""

    line: tuple[str, str, str]
    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        """Return the values of every field *name* (in small letters)."""
        return [value for one, value in self.fields if one.lower() == name]

    def says(self, name: str, word: str) -> bool:
        """Tell whether the list in the field *name* has *word*."""
        return any(word == part.strip().lower() for value in self.all(name) for part in value.split(","))

    @property
    def chunked(self) -> bool:
        """Whether the body comes in chunks."""
        return self.says("transfer-encoding", "chunked")

    @property
    def length(self) -> int | None:
        """How many bytes the body has; None where nothing is said. Raises `BrokenMessage` for a number of two."""
        said = {part.strip() for value in self.all("content-length") for part in value.split(",")}
        if not said:
            return None
        if len(said) > 1 or (number := whole_number(said.pop())) is None:
            raise BrokenMessage
        return number

    def bytes(self, *first: str, add: tuple[tuple[str, str], ...] = ()) -> bytes:
        """Return the head for the next hop: with *first* as its first line and without the fields of this hop."""
        named = {part.strip().lower() for value in self.all("connection") for part in value.split(",")}
        left_out = OF_ONE_HOP | named
        kept = [(name, value) for name, value in self.fields if name.lower() not in left_out]
        lines = [" ".join(first), *(f"{name}: {value}" for name, value in (*kept, *add)), "", ""]
        return "\r\n".join(lines).encode("latin-1")


async def read_head(reader: StreamReader) -> Head | None:
    """Read a head; None where the connection ends before it; raise `BrokenMessage` where it ends within."""
    lines: list[str] = []
    while (line := await _line(reader)) not in ("\r\n", "\n"):
        if not line.endswith("\n"):
            if line or lines:
                raise BrokenMessage
            return None
        lines.append(line.rstrip("\r\n"))
        if sum(map(len, lines)) > MOST:
            raise BrokenMessage
    return _head(lines) if lines else await read_head(reader)


async def _line(reader: StreamReader) -> str:
    try:
        return (await reader.readline()).decode("latin-1")
    except ValueError:  # longer than the reader takes
        raise BrokenMessage from None


def _head(lines: list[str]) -> Head:
    first = (*lines[0].split(" ", 2), "", "")
    fields: list[tuple[str, str]] = []
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if line[0] in " \t" and fields:
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
        elif colon:
            fields.append((name.strip(), value.strip()))
        else:
            raise BrokenMessage
    return Head((first[0], first[1], first[2]), tuple(fields))
