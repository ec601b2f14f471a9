"""The whole form is read back before the press that counts, wherever its parts stand and whatever came between."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from rpa.definitions.bot import Entry
from rpa.errors import ScreenDiffers
from rpa.performer import prepare
from tests.rpa.browser.small_site import site
from tests.traits.clerk import at_work, definition

MAP = """
timeout: 5s
pages:
  Entry:
    path: /
    see: New claim
    fields: {Claim number: Claim number, Amount: Amount, Provider: Provider}
    buttons:
      Find: {label: Find provider, to: Providers}
      Calculate: {label: Calculate, to: Entry}
      Save: {label: Save, to: Saved}
  Providers: {window: picker, see: Lakeview, buttons: {Lakeview: {label: Lakeview, to: Entry}}}
  Saved: {see: Saved}
"""
FORM = """<h1>New claim</h1><form method=post action=/save><label>Claim number <input name=claim></label>
<label>Amount <input name=amount value="%s"></label><label>Provider <input name=provider readonly></label>
<button type=button onclick="window.open('/list', 'picker')">Find provider</button>
<button formaction=/calc>Calculate</button>
<button>Save</button></form>"""
PICKS = """<a href=# onclick="const form = opener.document.forms[0]; form.provider.value = 'Lakeview';
%s window.close()">Lakeview</a>"""
CREATE = """
system: small
create:
  - open: Entry
  - fill: {Claim number: $claim, Amount: "12.50"}
%s
submit: [{press: Save}]
confirm: [{expect: {Claim number: $claim}}]
"""
PICK = "  - press: Find\n  - press: Lakeview"
CALCULATE = "  - press: Calculate\n  - fill: {Claim number: $claim}"


@pytest.mark.parametrize(
    ("between", "picker", "calculated"),
    [(PICK, "form.amount.value = '0.00';", ""), (CALCULATE, "", "0.00")],
    ids=["a picker that resets a field", "a postback that resets a field"],
)
def test_a_field_that_something_between_the_fill_and_the_save_resets_is_noticed_before_the_save(
    chromium: Browser, between: str, picker: str, calculated: str
) -> None:
    pages = {"/": FORM % "", "/list": PICKS % picker, "/calc": FORM % calculated, "/save": "Saved"}
    with site(pages) as here, at_work(chromium, MAP, here.url) as clerk:
        with pytest.raises(ScreenDiffers, match="Entry: Amount did not keep what was entered"):
            prepare(clerk.stage, definition(CREATE % between, Entry))

        assert not [path for path, _ in here.posts if path == "/save"]


@pytest.mark.parametrize("between", [PICK, CALCULATE], ids=["a picker", "a postback"])
def test_what_came_between_and_left_the_form_as_it_was_is_no_hindrance(chromium: Browser, between: str) -> None:
    pages = {"/": FORM % "", "/list": PICKS % "", "/calc": FORM % "12.50", "/save": "Saved"}
    with site(pages) as here, at_work(chromium, MAP, here.url) as clerk:
        entry = definition(CREATE % between, Entry)
        assert prepare(clerk.stage, entry)
        clerk.does("- press: Save")

        assert [values["amount"] for path, values in here.posts if path == "/save"] == ["12.50"]


def test_a_field_that_changes_between_the_promise_and_the_press_is_not_sent(chromium: Browser) -> None:
    with site({"/": FORM % "", "/save": "Saved"}) as here, at_work(chromium, MAP, here.url) as clerk:
        assert prepare(clerk.stage, definition(CREATE % "", Entry))
        clerk.screen.window.evaluate("document.forms[0].amount.value = '0.00'")
        with pytest.raises(ScreenDiffers, match="Entry: Amount did not keep what was entered"):
            clerk.does("- press: Save")

        assert here.posts == []


SLOW_BUTTON = (
    FORM.replace("<button>Save", "<button disabled>Save")
    + """<script>
const [form] = document.forms;
form.oninput = () => setTimeout(() => { form.lastElementChild.disabled = false; }, 1300);
</script>"""
)
ONLY_KEYS = FORM.replace("name=amount", "name=amount onkeydown='keys = 1' oninput='window.keys || (value = null)'")
POSTS_BACK = FORM.replace("name=amount", "name=amount onchange='form.action = `/calc`; form.submit()'")


@pytest.mark.parametrize(
    "page", [SLOW_BUTTON, ONLY_KEYS, POSTS_BACK], ids=["a late button", "keys alone will do", "a postback"]
)
def test_a_form_that_takes_more_than_one_call_is_filled_and_ready_all_the_same(
    chromium: Browser, page: str
) -> None:
    with site({"/": page % "", "/calc": FORM % "", "/save": "Saved"}) as here:
        with at_work(chromium, MAP, here.url) as clerk:
            assert prepare(clerk.stage, definition(CREATE % "", Entry))
            clerk.does("- press: Save")

        assert here.posts[-1] == ("/save", {"claim": "CL-7", "amount": "12.50", "provider": ""})


LOOKUP = """
timeout: 5s
pages:
  Lookup:
    path: /
    see: New claim
    fields: {Member: Member}
    buttons: {Look up: {label: Look up, to: Entry}}
  Entry:
    see: New claim
    fields: {Claim number: Claim number}
    buttons: {Save: {label: Save, to: Saved}}
  Saved: {see: Saved}
"""
LOOKED_UP = """<h1>New claim</h1><form method=post action=/save><label>Member <input name=member></label>
<button formaction=/look-up>Look up</button><label>Claim number <input name=claim></label>
<button>Save</button></form>"""


def test_a_lookup_box_that_empties_itself_is_a_page_of_its_own_on_the_map(chromium: Browser) -> None:
    entry = definition(
        """
system: small
create:
  - open: Lookup
  - fill: {Member: M-1}
  - press: Look up
  - fill: {Claim number: $claim}
submit: [{press: Save}]
confirm: [{expect: {Claim number: $claim}}]
""",
        Entry,
    )
    with (
        site({"/": LOOKED_UP, "/look-up": LOOKED_UP, "/save": "Saved"}) as here,
        at_work(chromium, LOOKUP, here.url) as clerk,
    ):
        assert prepare(clerk.stage, entry)


FRAMES = """
timeout: 5s
pages:
  Claim: {path: /claim, frame: left, see: The claim, fields: {Claim number: Claim number}}
  Money:
    path: /money
    frame: right
    see: The money
    fields: {Amount: Amount}
    buttons: {Save: {label: Save, to: Saved}}
  Saved: {frame: right, see: Saved}
"""
SET = "<frameset cols='*,*'><frame name=left src=/claim><frame name=right src=/money></frameset>"
LEFT = "<h1>The claim</h1><label>Claim number <input id=claim></label>"
RIGHT = """<h1>The money</h1><form method=post action=/save onsubmit="claim.value = parent.left.claim.value">
<input type=hidden name=claim id=claim><label>Amount <input name=amount %s></label><button>Save</button></form>"""
BOTH = """
- open: Claim
- fill: {Claim number: $claim}
- see: Money
- fill: {Amount: "12.50"}
"""


def test_a_form_over_two_frames_is_entered_read_back_and_saved(chromium: Browser) -> None:
    with (
        site({"/": SET, "/claim": LEFT, "/money": RIGHT % "", "/save": "Saved"}) as here,
        at_work(chromium, FRAMES, here.url) as clerk,
    ):
        clerk.does(BOTH + "- press: Save")

        assert here.posts == [("/save", {"claim": "CL-7", "amount": "12.50"})]


def test_a_field_in_another_frame_that_lost_its_value_is_noticed_before_the_save(chromium: Browser) -> None:
    clears = RIGHT % """oninput="parent.left.claim.value = ''" """
    with (
        site({"/": SET, "/claim": LEFT, "/money": clears, "/save": "Saved"}) as here,
        at_work(chromium, FRAMES, here.url) as clerk,
    ):
        with pytest.raises(ScreenDiffers, match="Claim: Claim number did not keep what was entered"):
            clerk.does(BOTH + "- press: Save")

        assert here.posts == []


UPLOAD = """
timeout: 5s
pages:
  Entry:
    path: /
    see: New claim
    fields: {Kind: Kind, Scan: Scan}
    buttons: {Save: {label: Save, to: Saved}}
  Saved: {see: Saved}
"""
FILED = """<h1>New claim</h1><form method=post action=/back enctype=multipart/form-data>
<label>Kind <select name=kind onchange="form.submit()"><option>Choose<option %s>Storm</select></label>
<label>Scan <input type=file name=scan></label><button formaction=/save>Save</button></form>"""


def test_a_file_that_a_postback_forgot_is_noticed_before_the_save(chromium: Browser, tmp_path: Path) -> None:
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF-")
    steps = "- open: Entry\n- attach: {Scan: $form}\n- choose: {Kind: Storm}\n- press: Save"
    with (
        site({"/": FILED % "", "/back": FILED % "selected", "/save": "Saved"}) as here,
        at_work(chromium, UPLOAD, here.url, document=scan) as clerk,
    ):
        with pytest.raises(ScreenDiffers, match="Entry: Scan did not keep what was entered"):
            clerk.does(steps)
        assert not [path for path, _ in here.posts if path == "/save"]

        clerk.does("- attach: {Scan: $form}\n- press: Save")
        assert clerk.screen.name == "Saved"
