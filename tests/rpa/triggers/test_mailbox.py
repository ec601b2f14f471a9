"""A mailbox, with a real server: no mail is lost and none is taken twice, whatever dies between the steps."""

import socket
import ssl
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from imap_tools import MailBoxUnencrypted
from imap_tools.mailbox import BaseMailBox

from rpa.definitions.trigger import ReceiptSender, Trigger
from rpa.errors import ApplicationException, SetupError
from rpa.occurrence import State
from rpa.secrets.base import Credential
from rpa.store.store import Store
from rpa.triggers.answering import Answering
from rpa.triggers.mailbox import Mailbox
from tests.rpa.triggers.coming import arrivals, run_all
from tests.rpa.triggers.smtp import PASSWORD as OUT_PASSWORD
from tests.rpa.triggers.smtp import outbox
from tests.waiting import wait_for

USER, PASSWORD = "demouser", "demopass"  # of a server that lives for this test alone


class Known:
    """A store of the one credential."""

    def __init__(self, password: str = PASSWORD, origins: tuple[str, ...] = ()) -> None:
        self.password, self.origins = password, origins

    def get(self, name: str) -> Credential:
        """Return it."""
        return Credential(name, USER, self.password, self.origins)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Run an IMAP server; its mailbox begins with some mails that bring nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    command = [str(Path(sys.executable).parent / "pymap"), "--host", "127.0.0.1", "--port", str(port), "--no-tls"]
    with subprocess.Popen([*command, "dict", "--demo-data"], stderr=subprocess.DEVNULL) as server:
        wait_for(lambda: _answers(port))
        yield port
        server.terminate()


def _answers(port: int) -> bool:
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", port)).close()
        return True
    return False


@pytest.fixture
def inbox(port: int) -> Iterator[BaseMailBox]:
    """Return the mailbox, emptied."""
    with MailBoxUnencrypted("127.0.0.1", port).login(USER, PASSWORD) as opened:
        opened.delete([uid for uid in opened.uids() if uid])
        yield opened


def mailbox(
    folder: Path,
    store: Store,
    port: int,
    password: str = PASSWORD,
    origins: tuple[str, ...] = (),
    **said: str,
) -> Mailbox:
    source = {"server": "127.0.0.1", "port": port, "security": "none", "credential": "box", **said}
    trigger = Trigger.model_validate(
        {"trigger": "mails", "bot": "visits", "document": "visits", "files": "*.csv", "mailbox": source}
    )
    assert trigger.mailbox is not None
    return Mailbox(trigger.mailbox, arrivals(folder, store, trigger, "arrivals/mails"), Known(password, origins))


def send(inbox: BaseMailBox, identity: str, *names: str, text: str = "Number\n1\n") -> None:
    mail = EmailMessage()
    mail["Message-ID"], mail["Subject"], mail["From"] = identity, "Visits of Jane Doe", "jane@example.com"
    mail["Return-Path"] = "<jane@example.com>"
    mail.set_content("Here they are.")
    for name in names:
        mail.add_attachment(text.encode(), maintype="text", subtype="csv", filename=name)
    inbox.append(mail.as_bytes(), "INBOX")


def marks(inbox: BaseMailBox) -> list[set[str]]:
    return [set(mail.flags) & {"\\Seen", "\\Flagged"} for mail in inbox.fetch(mark_seen=False)]


