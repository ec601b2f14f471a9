"""A session's pages reach what the system's map declares, and nothing else."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rpa.audit.entry import Actor
from rpa.browser.egress.address import Address
from rpa.browser.egress.allowed import Allowed, Denied
from rpa.browser.session import Session
from rpa.definitions.system import System
from rpa.staging import write_denied
from rpa.store.store import Store
from tests.rpa.browser.small_site import Site, site

OWN = "http://desk.example"


def allowed(*numbers: str, **more: object) -> Allowed:
    """Return what a system allows where every name means *numbers*, each time the next of them."""
    answers = iter(numbers)
    system = System.model_validate({"system": "desk", "url": OWN, "pages": {"Home": {"path": "/"}}, **more})
    return Allowed(system, lambda _: [next(answers)])


def numbers(of: Allowed, url: str) -> list[str]:
    return asyncio.run(of.numbers(Address.of(url)))


@pytest.mark.parametrize("url", ["http://other.example", "https://desk.example", "http://desk.example:8080"])
def test_another_host_scheme_or_port_is_not_the_system(url: str) -> None:
    with pytest.raises(Denied):
        numbers(allowed("198.51.100.7"), url)


def test_the_systems_own_name_may_mean_a_machine_inside() -> None:
    assert numbers(allowed("10.0.0.7"), OWN) == ["10.0.0.7"]


@pytest.mark.parametrize(
    "inside", ["10.0.0.7", "127.0.0.1", "169.254.169.254", "192.168.1.1", "::1", "fd00::1", "::ffff:10.0.0.7"]
)
def test_another_name_that_means_a_machine_inside_is_refused_unless_it_is_declared(inside: str) -> None:
    with pytest.raises(Denied):
        numbers(allowed(inside, hosts=["https://cdn.example"]), "https://cdn.example")

    declared = allowed(inside, hosts=[{"url": "https://cdn.example", "private": True}])
    assert numbers(declared, "https://cdn.example") == [inside]


def test_a_declared_number_is_its_own_declaration() -> None:
    assert numbers(allowed("10.0.0.7", hosts=["http://10.0.0.7:81"]), "http://10.0.0.7:81") == ["10.0.0.7"]


def test_a_name_that_means_another_machine_later_does_not_lead_there() -> None:
    one = allowed("8.8.8.8", "10.0.0.7", hosts=["https://cdn.example"])

    assert numbers(one, "https://cdn.example") == numbers(one, "https://cdn.example") == ["8.8.8.8"]


@contextmanager
def two(chromium: Browser, *, hosts: bool) -> Iterator[tuple[Session, Site]]:
    """Open a session with a system whose page loads a script of another one."""
    with site({"/said.js": "document.write('<h1>Said elsewhere</h1>')"}) as other:
        page = f"<h1>Home</h1><script src={other.url}/said.js></script>"
        with site({"/": page}) as here:
            pages = {"Home": {"path": "/", "see": "Home"}, "Said": {"see": "Said elsewhere"}}
            more = {"hosts": [other.url]} if hosts else {}
            system = System.model_validate(
                {"system": "s", "url": here.url, "timeout": "3s", "pages": pages, **more}
            )
            with Session(chromium, system, None) as session:
                yield session, other


def test_a_page_loads_nothing_from_an_undeclared_host_and_the_refusal_is_told_once(chromium: Browser) -> None:
    with two(chromium, hosts=False) as (session, other):
        session.open("Home")
        session.open("Home")

        assert session.screen.window.title() is not None
        assert [str(address) for address in session.denied()] == [other.url]
        assert session.denied() == []


def test_a_refusal_is_in_the_audit_log_with_its_address_and_no_path(chromium: Browser, tmp_path: Path) -> None:
    actor = Actor(kind="bot", id="claims", name="claims")
    with two(chromium, hosts=False) as (session, other), Store.open(tmp_path, actor=actor) as store:
        session.open("Home")
        for _ in range(2):
            write_denied(store, session)

        [entry] = store.log.read()
        port = int(other.url.rpartition(":")[2])
        assert entry["event"] == "egress.denied"
        assert entry["data"] == {"system": "s", "scheme": "http", "host": "127.0.0.1", "port": port}


def test_a_page_loads_from_a_declared_host(chromium: Browser) -> None:
    with two(chromium, hosts=True) as (session, _):
        session.open("Home")

        session.arrive("Said")
        assert session.denied() == []


def test_a_browser_finds_no_host_but_through_the_way_out(chromium: Browser) -> None:
    # No proxy here: a page that got around it could still not find a host by its name.
    with site({"/": "<h1>Home</h1>"}) as here, chromium.new_context() as context:
        page = context.new_page()
        by_name = here.url.replace("127.0.0.1", "localhost")
        failed = page.evaluate("url => fetch(url).then(() => 'came', () => 'failed')", by_name)

        assert failed == "failed"


def test_the_way_out_ends_with_its_session(chromium: Browser) -> None:
    with two(chromium, hosts=True) as (session, _):
        port = int(session._egress.url.rpartition(":")[2])
        socket.create_connection(("127.0.0.1", port)).close()

    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
