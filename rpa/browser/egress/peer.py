"""Who connects to us: only programs of our own account may use a session's way out."""

import os
import socket
import struct

End = tuple[str, int]
"""An end of a connection: IPv4 address and port."""

SOCK_DIAG, SOCK_DIAG_BY_FAMILY, REQUEST = 4, 20, 1
"""Linux: the netlink protocol that tells about one connection (man 7 sock_diag), its question, and its flag."""

ANY_STATE, ANY_COOKIE = 0xFFFFFFFF, b"\xff" * 8
HEADER = struct.Struct("=IHHII")
UID = struct.Struct("=I")
UID_AT = HEADER.size + 4 + 48 + 12
"""Where the account stands in the answer: after its states, its ends, and three counters."""


def ours(here: End, there: End) -> bool:
    """Tell whether the connection from *there* to *here*, both on this machine, is of a program of our account."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, SOCK_DIAG) as kernel:
        kernel.send(_question(there, here))
        answer = kernel.recv(4096)
    if HEADER.unpack_from(answer)[1] != SOCK_DIAG_BY_FAMILY:
        return False  # the kernel knows no such connection: it has ended
    return bool(UID.unpack_from(answer, UID_AT)[0] == os.geteuid())


def _question(source: End, target: End) -> bytes:
    ends = struct.pack("!HH", source[1], target[1]) + _padded(source) + _padded(target)
    asked = struct.pack("=BBBBI", socket.AF_INET, socket.IPPROTO_TCP, 0, 0, ANY_STATE)
    body = asked + ends + bytes(4) + ANY_COOKIE
    return HEADER.pack(HEADER.size + len(body), SOCK_DIAG_BY_FAMILY, REQUEST, 0, 0) + body


def _padded(end: End) -> bytes:
    return socket.inet_aton(end[0]) + bytes(12)
