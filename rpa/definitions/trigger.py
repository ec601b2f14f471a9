"""A trigger: what comes and starts a run of a bot, with the files that came."""

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from rpa.definitions.base import Definition
from rpa.definitions.bot import Duration
from rpa.definitions.schedule import Name

SOURCES = ("folder", "mailbox", "web", "queue")
"""The keys that say from where; a trigger has exactly one of them."""

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""An address of mail as HTML's fields take it: no comments, quotes or line ends, so it means the same to all."""


class FolderSource(Definition):
    """A folder in which files are put."""

    path: str
    """The folder, below the project's; a share is mounted there."""
    quiet: Duration = timedelta(seconds=3)
    """How long a file must not have changed before it is taken."""
    polling: bool = False
    """Whether to look again and again instead of being told by the system; for network shares."""


class ReceiptSender(Definition):
    """From where the sender of a mail is told that it came, by SMTP."""

    server: str
    """Name of the mail server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    """The port that it answers on."""
    security: Literal["tls", "starttls", "none"] = "starttls"
    """How the way there is protected; `none` is for this machine alone."""
    credential: str
    """Name in the secret store of who signs in."""
    from_: str = Field(alias="from")
    """The address that the receipt is from: that of the mailbox."""


class MailboxSource(Definition):
    """A mailbox, of which each unseen mail is taken once, by IMAP."""

    server: str
    """Name of the mail server."""
    port: Annotated[int, Field(ge=1, le=65535)] = 993
    """The port that it answers on."""
    security: Literal["tls", "starttls", "none"] = "tls"
    """How the way there is protected; `none` is for this machine alone."""
    credential: str
    """Name in the secret store of who signs in."""
    folder: str = "INBOX"
    """The mailbox's folder."""
    every: Duration = timedelta(minutes=1)
    """How often to look."""
    receipt: ReceiptSender | None = None
    """From where the sender of each mail is told once that it came."""


class WebSource(Definition):
    """An address at which files are uploaded, on this machine: `/triggers/NAME`."""

    credential: str
    """Name in the secret store; its password is the token that callers bring."""


class QueueSource(Definition):
    """The bot's own queue, once it has grown long: a run starts, and while one goes on, further workers."""

    waiting: Annotated[int, Field(ge=1)]
    """How many transactions that could be begun at once make a long queue."""
    workers: Annotated[int | None, Field(ge=2, le=64)] = None
    """How many workers enter in a system whose queue is long; else one. Without it: always all `sessions`."""
    every: Duration = timedelta(minutes=5)
    """How often to look."""


class Trigger(Definition):
    """What comes and starts a run of a bot."""

    trigger: Name
    """The trigger's name, in small letters, digits and hyphens."""
    about: str = ""
    """What it is for, in a sentence for staff."""
    bot: str
    """The bot that runs."""
    document: str = ""
    """The document of the bot that the files are read as; needed but for a `queue`."""
    files: str = "*"
    """Which files are taken, by their name: `*.pdf`. Capital letters do not matter."""
    folder: FolderSource | None = None
    """A folder in which files are put."""
    mailbox: MailboxSource | None = None
    """A mailbox to which files are sent."""
    web: WebSource | None = None
    """An address at which files are uploaded."""
    queue: QueueSource | None = None
    """The bot's own queue, which has grown long."""

    @property
    def home(self) -> str:
        """Where what comes is taken, below the project's folder."""
        return f"arrivals/{self.trigger}" if self.folder is None else self.folder.path

    def takes(self, name: str) -> bool:
        """Tell whether a file of this *name* is taken; one that begins with a dot never is."""
        from fnmatch import fnmatchcase

        return not name.startswith(".") and fnmatchcase(name.casefold(), self.files.casefold())
