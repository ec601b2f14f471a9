"""A mailbox, of which each unseen mail is taken once: its files first, then the ledger, then the mark `seen`.

Whatever dies in between, the mail is unseen and is looked at again; the ledger knows it by its message-id and what
it brings. A mail of which nothing can be used is written down too, and flagged, so that a person finds it.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from ssl import SSLCertVerificationError, create_default_context
from typing import TYPE_CHECKING

from rpa.definitions.trigger import MailboxSource, Trigger
from rpa.documents.mail.internet import BROKEN, CUT_OFF
from rpa.documents.names import plain_name
from rpa.errors import ApplicationException, DocumentProblem, RpaError
from rpa.secrets.base import SecretStore
from rpa.triggers.answering import Answering
from rpa.triggers.arrivals import Arrivals, free_name
from rpa.triggers.receipt import Came, head
from rpa.triggers.signing_in import allowed

if TYPE_CHECKING:
    from imap_tools.mailbox import BaseMailBox
    from imap_tools.message import MailMessage

File = tuple[str, bytes]
"""Name and content."""

TIMEOUT = 60
"""Seconds that the mail server may take to answer."""

AT_ONCE = 50
"""Mails that are taken in one look."""


@dataclass(frozen=True)
class Mailbox:
    """Takes the mails of one mailbox."""

    source: MailboxSource
    arrivals: Arrivals
    secrets: SecretStore
    answering: Answering | None = None

    def look(self) -> None:
        """Take what is unseen, put away what was read, and send a receipt for what is new, if any are wished.

        Raises `ApplicationException` where the server can't be reached, and `SetupError` without its credential.
        """
        new: list[Came] = []
        try:
            with self.arrivals.lock, self._open() as mailbox:
                self.arrivals.recover()
                for mail in _unseen(mailbox):
                    new.extend(one for one in [self._take_once(mailbox, mail)] if one.new)
                self.arrivals.tidy()
        finally:
            # Nothing is held meanwhile; and a look that failed halfway has its receipts, since they come once.
            if self.answering is not None:
                self.answering.send(new)

    def _take_once(self, mailbox: "BaseMailBox", mail: "MailMessage") -> Came:
        """Take one mail and mark it as seen, and for a person where it brings nothing."""
        from imap_tools import MailMessageFlags

        came = self._take(mail)
        flags = [MailMessageFlags.SEEN]
        if came.reason is not None:
            flags.append(MailMessageFlags.FLAGGED)
        if mail.uid is not None:
            mailbox.flag(mail.uid, flags, value=True)
        return came

    def _take(self, mail: "MailMessage") -> Came:
        """Take one mail."""
        try:
            files = list(_files(mail, self.arrivals.trigger))
        except Exception:  # noqa: BLE001  # its parser has no end of errors; the mails behind this one must not wait
            return self._refuse(mail, "the mail is damaged or cut off; have it sent again")
        if not files:
            return self._refuse(mail, f"the mail brings no file that fits `{self.arrivals.trigger.files}`")
        key = _key([_message_id(mail), *(content for _, content in files)])
        new = self.arrivals.publish(key, lambda to: _write(files, to))
        return _came(mail, key, new=new, files=len(files))

    def _refuse(self, mail: "MailMessage", reason: str) -> Came:
        key = _key([b"refused", str(mail.uid).encode(), _message_id(mail)])
        return _came(mail, key, new=self.arrivals.refuse(key, reason), reason=reason)

    @contextmanager
    def _open(self) -> Iterator["BaseMailBox"]:
        from imaplib import IMAP4

        from imap_tools.errors import ImapToolsError

        place = f"{self.source.server}:{self.source.port}"
        credential = allowed(self.secrets, self.source.credential, "imap", self.source.server, self.source.port)
        try:
            mailbox = _connected(self.source)
            try:
                mailbox.login(credential.username, credential.password, self.source.folder)
            except BaseException:
                mailbox.client.shutdown()  # else each refusal would leave a connection open
                raise
            with mailbox:
                yield mailbox
        except RpaError:
            raise
        except SSLCertVerificationError as error:
            words = f"the mail server {place} is not known to be that one ({error.verify_message})"
            raise ApplicationException(words) from None
        except OSError as error:
            raise ApplicationException(f"the mail server {place} can't be reached: {error.strerror}") from None
        except (IMAP4.error, ImapToolsError) as error:
            # What a server answers may hold personal values, so only the kind is told.
            raise ApplicationException(f"the mail server {place} refused ({type(error).__name__})") from None


def _connected(source: MailboxSource) -> "BaseMailBox":
    """Return the connection; over a network only to a server whose certificate is right."""
    from imap_tools import MailBox, MailBoxStartTls, MailBoxUnencrypted

    if source.security == "none":
        return MailBoxUnencrypted(source.server, source.port, timeout=TIMEOUT)
    kind = MailBox if source.security == "tls" else MailBoxStartTls
    return kind(source.server, source.port, timeout=TIMEOUT, ssl_context=create_default_context())


def _came(mail: "MailMessage", key: str, *, new: bool, files: int = 0, reason: str | None = None) -> Came:
    return Came(number=key, mail=head(mail.obj), at=datetime.now(UTC), files=files, reason=reason, new=new)


def _unseen(mailbox: "BaseMailBox") -> Iterator["MailMessage"]:
    from imap_tools import AND

    return mailbox.fetch(AND(seen=False), mark_seen=False, limit=AT_ONCE)


def _files(mail: "MailMessage", trigger: Trigger) -> Iterator[File]:
    """Yield the files that are taken; raise `DocumentProblem`, or what the parser raises, where one is damaged."""
    if any(isinstance(defect, CUT_OFF) for part in mail.obj.walk() for defect in part.defects):
        raise DocumentProblem("damaged", "the mail is cut off")
    for one in mail.attachments:
        name = plain_name(one.filename, "file")
        if trigger.takes(name):
            yield name, one.payload
            if any(isinstance(defect, BROKEN) for defect in one.part.defects):
                raise DocumentProblem("damaged", "a file of the mail is damaged")


def _key(parts: Iterable[bytes]) -> str:
    """Return what is the same for one mail however often it is looked at, and tells nothing of its content."""
    digest = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts))
    return f"mail-{digest.hexdigest()[:24]}"


def _message_id(mail: "MailMessage") -> bytes:
    return str(mail.obj.get("Message-ID", "")).encode(errors="replace")


def _write(files: list[File], to: Path) -> None:
    for name, content in files:
        free_name(to, name).write_bytes(content)
