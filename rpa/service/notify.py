"""Telling systemd how the service is, by the protocol of sd_notify(3)."""

import os
import socket
from contextlib import suppress


def notify(state: str) -> None:
    """Say *state* to the service manager, if there is one that listens."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):
        address = "\0" + address[1:]
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.sendto(state.encode(), address)
