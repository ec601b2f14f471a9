"""The browser starts quiet: no secret in its reach, no word of what is typed on standard error."""

import os
import shutil
from pathlib import Path

import pytest

from rpa.browser import proof
from rpa.browser.find import find
from rpa.browser.launch import browser
from rpa.errors import ApplicationException
from tests.rpa.browser.small_site import CLAIM, form, session, site


def test_the_browser_inherits_neither_credentials_nor_debugging(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    secret = {"DEBUG": "pw:api,pw:protocol", "PWDEBUG": "1", "RPA_CREDENTIAL_MERIDIAN_PASSWORD": "hunter2-secret"}
    for name, text in secret.items():
        monkeypatch.setenv(name, text)

    with browser() as started:
        started.new_page().evaluate("'canary-typed'")
        inherited = [path.read_bytes() for path in _environments()]

    assert len(inherited) >= 2  # the driver and the browser, at least
    assert not any(b"hunter2" in text or b"DEBUG=" in text for text in inherited)
    assert "canary-typed" not in "".join(capfd.readouterr())
    assert {name: os.environ[name] for name in secret} == secret


def test_what_the_driver_compiled_is_kept_for_the_next_start_in_this_account_s_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find()
    shutil.copytree(proof.caches() / "keyonce", tmp_path / "keyonce", ignore=shutil.ignore_patterns("driver"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))

    with browser():
        assert "NODE_COMPILE_CACHE" not in os.environ

    kept = [path for path in (tmp_path / "keyonce" / "driver").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in kept) > 100_000


def _environments() -> list[Path]:
    """Return the environment of every process below this one."""
    found, waiting = [], [os.getpid()]
    while waiting:
        pid = waiting.pop()
        for task in Path(f"/proc/{pid}/task").iterdir():
            below = (task / "children").read_text().split()
            waiting += map(int, below)
            found += [Path(f"/proc/{child}/environ") for child in below]
    return [path for path in found if path.exists()]


def test_a_session_whose_browser_died_says_so_at_once() -> None:
    with (
        site({"/": form("/save")}) as here,
        browser() as started,
        session(started, here.url, {"New claim": CLAIM}) as clerk,
    ):
        clerk.open("New claim")
        started.close()
        with pytest.raises(ApplicationException, match="the window or the browser was closed"):
            clerk.open("New claim")
