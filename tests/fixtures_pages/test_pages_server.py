"""The collector, without a browser."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from fixtures.pages.server import PageServer, serving

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def connected(server: PageServer) -> HTTPConnection:
    return HTTPConnection(urlsplit(server.url).netloc, timeout=5)


def test_a_name_sent_twice_keeps_both_values_and_empty_ones(server: PageServer) -> None:
    connection = connected(server)
    connection.request("POST", "/collect/any", "a=1&a=2&b=", FORM)
    assert connection.getresponse().read()
    assert server.posts[0].fields == {"a": ["1", "2"], "b": [""]}
    connection.close()


def test_values_of_a_postback_cannot_close_the_script_that_carries_them(server: PageServer) -> None:
    connection = connected(server)
    connection.request("POST", "/widgets.html", "full_name=%3C%2Fscript%3E", FORM)
    page = connection.getresponse().read().decode()
    assert '{"full_name": ["\\u003c/script>"]}' in page
    connection.close()


@pytest.mark.parametrize("path", ["/server.py", "/../pages/posts.py", "/nothing.html", "/"])
def test_only_page_files_are_served(server: PageServer, path: str) -> None:
    connection = connected(server)
    connection.request("GET", path)
    assert connection.getresponse().status == 404
    connection.close()


def test_waiting_for_a_post_that_does_not_come_ends(server: PageServer) -> None:
    with pytest.raises(TimeoutError, match="0 of 1 posts"):
        server.wait_for_posts(1, seconds=0.01)


def test_server_ends_although_a_browser_keeps_its_connection() -> None:
    with serving() as server:
        connection = connected(server)
        connection.request("GET", "/overlay.html")
        assert connection.getresponse().read()
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        connected(server).connect()
