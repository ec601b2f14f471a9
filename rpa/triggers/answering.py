"""Sends receipts, each at most once: what can't be sent is written down and left, and nothing waits for it."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from smtplib import SMTP, SMTP_SSL, SMTPRecipientsRefused, SMTPResponseException
from ssl import create_default_context

from rpa.audit.entry import Event
from rpa.definitions.trigger import ReceiptSender
from rpa.errors import RpaError, unforeseen
from rpa.secrets.base import SecretStore
from rpa.store.store import Store
from rpa.triggers.receipt import Came, receipt, return_path, unanswerable
from rpa.triggers.signing_in import allowed

TIMEOUT = 20
"""Seconds that the mail server may take to answer."""

HOUR = 3600.0
MOST = 20
"""Receipts that one address is sent within an hour: two that answer each other end there."""

TOO_MANY = f"its sender has had {MOST} receipts within an hour"


@dataclass
class Answering:
    """Sends the receipts of one trigger. What it remembers of addresses is in memory alone, for an hour."""

    trigger: str
    sender: ReceiptSender
    secrets: SecretStore
    store: Store
    _sent: dict[str, list[float]] = field(default_factory=dict)

    def send(self, all_came: Sequence[Came]) -> None:
        """Send a receipt for each mail that may have one; write down what became of each."""
        waiting = [came for came in all_came if not self._left_out(came)]
        reason = ""
        try:
            if waiting:
                self._deliver_all(waiting)
        except RpaError as error:
            reason = str(error)
        except OSError as error:
            # What a server answers may hold personal values, so only the kind is told.
            reason = f"the mail server can't be reached, or refused ({type(error).__name__})"
        except Exception as error:  # noqa: BLE001  # a receipt must not keep a mail from being taken
            reason = unforeseen(error)
        for came in waiting:
            self._write(came, reason)

    def _deliver_all(self, waiting: list[Came]) -> None:
        """Send each; what is left in the list, where this raises, was not sent."""
        with self._open() as server:
            while waiting:
                self._deliver(server, waiting[0])
                del waiting[0]

    def _left_out(self, came: Came) -> bool:
        """Write down why this mail gets no receipt; tell whether that is so."""
        reason = unanswerable(came.mail, self.sender.from_) or self._too_many(return_path(came.mail) or "")
        if reason is not None:
            self._write(came, reason)
        return reason is not None

    def _too_many(self, to: str) -> str | None:
        """Count one more receipt for this address, unless it has had its share."""
        now = time.monotonic()
        kept = {name: [at for at in times if now - at < HOUR] for name, times in self._sent.items()}
        self._sent = {name: times for name, times in kept.items() if times}
        times = self._sent.setdefault(to.casefold(), [])
        if len(times) >= MOST:
            return TOO_MANY
        times.append(now)
        return None

    def _deliver(self, server: SMTP, came: Came) -> None:
        to = return_path(came.mail) or ""
        reason = None
        try:
            # With no return path of its own (RFC 3834, 3.3) nothing answers it, no bounce either.
            server.send_message(receipt(came, self.sender.from_, to), from_addr="", to_addrs=[to])
        except (SMTPRecipientsRefused, SMTPResponseException) as error:
            reason = f"the mail server refused it ({type(error).__name__})"
        self._write(came, reason)

    def _write(self, came: Came, reason: str | None) -> None:
        event = Event.MAIL_ANSWERED if reason is None else Event.MAIL_UNANSWERED
        self.store.log.append(event, reason=reason, data={"name": self.trigger, "nominal": came.number})

    @contextmanager
    def _open(self) -> Iterator[SMTP]:
        to = self.sender
        credential = allowed(self.secrets, to.credential, "smtp", to.server, to.port)
        with _connected(to) as server:
            server.login(credential.username, credential.password)
            yield server


def _connected(to: ReceiptSender) -> SMTP:
    """Return the connection; over a network only to a server whose certificate is right."""
    context = create_default_context()
    if to.security == "tls":
        return SMTP_SSL(to.server, to.port, timeout=TIMEOUT, context=context)
    server = SMTP(to.server, to.port, timeout=TIMEOUT)
    if to.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server
