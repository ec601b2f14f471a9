"""Pop-ups, frames and windows are found by the names that the system gives them."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer, serving
from rpa.errors import ApplicationException, DefinitionError, NotOnScreen, PressUnanswered
from tests.rpa.browser.small_site import CLAIM, SAVED, Reply, form, said, session, site

PICKING: dict[str, Any] = {
    "Entry": {
        "path": "/popup_picker.html",
        "fields": {"Provider": "Provider", "Office": "Office"},
        "buttons": {
            "Find provider": {"label": "Find provider", "to": "Providers"},
            "Find office": {"label": "Find office", "to": "Offices"},
        },
    },
    "Providers": {
        "window": "picker",
        "fields": {"Stay": "Keep this window open"},
        "buttons": {"Northside": "Northside Clinic", "Lakeview": "Lakeview Hospital"},
    },
    "Offices": {"window": "picker", "see": "Mill Road", "buttons": {"Mill Road": "Mill Road"}},
}


@pytest.fixture(scope="module")
def pages() -> Iterator[PageServer]:
    with serving() as server:
        yield server


def test_a_picker_that_closes_itself_gives_back_the_page_it_was_opened_from(
    chromium: Browser, pages: PageServer
) -> None:
    with session(chromium, pages.url, PICKING) as clerk:
        clerk.open("Entry")
        for button, choice in (("Find provider", "Northside"), ("Find office", "Mill Road")):
            picker = clerk.screen.press(button)
            assert picker.page.window == "picker"
            picker.press(choice)
            assert clerk.screen.name == "Entry"

        assert clerk.screen.read(["Provider", "Office"]) == {
            "Provider": "Northside Clinic",
            "Office": "Mill Road",
        }


def test_the_second_use_of_a_window_name_is_the_window_that_is_open(chromium: Browser, pages: PageServer) -> None:
    with session(chromium, pages.url, PICKING) as clerk:
        entry = clerk.open("Entry")
        picker = entry.press("Find provider")
        picker.fill({"Stay": said("yes")})
        picker.press("Lakeview")
        assert clerk.screen.name == "Providers"

        assert entry.press("Find office").name == "Offices"
        assert len(entry.window.context.pages) == 2


def test_a_window_without_a_name_is_the_one_that_came_by_the_press(chromium: Browser) -> None:
    map_ = {
        "Start": {"path": "/", "buttons": {"Print": {"label": "Print", "to": "Receipt"}}},
        "Receipt": {"window": "receipt", "see": "Receipt"},
    }
    start = "<a href=/receipt target=_blank>Print</a>"
    with (
        site({"/": start, "/receipt": "<h1>Receipt</h1>"}) as here,
        session(chromium, here.url, map_) as clerk,
    ):
        receipts = [clerk.open("Start").press("Print").window for _ in range(2)]
        again = clerk.open("Start")
        receipts += [again.press("Print").window, again.press("Print").window]

        assert len(set(receipts)) == 4


def test_a_page_in_a_window_may_be_opened_by_its_address(chromium: Browser) -> None:
    map_ = {"Start": {"path": "/"}, "Search": {"path": "/search", "window": "search", "see": "Find a claim"}}
    with (
        site({"/": "Start", "/search": "<h1>Find a claim</h1><script>name += '!'</script>"}) as here,
        session(chromium, here.url, map_) as clerk,
    ):
        clerk.open("Start")
        first = clerk.open("Search").window
        clerk.open("Start")

        assert clerk.open("Search").window is first
        assert first.opener() is not None


def test_a_window_that_its_page_closed_is_opened_anew(chromium: Browser, pages: PageServer) -> None:
    with session(chromium, pages.url, PICKING) as clerk:
        clerk.open("Entry").press("Find provider").window.close()

        assert clerk.screen.name == "Entry"
        assert clerk.screen.press("Find provider").name == "Providers"


def test_a_screen_whose_window_was_closed_says_so(chromium: Browser, pages: PageServer) -> None:
    with session(chromium, pages.url, PICKING, timeout="2s") as clerk:
        picker = clerk.open("Entry").press("Find provider")
        picker.window.close()
        with pytest.raises(NotOnScreen, match="Providers: its window is not there"):
            picker.fill({"Stay": said("yes")})


def test_frames_in_frames_are_named_from_the_outside_in(chromium: Browser) -> None:
    outer = "<frameset cols='*,*'><frame name=left src=/plain><frame name=right src=/inner></frameset>"
    inner = "<iframe name=work src=/entry></iframe>"
    entry = {**CLAIM, "path": "/entry", "frame": ["right", "work"]}
    answers = {"/": outer, "/plain": "plain", "/inner": inner, "/entry": form("/save"), "/save": "Saved"}
    map_ = {"New claim": entry, "Saved": {**SAVED, "frame": ["right", "work"]}}
    with site(answers) as here, session(chromium, here.url, map_) as clerk:
        screen = clerk.open("New claim")
        screen.fill({"Claim number": said("CL-1")})

        assert screen.press("Save").name == "Saved"
        assert here.posts[0][1]["claim"] == "CL-1"


def test_a_frame_that_is_not_there_is_named(chromium: Browser) -> None:
    with site({"/": "no frames"}) as here:
        map_ = {"New claim": {**CLAIM, "frame": "main"}}
        with (
            session(chromium, here.url, map_, timeout="2s") as clerk,
            pytest.raises(NotOnScreen, match="New claim: there is no frame main"),
        ):
            clerk.open("New claim")


def test_ways_that_lead_nowhere_are_the_authors_mistake(chromium: Browser) -> None:
    there = {"label": "There", "to": "There"}
    back = {"label": "Back", "to": "Back"}
    map_ = {
        "There": {"via": "Back", "see": "There", "buttons": {"Back": back}},
        "Back": {"via": "There", "see": "Back", "buttons": {"There": there}},
        "Lost": {"via": "Start"},
        "Start": {"path": "/"},
    }
    with site({"/": "Start"}) as here, session(chromium, here.url, map_) as clerk:
        with pytest.raises(DefinitionError, match="There via Back via There: none of these pages has a path"):
            clerk.open("There")
        with pytest.raises(DefinitionError, match="no button there says `to: Lost`"):
            clerk.open("Lost")
        with pytest.raises(DefinitionError, match="the map of small has no page Nowhere"):
            clerk.open("Nowhere")


def test_an_address_that_differs_by_its_fragment_alone_is_a_fresh_page(chromium: Browser) -> None:
    page = {"path": "/#/new", "see": "New", "fields": {"Claim number": "Claim number"}}
    with site({"/": form("/save")}) as here, session(chromium, here.url, {"New claim": page}) as clerk:
        clerk.open("New claim").fill({"Claim number": said("CL-1")})

        assert clerk.open("New claim").read(["Claim number"]) == {"Claim number": ""}


def test_opening_never_posts_again(chromium: Browser) -> None:
    map_ = {"New claim": {**CLAIM, "path": "/save"}, "Saved": {**SAVED, "path": "/save"}}
    with site({"/": form("/save"), "/save": form("/save", more="<p>Saved</p>")}) as here:
        with session(chromium, here.url, map_) as clerk:
            clerk.open("New claim").press("Save")
            clerk.open("Saved")
            clerk.open("New claim")

        assert len(here.posts) == 1


def test_a_page_that_never_comes_whole_is_told_with_its_name(chromium: Browser) -> None:
    with (
        site({"/": "<h1>Something else</h1>"}) as here,
        session(chromium, here.url, {"New claim": CLAIM}, timeout="2s") as clerk,
    ):
        with pytest.raises(NotOnScreen, match=r"New claim did not come within 2 s"):
            clerk.open("New claim")
        with pytest.raises(ApplicationException, match="no page of the system is open"):
            clerk.screen.read([])


def test_a_system_that_is_down_is_told_without_the_browsers_words(chromium: Browser) -> None:
    with site({}) as here:
        url = here.url
    with (
        session(chromium, url, {"New claim": CLAIM}) as clerk,
        pytest.raises(ApplicationException) as told,
    ):
        clerk.open("New claim")

    assert str(told.value) == "open New claim: the connection failed (ERR_EMPTY_RESPONSE)"
    assert told.value.__suppress_context__


def test_a_page_is_waited_for_after_a_press_that_names_none(chromium: Browser) -> None:
    page = {**CLAIM, "buttons": {"Save": "Save"}}
    delayed = form("/save", onsubmit="setTimeout(() => submit(), 150); return false")
    with (
        site({"/": delayed, "/save": "<h1>Saved</h1>"}) as here,
        session(chromium, here.url, {"New claim": page, "Saved": SAVED}, timeout="1s") as clerk,
    ):
        clerk.open("New claim").press("Save")

        assert clerk.arrive("Saved").name == clerk.screen.name == "Saved"
        with pytest.raises(NotOnScreen):
            clerk.arrive("New claim")


def test_a_link_to_another_window_of_the_map_needs_that_window(chromium: Browser) -> None:
    map_ = {
        "Start": {"path": "/", "buttons": {"Look": {"label": "Look", "to": "Pop"}}},
        "Pop": {"window": "pop", "see": "Pop"},
    }
    with (
        site({"/": "<a href='/pop'>Look</a>", "/pop": "<h1>Pop</h1>"}) as here,
        session(chromium, here.url, map_, timeout="2s") as clerk,
    ):
        clerk.open("Start")
        with pytest.raises(PressUnanswered, match="Pop did not come"):
            clerk.screen.press("Look")


def test_the_address_of_a_frameset_leads_to_the_page_in_its_frame(chromium: Browser) -> None:
    frames = "<frameset cols='*,*'><frame name=menu src=/menu><frame name=main src=/main></frameset>"
    menu = {"path": "/frames", "frame": "menu", "see": "Menu", "buttons": {"New": {"label": "New", "to": "Main"}}}
    map_ = {"Menu": menu, "Main": {"via": "Menu", "frame": "main", "see": "Main"}}
    answers = {"/frames": frames, "/menu": "Menu <a href=/main target=main>New</a>", "/main": "Main"}
    with site(answers) as here, session(chromium, here.url, map_) as clerk:
        assert [clerk.open(name).name for name in ("Main", "Menu", "Main")] == ["Main", "Menu", "Main"]
        assert len(clerk.screen.window.frames) == 3


def test_a_pop_up_that_closes_itself_hands_back_to_the_page_it_was_opened_from(chromium: Browser) -> None:
    look = {"label": "Look up", "to": "Choose"}
    choose = {"label": "Ann Roe", "to": "New claim"}
    map_ = {
        "New claim": {**CLAIM, "buttons": {"Look up": look}},
        "Choose": {"window": "choose", "see": "Choose", "buttons": {"Ann": choose}},
    }
    opener = "<button onclick=\"window.open('/choose', 'choose')\">Look up</button>"
    pick = "onclick=\"opener.document.forms[0].claim.value = 'CL-1'; window.close()\""
    answers = {"/": form("/save", more=opener), "/choose": f"<p>Choose</p><button {pick}>Ann Roe</button>"}
    with site(answers) as here, session(chromium, here.url, map_) as clerk:
        clerk.open("New claim").fill({"Amount": said("12.50")})
        clerk.screen.press("Look up").press("Ann")

        assert clerk.screen.read(["Claim number", "Amount"]) == {"Claim number": "CL-1", "Amount": "12.50"}


@pytest.mark.parametrize("status", [404, 500, 503])
def test_an_answer_that_is_an_error_is_told_at_once_with_its_status(chromium: Browser, status: int) -> None:
    with (
        site({"/": Reply("<h1>Sorry</h1>", status)}) as here,
        session(chromium, here.url, {"New claim": CLAIM}, timeout="20s") as clerk,
    ):
        begun = time.monotonic()
        with pytest.raises(ApplicationException, match=f"open New claim: the answer was HTTP {status}"):
            clerk.open("New claim")

        assert time.monotonic() - begun < 10


def test_an_error_that_asks_to_sign_in_is_a_sign_out(chromium: Browser) -> None:
    more: dict[str, Any] = {
        "login": [{"open": "Sign in"}, {"press": "Save"}, {"see": "Work"}],
        "signed_out": {"see": "Please sign in"},
    }
    pages = {"Sign in": {"path": "/in", "buttons": {"Save": "Save"}}, "Work": {"path": "/work", "see": "Work"}}
    answers = [Reply("<p>Please sign in</p>", 403), Reply("<h1>Work</h1>")]
    with (
        site({"/in": form("/ok"), "/ok": "<h1>Work</h1>", "/work": lambda: answers.pop(0)}) as here,
        session(chromium, here.url, pages, **more) as clerk,
    ):
        assert clerk.open("Work").name == "Work"
