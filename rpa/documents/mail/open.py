"""An open mail, whichever program saved it."""

from pathlib import Path

from rpa.documents.mail.message import Message
from rpa.documents.preflight import kind_of_mail


def open_mail(path: Path) -> Message:
    """Return a mail as what its bytes say that it is; raise `DocumentProblem` where it is none."""
    if kind_of_mail(path) == "msg":
        from rpa.documents.mail import outlook

        return outlook.opened(path)
    from rpa.documents.mail import internet

    return internet.opened(path)
