"""A picture shows what happened, and nothing of what is personal."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser

from rpa.browser.evidence import picture
from rpa.browser.screen import Screen
from rpa.errors import ApplicationException
from tests.rpa.browser.small_site import said, session, site

SHOWN = """<!doctype html>
<style>div { background: white !important } dialog { inset: 300px auto auto 300px }</style>
<p>Name <b id=name>An<i>n Ro</i>e</b>, SSN <b id=ssn>123 45 6789</b>, <b id=plain>Claim CL-1</b></p>
<p><input id=box value="123456789"> <input id=password type=password value=pencil>
   <select id=choice><option>Illinois<option>Ohio</select> <textarea id=area>Roof of ANN ROE</textarea></p>
<table><tr><td>Sex</td><td id=sex>F</td><td id=other>Female of F</td></tr></table>
<dialog id=dialog><b id=inside>Ann Roe</b> is on file</dialog><div id=host></div>
<label>Born <input id=born name=born value="March 7, 1961"></label>
<script>
  dialog.showModal();
  host.attachShadow({ mode: 'open' }).innerHTML = '<b id=shadow>Ann Roe</b>';
</script>"""
PERSONAL = ("123-45-6789", "Ann Roe", "F", "Illinois")
PAGE: dict[str, Any] = {"Shown": {"path": "/", "see": "Claim CL-1", "fields": {"Born": "Born", "Gone": "Gone"}}}


@contextmanager
def shown(chromium: Browser, page: str = SHOWN, **more: str) -> Iterator[Screen]:
    with (
        site({"/": page, **{f"/{name}": text for name, text in more.items()}}) as here,
        session(chromium, here.url, PAGE) as clerk,
    ):
        yield clerk.open("Shown")


def colours(png: bytes, screen: Screen, selector: str) -> tuple[int, int]:
    """Return the darkest and the brightest grey of an element's pixels."""
    box = screen.window.locator(selector).bounding_box()
    assert box is not None
    left, top = round(box["x"]), round(box["y"])
    edges = (left, top, round(box["x"] + box["width"]), round(box["y"] + box["height"]))
    part = Image.open(io.BytesIO(png)).convert("L").crop(edges)
    darkest, brightest = part.getextrema()
    return int(darkest), int(brightest)  # type: ignore[arg-type]  # a grey picture has one band


def test_every_place_of_a_personal_text_is_black(chromium: Browser) -> None:
    with shown(chromium) as screen:
        png = picture(screen, PERSONAL)
        seen = {
            selector: colours(png, screen, selector)
            for selector in (
                "#name",
                "#ssn",
                "#box",
                "#password",
                "#choice",
                "#area",
                "#sex",
                "#inside",
                "#shadow",
            )
        }

    assert seen == dict.fromkeys(seen, (0, 0))


def test_what_is_not_personal_can_be_read(chromium: Browser) -> None:
    with shown(chromium) as screen:
        png = picture(screen, PERSONAL)

        assert Image.open(io.BytesIO(png)).size == (1280, 720)
        for selector in ("#plain", "#other", "#born"):
            darkest, brightest = colours(png, screen, selector)
            assert brightest - darkest > 100


def test_a_personal_field_is_black_however_the_screen_writes_it(chromium: Browser) -> None:
    with shown(chromium) as screen:
        png = picture(screen, ["1961-03-07"], ["Born", "Gone"])

        assert colours(png, screen, "#born") == (0, 0)


def test_a_picture_is_black_in_every_frame_and_every_time(chromium: Browser) -> None:
    frames = "<h1>Claim CL-1</h1><iframe src=/inner></iframe><iframe src=/inner style='margin: 30px'></iframe>"
    with shown(chromium, frames, inner="<p id=name style='margin: 9px'>Ann Roe</p>") as screen:
        boxes = [frame.locator("#name").bounding_box() for frame in screen.window.frames[1:]]
        for _ in range(10):
            grey = Image.open(io.BytesIO(picture(screen, PERSONAL))).convert("L")
            for box in boxes:
                assert box is not None
                spot = round(box["x"]) + 10, round(box["y"] + box["height"] / 2)
                assert grey.getpixel(spot) == 0


def test_the_page_is_left_as_it_was(chromium: Browser) -> None:
    with shown(chromium) as screen:
        before = screen.window.content()
        picture(screen, PERSONAL, ["Born"])

        assert screen.window.content() == before


def test_no_picture_is_kept_of_a_page_that_moves_under_its_boxes(chromium: Browser) -> None:
    moving = (
        SHOWN + "<script>setInterval(() => { name0.style.marginLeft = `${Math.random() * 400}px` }, 1)</script>"
    )
    with (
        shown(chromium, moving.replace("id=name", "id=name0")) as screen,
        pytest.raises(ApplicationException, match="Shown: take a picture: the page keeps changing"),
    ):
        picture(screen, PERSONAL)


def test_a_page_that_takes_strange_things_away_gives_no_picture(chromium: Browser) -> None:
    tidy = """<script>new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(
        (node) => node.remove()))).observe(document.documentElement, { childList: true })</script>"""
    with (
        shown(chromium, SHOWN + tidy) as screen,
        pytest.raises(ApplicationException, match="can't be covered"),
    ):
        picture(screen, PERSONAL)


def test_what_was_typed_is_in_no_picture_of_a_form(chromium: Browser) -> None:
    page = "<h1>Claim CL-1</h1><label>Born <input name=born></label>"
    with shown(chromium, page) as screen:
        screen.fill({"Born": said("03/07/1961", personal=True)})
        png = picture(screen, ["03/07/1961"])

        assert colours(png, screen, "input") == (0, 0)
