"""Copies the body of an HTTP/1.1 message as it is, to its end (RFC 9112, 6 and 7)."""

from asyncio import StreamReader
from collections.abc import AsyncIterator

from rpa.browser.egress.heads import BrokenMessage, Head

BLOCK = 64 * 1024
"""Bytes read at once."""


async def pieces(head: Head, reader: StreamReader, *, to_the_end: bool) -> AsyncIterator[bytes]:
    """Yield the bytes of the body that follows *head*.

    Where nothing tells its length it goes on *to_the_end* of the connection, or there is none. Raises
    `BrokenMessage` where it breaks off.
    """
    if head.chunked:
        async for piece in _chunks(reader):
            yield piece
    elif head.length is not None:
        async for piece in _counted(reader, head.length):
            yield piece
    elif to_the_end:
        while piece := await reader.read(BLOCK):
            yield piece


async def _counted(reader: StreamReader, left: int) -> AsyncIterator[bytes]:
    while left:
        piece = await reader.read(min(left, BLOCK))
        if not piece:
            raise BrokenMessage
        left -= len(piece)
        yield piece


async def _chunks(reader: StreamReader) -> AsyncIterator[bytes]:
    size = -1
    while size:
        line = await _line(reader)
        yield line
        size = _size(line)
        if size:
            async for piece in _counted(reader, size):
                yield piece
            yield await _line(reader)
    while line.strip():  # trailers, up to an empty line
        line = await _line(reader)
        yield line


async def _line(reader: StreamReader) -> bytes:
    try:
        line = await reader.readline()
    except ValueError:
        raise BrokenMessage from None
    if not line.endswith(b"\n"):
        raise BrokenMessage
    return line


def _size(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError:
        raise BrokenMessage from None
