"""`python -m tests.rpa.browser.ended`: sign out while browser and driver are killed; print what is told of it.

A process of its own: there is one driver in each, and this one's is killed.
"""

import threading
from contextlib import suppress

from rpa.browser import processes
from rpa.browser.launch import browser
from rpa.errors import ApplicationException
from tests.rpa.browser.small_site import Page, session, site

PAGES: dict[str, Page] = {"/": "Come in <a href=/home>In</a>", "/home": "Home"}
MAP = {
    "In": {"path": "/", "see": "Come in", "buttons": {"In": {"label": "In", "to": "Home"}}},
    "Home": {"path": "/home", "see": "Home"},
}
LOGIN = [{"open": "In"}, {"press": "In"}, {"see": "Home"}]
NOWHERE = [{"open": "Home"}, {"see": "Never"}]


def main() -> None:
    """Do it; what is dead can't be closed."""
    with (
        suppress(Exception),
        browser() as own,
        site(PAGES) as here,
        session(own, here.url, MAP, timeout="20s", login=LOGIN, logout=NOWHERE) as clerk,
    ):
        clerk.open("Home")
        threading.Timer(1.0, processes.end, [own]).start()
        try:
            clerk.sign_out()
        except ApplicationException as problem:
            print(problem, flush=True)  # noqa: T201  # what the test reads


if __name__ == "__main__":
    main()
