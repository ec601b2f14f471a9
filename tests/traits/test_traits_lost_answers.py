"""The answer to a save is lost: what the system holds decides, and nothing is ever pressed twice."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rpa.work import Status
from tests.rpa.browser.small_site import Reply
from tests.traits.registry import NEW, SIGN_IN, Registry, entered, keep, registry

Answer = Callable[[Registry, dict[str, str]], str | Reply]


def kept_but(reply: str | Reply) -> Answer:
    def answer(registry: Registry, row: dict[str, str]) -> str | Reply:
        keep(registry, row)
        return reply

    return answer


def not_kept(reply: str | Reply) -> Answer:
    return lambda _registry, _row: reply


KEPT: dict[str, Answer] = {
    "an empty form and no word": kept_but(NEW),
    "502 after the commit": kept_but(Reply("Bad gateway", 502)),
    "an answer that breaks off": kept_but(Reply("<h1>Saved</h1>", cut=True)),
    "an answer that comes too late": kept_but(Reply("<h1>Saved</h1>", held=True)),
    "a redirect without a body that breaks off": kept_but(
        Reply("", 302, cut=True, headers=(("Location", "/claims"),))
    ),
    "the sign-in page after the commit": kept_but(SIGN_IN),
}


@pytest.mark.parametrize("answer", KEPT, ids=list(KEPT))
def test_what_was_kept_is_confirmed_whatever_was_answered(chromium: Browser, tmp_path: Path, answer: str) -> None:
    with registry(KEPT[answer]) as one:
        transaction = entered(chromium, one, tmp_path, timeout="2s")

        assert transaction.status is Status.CONFIRMED, transaction.reason
        assert len(one.rows) == 1
        assert posted(one) == 1


def in_small_letters(registry: Registry, row: dict[str, str]) -> str:
    keep(registry, {name: text.lower() for name, text in row.items()})
    return NEW


def test_what_is_shown_in_other_letters_is_not_taken_for_absent(chromium: Browser, tmp_path: Path) -> None:
    with registry(in_small_letters) as one:
        transaction = entered(chromium, one, tmp_path, timeout="2s")

        assert transaction.status is Status.CONFIRMED, transaction.reason
        assert posted(one) == 1


LOST: dict[str, Answer] = {
    "502 before the system": not_kept(Reply("Bad gateway", 502)),
    "the same page again": not_kept(NEW),
    "the sign-in page": not_kept(SIGN_IN),
    "a success that is none": not_kept("<h1>Saved</h1>"),
    "no answer": not_kept(Reply(held=True)),
}


@pytest.mark.parametrize("answer", LOST, ids=list(LOST))
def test_what_was_not_kept_is_left_to_a_person_and_not_pressed_again(
    chromium: Browser, tmp_path: Path, answer: str
) -> None:
    with registry(LOST[answer]) as one:
        transaction = entered(chromium, one, tmp_path, timeout="2s")

        assert transaction.status is Status.IN_DOUBT, transaction.reason
        assert one.rows == []
        assert posted(one) == 1


def test_a_save_that_was_kept_and_cut_off_is_sent_once_and_confirmed(chromium: Browser, tmp_path: Path) -> None:
    # By itself the browser would send it again on a connection that it had used before.
    with registry(kept_but(Reply(reset=True))) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.status is Status.CONFIRMED, transaction.reason
        assert posted(one) == 1


def test_a_save_that_was_lost_on_the_way_is_told_with_what_went_over_the_wire(
    chromium: Browser, tmp_path: Path
) -> None:
    with registry(not_kept(Reply(reset=True))) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.status is Status.IN_DOUBT
        assert posted(one) == 1
        told = r"http://127\.0\.0\.1:\d+ got [1-9]\d+ bytes and cut the connection without an answer"
        assert re.search(told, transaction.reason or "")


def test_a_value_that_the_system_dropped_without_a_word_is_told_by_its_name(
    chromium: Browser, tmp_path: Path
) -> None:
    def dropped(registry: Registry, row: dict[str, str]) -> str | Reply:
        return keep(registry, row | {"born": ""})

    with registry(dropped) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.status is Status.REJECTED
        assert transaction.reason == "small holds something else: Born on"


def test_a_value_that_the_system_cut_or_garbled_is_told_by_its_name(chromium: Browser, tmp_path: Path) -> None:
    def changed(registry: Registry, row: dict[str, str]) -> str | Reply:
        return keep(registry, row | {"amount": row["amount"][:3]})

    with registry(changed) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.reason == "small holds something else: Amount"


def test_a_system_that_says_no_is_a_rejection_in_its_own_words(chromium: Browser, tmp_path: Path) -> None:
    refusal = NEW.replace("<form", "<p class=error>Claim number is taken</p><form")
    with registry(not_kept(refusal)) as one:
        transaction = entered(chromium, one, tmp_path)

        assert transaction.status is Status.REJECTED
        assert transaction.reason == "small says: Claim number is taken"


def posted(one: Registry) -> int:
    """Count the saves that reached the system, kept or not."""
    assert one.site is not None
    return sum(path == "/save" for path, _ in one.site.posts)
