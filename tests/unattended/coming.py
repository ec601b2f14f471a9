"""The three ways by which forms come: each sends its share, a few at a time, and some of them twice."""

import random
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from imap_tools import MailBoxUnencrypted

USER, PASSWORD, TOKEN = "demouser", "demopass", "upload-token"  # of servers that live for one run

TRIGGERS = {
    "by-folder": "folder: {path: inbox/scans, quiet: 1s}",
    "by-mail": "mailbox: {server: 127.0.0.1, port: %PORT%, security: none, credential: box, every: 2s}",
    "by-upload": "web: {credential: upload}",
}
SWEEP = (
    "schedule: sweep\nbot: claims-intake\nevery: 20s\ntimezone: America/Chicago\nfiles: {claim: 'nowhere/*.pdf'}\n"
)
"""What is left of a start that failed is done by the next run of the bot; an office has a schedule for that."""


def define(folder: Path, mail_port: int) -> dict[str, str]:
    """Write the triggers and the schedule; return the credentials as environment variables."""
    for name in ("triggers", "schedules", "inbox/scans"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, source in TRIGGERS.items():
        text = f"trigger: {name}\nbot: claims-intake\ndocument: claim\nfiles: '*.pdf'\n{source}\n"
        (folder / "triggers" / f"{name}.yaml").write_text(text.replace("%PORT%", str(mail_port)), "utf-8")
    (folder / "schedules" / "sweep.yaml").write_text(SWEEP, "utf-8")
    secrets = {"BOX": (USER, PASSWORD), "UPLOAD": ("", TOKEN)}
    return {
        f"RPA_CREDENTIAL_{name}_{part}": value or "-"
        for name, pair in secrets.items()
        for part, value in zip(("USERNAME", "PASSWORD"), pair, strict=True)
    }


@contextmanager
def mail_server() -> Iterator[int]:
    """Run an IMAP server until the block ends; give its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    with subprocess.Popen([*command, "dict", "--demo-data"], stderr=subprocess.DEVNULL) as server:
        while not _answers(port):
            time.sleep(0.1)
        try:
            yield port
        finally:
            server.terminate()


def _answers(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False


@dataclass(frozen=True)
class Senders:
    """Sends forms to a running service."""

    folder: Path
    mail_port: int
    dice: random.Random

    def by_folder(self, forms: Sequence[Path]) -> None:
        """Copy the forms into the folder, slowly, so that they could be taken half-written."""
        for form in forms:
            content = form.read_bytes()
            with (self.folder / "inbox" / "scans" / form.name).open("wb") as file:
                for begin in range(0, len(content), len(content) // 3 + 1):
                    file.write(content[begin : begin + len(content) // 3 + 1])
                    file.flush()
                    time.sleep(0.2)

    def by_mail(self, forms: Sequence[Path]) -> None:
        """Send one mail with the forms; now and then the same mail twice."""
        mail = EmailMessage()
        mail["Message-ID"] = f"<{'-'.join(form.stem for form in forms)}@example.org>"
        mail.set_content("The forms of today.")
        for form in forms:
            mail.add_attachment(form.read_bytes(), maintype="application", subtype="pdf", filename=form.name)
        with MailBoxUnencrypted("127.0.0.1", self.mail_port).login(USER, PASSWORD) as inbox:
            for _ in range(self.dice.choice((1, 2))):
                inbox.append(mail.as_bytes(), "INBOX")

    def by_upload(self, url: str, forms: Sequence[Path]) -> None:
        """Upload the forms, again and again until it is answered that they are taken, and then once more."""
        key, body = forms[0].stem, _multipart(forms)
        for _ in range(2):
            while not self._uploaded(url, key, body):
                time.sleep(0.5)

    def _uploaded(self, url: str, key: str, body: bytes) -> bool:
        said = {
            "Content-Type": "multipart/form-data; boundary=x",
            "Authorization": f"Bearer {TOKEN}",
            "Idempotency-Key": key,
        }
        try:
            request = Request(f"{url}/triggers/by-upload", body, said)  # noqa: S310  # this machine
            with urlopen(request, timeout=10) as answer:  # noqa: S310  # likewise
                return answer.status in {200, 202}
        except HTTPError as error:
            if error.code < 500:  # what is refused will be refused again
                raise
        except URLError:
            pass
        return False


def _multipart(forms: Sequence[Path]) -> bytes:
    parts = []
    for form in forms:
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{form.name}"\r\n\r\n'
        parts.append(head.encode() + form.read_bytes() + b"\r\n")
    return b"".join(parts) + b"--x--\r\n"


def shares(forms: Sequence[Path], dice: random.Random, size: int) -> list[list[Path]]:
    """Return the forms in mixed lots of *size*."""
    mixed = list(forms)
    dice.shuffle(mixed)
    return [mixed[begin : begin + size] for begin in range(0, len(mixed), size)]


def left_over(folder: Path) -> None:
    """Take away the forms that lie in the inbox of the laid out project: here they come by themselves."""
    shutil.rmtree(folder / "inbox" / "claims")
    (folder / "inbox" / "claims").mkdir()
