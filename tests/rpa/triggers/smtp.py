"""A real server that takes mail on this machine, and keeps what it was given."""

from asyncio import Server
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "demouser", "out-pass"  # of a server that lives for one test


@dataclass
class Outbox:
    """What was given, with the envelope that it came in. Addresses that begin with `refused` are not taken."""

    port: int = 0
    signed_in: int = 0
    given: list[Envelope] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take an address, or not."""
        if address.startswith("refused"):
            return "550 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # likewise
        """Take a mail."""
        self.given.append(envelope)
        return "250 OK"

    def knows(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, said: Any) -> AuthResult:
        """Tell whether this is the one who may send."""
        self.signed_in += 1
        assert isinstance(said, LoginPassword)
        return AuthResult(success=said == LoginPassword(USER.encode(), PASSWORD.encode()), handled=False)


class _Anywhere(Controller):
    """A server that takes the port that the system gives it."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # which has no types


@contextmanager
def outbox() -> Iterator[Outbox]:
    """Run the server while the block goes on."""
    box = Outbox()
    server = _Anywhere(box, "127.0.0.1", 0, authenticator=box.knows, auth_require_tls=False, ready_timeout=60)
    server.start()
    try:
        box.port = server.port
        yield box
    finally:
        server.stop()
