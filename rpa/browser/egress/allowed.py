"""Where the pages of a system may go: what its map declares, at the addresses that its names had at first."""

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from rpa.browser.egress.address import Address
from rpa.definitions.system import System

Resolver = Callable[[Address], list[str]]


class Denied(Exception):
    """This address is not the system's."""


class Allowed:
    """The addresses that *system* declares.

    A name is resolved once: what it means later does not count, so that no name server can lead a page elsewhere
    in the middle of a session ("DNS rebinding"). A name that means a machine inside (private, loopback,
    link-local) is refused, unless it is the system's own or its declaration says `private`.
    """

    def __init__(self, system: System, resolve: Resolver) -> None:
        own = Address.of(system.url)
        self._private = {Address.of(host.url): host.private for host in system.hosts} | {own: True}
        self._resolve = resolve
        self._pinned: dict[Address, list[str]] = {}

    async def numbers(self, address: Address) -> list[str]:
        """Return the IP addresses to connect to; raise `Denied`, or OSError for a name that nobody knows."""
        if address not in self._private:
            raise Denied
        if address not in self._pinned:
            found = await asyncio.get_running_loop().run_in_executor(None, self._resolve, address)
            self._pinned.setdefault(address, found)
        numbers = [one for one in self._pinned[address] if self._may(address, one)]
        if not numbers:
            raise Denied
        return numbers

    def of_tunnel(self, host: str, port: int) -> Address:
        """Return the address that a tunnel to *host* leads to; only WebSockets need one to plain HTTP."""
        plain = Address("http", host, port)
        return plain if plain in self._private else Address("https", host, port)

    def _may(self, address: Address, number: str) -> bool:
        return self._private[address] or number == address.host or _outside(number)


def resolve(address: Address) -> list[str]:
    """Ask the machine's resolver; raise OSError where it does not know the name."""
    found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


def _outside(number: str) -> bool:
    found = ip_address(number.partition("%")[0])
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast
