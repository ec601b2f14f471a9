"""A page that puts scripts of its own in the place of ours breaks nothing, and its words get into no message."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from rpa.browser.screen import Screen
from rpa.errors import ApplicationException
from tests.rpa.browser.small_site import CLAIM, SAVED, form, said, session, site

LIE = """<script>
const define = Object.defineProperty;
Object.defineProperty = (target, key, given) => {
  if (typeof key === 'symbol' && String(key).includes('keyonce.form')) {
    const lie = () => '%s';
    given.value = new Proxy(given.value, { get: (kit, name) => name === 'sight' ? kit[name] : lie });
  }
  return define(target, key, given);
};
const ours = Symbol.for('keyonce.form');  // scripts that came before this one are lied about as well
if (globalThis[ours]) Object.defineProperty(globalThis, ours, { configurable: true, value: globalThis[ours] });
</script>"""
LIES = [
    "canary",
    "[" * 5000,
    "null",
    "[]",
    "7",
    '"canary"',
    "{}",
    '{"trouble": "canary", "facts": {}}',
    '{"trouble": ["canary"], "facts": {}}',
    '{"trouble": "missing"}',
    '{"trouble": "missing", "facts": "canary"}',
    '{"trouble": "several", "facts": {"labels": [1]}}',
    '{"at": 99, "shown": []}',
    '{"at": "canary", "shown": [{"same": "canary"}]}',
    '{"shown": [{"same": false, "text": 7, "kind": []}]}',
    '{"shown": [{"texts": "canary"}, null]}',
    '{"shown": 3}',
    '{"rows": [{"index": 0, "texts": {"other": "canary"}}], "hidden": 0}',
    '{"rows": "canary", "hidden": {}}',
    '{"x": "canary", "y": null, "up": 1e9}',
    '["canary", "canary"]',
    '[{"x": 1, "y": 1, "up": 99999999999}, {"document": 1}]',
]
PAGE: dict[str, Any] = {
    **CLAIM,
    "fields": {**CLAIM["fields"], "Amount": {"label": "Amount", "keys": "yes"}, "Scan": "Scan"},
    "tables": {"Claims": {"columns": {"Claim": "Claim"}}},
}


def acts(screen: Screen, file: Path) -> list[Callable[[], object]]:
    return [
        lambda: screen.fill({"Claim number": said("CL-1")}),
        lambda: screen.fill({"Amount": said("1.00")}),
        lambda: screen.read(["Claim number"]),
        lambda: screen.differs({"Claim number": said("CL-1")}),
        lambda: screen.rows("Claims"),
        lambda: screen.attach("Scan", file),
        lambda: screen.holds("Scan", "scan.pdf"),
        lambda: screen.aim("Save"),
        lambda: screen.press("Save"),
    ]


@pytest.mark.parametrize("lie", LIES)
def test_whatever_a_page_answers_it_is_told_as_the_systems_fault(
    chromium: Browser, tmp_path: Path, lie: str
) -> None:
    quoted = json.dumps(lie)[1:-1].replace("'", "\\'")
    with (
        site({"/": LIE % quoted + form("/save")}) as here,
        session(chromium, here.url, {"Claim": PAGE, "Saved": SAVED}) as clerk,
    ):
        for act in acts(clerk.open("Claim"), tmp_path / "scan.pdf"):
            with pytest.raises(ApplicationException) as told:
                act()
            assert "canary" not in str(told.value)
        assert not here.posts