def test_each_mail_is_taken_once_with_all_its_files_and_marked(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<1@example.com>", "a.csv", "a.csv", "../../b.CSV", "logo.png")
    send(inbox, "<2@example.com>", "a.csv")

    for _ in range(2):
        mailbox(tmp_path, store, port).look()

    found = store.occurrences.newest()
    taken = sorted(sorted(path.name for path in tmp_path.glob(one.files["visits"])) for one in found)
    assert taken == [["a-2.csv", "a.csv", "b.CSV"], ["a.csv"]]
    assert {one.state for one in found} == {State.WAITING}
    assert marks(inbox) == [{"\\Seen"}, {"\\Seen"}]
    assert "Jane" not in str(list(store.log.read()))


def test_a_mail_that_was_taken_but_not_marked_is_not_taken_again(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<1@example.com>", "a.csv")
    mailbox(tmp_path, store, port).look()
    inbox.flag([uid for uid in inbox.uids() if uid], "\\Seen", value=False)  # its process died before

    mailbox(tmp_path, store, port).look()
    run_all(store, tmp_path / ".rpa", "read")
    inbox.flag([uid for uid in inbox.uids() if uid], "\\Seen", value=False)  # or long after
    mailbox(tmp_path, store, port).look()

    (one,) = store.occurrences.newest()
    assert one.state is State.DONE
    assert marks(inbox) == [{"\\Seen"}]
    assert list((tmp_path / "arrivals/mails/taken").iterdir()) == [], "the ledger has its copy"


def test_files_that_a_dead_process_had_half_written_are_written_anew(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    half = tmp_path / "arrivals/mails/taken" / f".mail-{'1' * 24}"
    half.mkdir(parents=True)
    (half / "a.csv").write_text("Num", "utf-8")
    send(inbox, "<1@example.com>", "a.csv")

    mailbox(tmp_path, store, port).look()

    assert [path.read_text("utf-8") for path in tmp_path.glob("arrivals/mails/taken/*/*")] == ["Number\n1\n"]


def test_one_message_id_with_other_files_is_another_mail(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<1@example.com>", "a.csv")
    send(inbox, "<1@example.com>", "a.csv")
    send(inbox, "<1@example.com>", "a.csv", text="Number\n2\n")

    mailbox(tmp_path, store, port).look()

    assert len(store.occurrences.newest()) == 2


def test_a_mail_that_brings_nothing_is_told_and_flagged_for_a_person(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<1@example.com>", "logo.png")

    mailbox(tmp_path, store, port).look()

    (one,) = store.occurrences.newest()
    assert (one.state, one.reason) == (State.FAILED, "the mail brings no file that fits `*.csv`")
    assert marks(inbox) == [{"\\Seen", "\\Flagged"}]


def test_a_mail_that_is_damaged_is_flagged_and_the_next_ones_are_taken(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<whole@example.com>", "a.csv")
    (whole,) = (mail.obj.as_bytes() for mail in inbox.fetch(mark_seen=False))
    inbox.delete([uid for uid in inbox.uids() if uid])
    for damaged in (
        whole.replace(b'"a.csv"', b'"=?utf-8?b?a?="'),  # a name of broken letters
        whole[: whole.rindex(b"--==")],  # its end is missing
        whole.replace(b"TnVtYmVyCjEK", b"TnVtYmVyCjE"),  # so is that of its file
    ):
        assert damaged != whole
        inbox.append(damaged, "INBOX")
    send(inbox, "<long@example.com>", "ü" * 300 + ".csv")

    mailbox(tmp_path, store, port).look()

    reasons = Counter(one.reason for one in store.occurrences.newest())
    assert reasons == {"the mail is damaged or cut off; have it sent again": 3, None: 1}
    assert [mark == {"\\Seen", "\\Flagged"} for mark in marks(inbox)] == [True, True, True, False]
    (taken,) = tmp_path.glob("arrivals/mails/taken/*/*")
    assert taken.name == "ü" * 98 + ".csv"


def test_each_mail_gets_one_receipt_however_often_it_is_looked_at(
    tmp_path: Path, store: Store, port: int, inbox: BaseMailBox
) -> None:
    send(inbox, "<1@example.com>", "a.csv")
    send(inbox, "<2@example.com>", "logo.png")
    with outbox() as box:
        to = {"server": "127.0.0.1", "port": box.port, "security": "none", "credential": "out"}
        sender = ReceiptSender.model_validate({**to, "from": "visits@county.example"})
        answering = Answering("mails", sender, Known(OUT_PASSWORD), store)
        looked = replace(mailbox(tmp_path, store, port), answering=answering)

        looked.look()
        inbox.flag([uid for uid in inbox.uids() if uid], "\\Seen", value=False)  # its process died before
        looked.look()

    numbers = {one.nominal for one in store.occurrences.newest()}
    texts = [str(one.content) for one in box.given]
    assert len(texts) == len(numbers) == 2
    assert all(any(number in text for text in texts) for number in numbers)


def test_a_server_that_refuses_or_is_away_is_told_in_words_without_the_password(
    tmp_path: Path, store: Store, port: int
) -> None:
    with pytest.raises(ApplicationException, match="refused") as refused:
        mailbox(tmp_path, store, port, "wrong-secret").look()
    with pytest.raises(ApplicationException, match="can't be reached"):
        mailbox(tmp_path, store, 9).look()

    assert "wrong-secret" not in str(refused.value)


def test_a_mailboxes_password_goes_only_to_the_server_that_its_owner_allows(
    tmp_path: Path, store: Store, port: int
) -> None:
    for allowed, refused in ((f"imap://127.0.0.1:{port}", False), ("imap://mail.county.example:993", True)):
        inbox = mailbox(tmp_path, store, port, origins=(allowed,))
        if refused:
            with pytest.raises(SetupError, match="may not be used at imap://127"):
                inbox.look()
        else:
            inbox.look()


def test_a_password_that_nobody_allows_at_a_server_is_not_sent_over_the_network(
    tmp_path: Path, store: Store
) -> None:
    with pytest.raises(SetupError, match=r"it has no `origins`.*`imap://mail\.invalid:993`"):
        mailbox(tmp_path, store, 993, server="mail.invalid", security="tls").look()


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_server_that_can_not_prove_who_it_is_gets_no_password(
    tmp_path: Path, store: Store, security: str
) -> None:
    with (
        impostor(tmp_path, greets=security == "starttls") as (port, heard),
        pytest.raises(ApplicationException, match="is not known to be that one"),
    ):
        mailbox(tmp_path, store, port, security=security).look()

    assert PASSWORD.encode() not in b"".join(heard)


@contextmanager
def impostor(folder: Path, *, greets: bool) -> Iterator[tuple[int, list[bytes]]]:
    """Run a server with a certificate of its own making; yield its port and what it is told."""
    made = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=127.0.0.1"
    pair = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(
        [*made.split(), "-addext", "subjectAltName=IP:127.0.0.1", *pair], check=True, capture_output=True
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    heard: list[bytes] = []

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):
            if greets:
                _start_tls(connection)
            with context.wrap_socket(connection, server_side=True) as safe:
                safe.sendall(b"* OK hello\r\n")
                heard.append(safe.recv(9999))

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield int(listener.getsockname()[1]), heard
        thread.join()


def _start_tls(connection: socket.socket) -> None:
    """Say what a server says up to its STARTTLS."""
    lines = connection.makefile("rwb", buffering=0)
    lines.write(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] hello\r\n")
    for line in lines:
        tag, verb = line.split()[:2]
        if verb == b"CAPABILITY":
            lines.write(b"* CAPABILITY IMAP4rev1 STARTTLS\r\n")
        lines.write(tag + b" OK done\r\n")
        if verb == b"STARTTLS":
            return
