"""People are told once, of everything, soon, without a value; and a notice that fails is not lost."""

import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from rpa.audit.entry import Actor
from rpa.errors import ApplicationException, SetupError
from rpa.notices.address import send
from rpa.notices.heartbeat import beat
from rpa.notices.post import EVERYBODY, Post, addressed
from rpa.secrets.base import Credential
from rpa.settings.service import NoticeSettings
from rpa.store.store import Store
from tests.rpa.notices.listening import Listening, listening
from tests.rpa.store.ledgers import SSN, new_item
from tests.waiting import wait_for


class Addresses:
    """A store of one address."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, name: str) -> Credential:
        """Return it."""
        return Credential(name, "", self.address)


@pytest.fixture
def desk() -> Iterator[Listening]:
    with listening() as kept:
        yield kept


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / ".rpa", actor=Actor(kind="bot", id="claims", name="claims")) as store:
        yield store


def post(folder: Path, store: Store, desk: Listening, troubles: list[str], again: float = 0) -> Post:
    one = Post(
        store,
        folder / ".rpa",
        NoticeSettings(to={EVERYBODY: "desk"}, gather=0, again=again),
        lambda about: ["desk"] if about.bot or about.system else [],
        partial(send, Addresses(f"json://127.0.0.1:{desk.port}/")),
        troubles.append,
    )
    one._begin()
    return one


def rejected(store: Store, *references: str) -> None:
    run = store.start_run("claims", "d" * 64, "u-1")
    for reference in references:
        store.add(run, new_item(reference, rejected="Above the limit"))
    store.remember_document(run, "e" * 64, "Jane Doe.pdf", "quarantined", "damaged: Jane Doe")


def test_what_comes_together_is_one_notice_of_counts_without_a_value(
    tmp_path: Path, store: Store, desk: Listening
) -> None:
    one = post(tmp_path, store, desk, [])
    rejected(store, "CL-1", "CL-2")
    store.pause_system("benefits", "the year's end")

    for _ in range(2):
        one.look()

    (notice,) = desk.came
    assert notice["title"] == "Keyonce: 4 to look at"
    assert notice["message"].splitlines() == [
        "claims: 1 document can't be read; see rpa queue",
        "claims: 2 records wait for a person; see rpa queue",
        "benefits: 1 time a system was paused: its work waits; see rpa systems",
    ]
    assert not {SSN, "Jane"} & set(notice["message"].split())


def test_the_same_person_is_not_told_again_at_once(tmp_path: Path, store: Store, desk: Listening) -> None:
    one = post(tmp_path, store, desk, [], again=3600)
    for reference in ("CL-1", "CL-2", "CL-3"):
        rejected(store, reference)
        one.look()

    assert len(desk.came) == 1
    assert sum(box.waiting.total() for box in one.boxes.values()) == 2


def test_a_notice_that_fails_is_told_in_words_and_sent_by_the_next_service(
    tmp_path: Path, store: Store, desk: Listening
) -> None:
    troubles: list[str] = []
    first = post(tmp_path, store, desk, troubles)
    first.look()
    desk.status = 500
    rejected(store, "CL-1")
    first.look()
    assert troubles == ["the notice to desk could not be sent"]
    desk.status = 200

    second = post(tmp_path, store, desk, troubles)
    second.look()
    third = post(tmp_path, store, desk, troubles)
    third.look()

    assert [notice["title"] for notice in desk.came] == ["Keyonce: 2 to look at"]


def test_an_address_that_always_fails_has_nobody_else_told_again(
    tmp_path: Path, store: Store, desk: Listening
) -> None:
    def service() -> Post:
        one = post(tmp_path, store, desk, [])
        one.people = lambda about: ["desk", "gone"] if about.bot else []
        good, bad = one.send, partial(send, Addresses("json://127.0.0.1:9/"))
        one.send = lambda to, title, text: (bad if to == "gone" else good)(to, title, text)
        return one

    service().look()
    rejected(store, "CL-1")
    first, second = service(), service()
    first.look()
    second._begin()
    second.look()

    assert [notice["title"] for notice in desk.came] == ["Keyonce: 2 to look at"]
    assert second.boxes["gone"].waiting.total() == 2


def test_of_two_services_one_sends(tmp_path: Path, store: Store, desk: Listening) -> None:
    stopping = threading.Event()
    both = [post(tmp_path, store, desk, []) for _ in range(2)]
    both[0].look()
    threads = [threading.Thread(target=one.work, args=(stopping,), daemon=True) for one in both]
    for thread in threads:
        thread.start()
    rejected(store, "CL-1")
    try:
        wait_for(lambda: bool(desk.came))
    finally:
        stopping.set()
    for thread in threads:
        thread.join(20)

    assert len(desk.came) == 1


def test_an_address_that_is_none_is_told_without_it() -> None:
    with pytest.raises(SetupError, match="desk holds no address") as told:
        send(Addresses("no-such-thing://secret-token"), "desk", "t", "x")
    assert "secret-token" not in str(told.value)
    with pytest.raises(ApplicationException, match="could not be sent"):
        send(Addresses("json://127.0.0.1:9/secret-token"), "desk", "t", "x")


def test_who_is_told_falls_back_to_everybody() -> None:
    to = {"desk": "desk-mail", "*": "office"}

    assert addressed(to, ["desk", "nobody"]) == ["desk-mail"]
    assert addressed(to, ["nobody"]) == ["office"]
    assert addressed({"desk": "desk-mail"}, ["nobody"]) == []


def test_the_heart_beats_only_while_all_goes_well(desk: Listening) -> None:
    troubles: list[str] = []
    stopping = threading.Event()
    stopping.set()  # one beat each
    for address, alive in (
        (f"http://127.0.0.1:{desk.port}/up", True),
        (f"http://127.0.0.1:{desk.port}/down", False),
        ("file:///etc/passwd", True),
        ("http://127.0.0.1:9/secret-token", True),
        ("http://127.0.0.1:port/secret-token", True),
        ("http://[secret-token", True),
    ):
        beat(Addresses(address), "pulse", partial(bool, alive), troubles.append, stopping)

    assert desk.came == [{"path": "/up"}]
    assert troubles == [
        "the credential pulse holds no web address",
        "the heartbeat's address can't be reached (URLError)",
        "the heartbeat's address can't be reached (InvalidURL)",
        "the heartbeat's address can't be reached (ValueError)",
    ]
