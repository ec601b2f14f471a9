"""What servers of the tests do alike with their connections."""

import socket
from contextlib import suppress


def hang_up(end: socket.socket) -> None:
    """Close a connection at once, whatever is on its way and whoever waits for it in another thread."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
