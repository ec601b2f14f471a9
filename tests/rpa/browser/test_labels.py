"""A label that a person would read at one field leads to that field and to no other."""

import pytest
from playwright.sync_api import Browser, Page

from rpa.browser import form
from rpa.errors import NotOnScreen
from tests.rpa.browser.form_pages import entry

LAYOUTS = {
    "a label with for": ("<label for=x>Name</label><input id=x><input>", "Name"),
    "a label around": ("<label>Name <input id=x></label><input>", "Name"),
    "a label around, after the box": ("<label><input id=x> Name</label><input>", "Name"),
    "colon, asterisk and required": ("<label for=x>Name: * (required)</label><input id=x>", "Name"),
    "the map writes the colon": ("<label for=x>Name</label><input id=x>", "Name:"),
    "letter case and hard spaces": ("<label for=x>CLAIM&nbsp;&nbsp;no</label><input id=x>", "Claim No"),
    "a full-width colon": ("<label for=x>名前\uff1a</label><input id=x>", "名前"),
    "a help button in the label": ("<label for=x>Name <button type=button>?</button></label><input id=x>", "Name"),
    "aria-label": ("<input aria-label=Name id=x><input>", "Name"),
    "aria-labelledby of two": (
        "<b id=a>Home</b><b id=b>phone</b><input aria-labelledby='a b' id=x>",
        "Home phone",
    ),
    "the cell to the left": ("<table><tr><td>Name:<td><input id=x><tr><td>City<td><input></table>", "Name"),
    "a spacer cell between": ("<table><tr><td>Name<td>&nbsp;<td><input id=x></table>", "Name"),
    "two fields in a row of cells": ("<table><tr><td>Name<td><input><td>City<td><input id=x></table>", "City"),
    "a nested layout table": (
        "<table><tr><td>Name<td><table><tr><td><input id=x></table><tr><td>City<td><input></table>",
        "Name",
    ),
    "a label cell over two rows": (
        "<table><tr><td rowspan=2>Address<td>no post box<tr><td><input id=x></table>",
        "Address",
    ),
    "a unit list behind the box": (
        "<table><tr><td>Amount<td><input id=x><select><option>USD</select></table>",
        "Amount",
    ),
    "a check box behind the box": (
        "<table><tr><td>Amount<td><input id=x><input type=checkbox> unknown</table>",
        "Amount",
    ),
    "a labelled box behind the box": (
        "<table><tr><td>Amount<td><input id=x> <label for=y>Cents</label><input id=y></table>",
        "Amount",
    ),
    "the cell above": ("<table><tr><th>ZIP<th>City<tr><td><input><td><input id=x></table>", "City"),
    "the cell above, with spans": (
        "<table><tr><td colspan=2>Place<td>City<tr><td><input><td><input><td><input id=x></table>",
        "City",
    ),
    "pairs of rows": (
        "<table><tr><td>ZIP<tr><td><input><tr><td>City<tr><td><input id=x></table>",
        "City",
    ),
    "text before": ("Name: <input id=x> City: <input>", "Name"),
    "text before, second on the line": ("Name: <input> City: <input id=x>", "City"),
    "bold text before": ("<b>Name</b>: <input id=x><br><b>City</b>: <input>", "Name"),
    "text above, with a break": ("Name<br><input id=x><br>City<br><input>", "Name"),
    "a label without for": ("<p><label>Name</label><input id=x></p><p><input></p>", "Name"),
    "a block before": ("<div>Name</div><div><input id=x></div><div>City</div><div><input></div>", "Name"),
    "a definition list": ("<dl><dt>Name<dd><input id=x><dt>City<dd><input></dl>", "Name"),
    "grid columns": (
        "<div><div>Name</div><div><span><input id=x></span></div></div><div><div>City</div><input></div>",
        "Name",
    ),
    "text behind a check box": ("<input type=checkbox id=x> Urgent <input type=checkbox> Appeal", "Urgent"),
    "a check box in its row": ("<table><tr><td>Urgent<td><input type=checkbox id=x> yes</table>", "Urgent"),
    "a check box hidden behind its label": (
        "<input type=checkbox id=x style='position:absolute;width:0;height:0'><label for=x>Urgent</label>",
        "Urgent",
    ),
    "the placeholder": ("<input placeholder='Name' id=x><input placeholder=City>", "Name"),
    "the title": ("<input title='Name' id=x><input title=City>", "Name"),
    "label before placeholder": ("<label for=x>Name</label><input id=x><input placeholder=Name>", "Name"),
    "a hidden twin": ("<div hidden>Name <input></div><div>Name <input id=x></div>", "Name"),
    "a trap pushed off the page": (
        "<div style='position:absolute;left:-9999px'>Name <input></div><div>Name <input id=x></div>",
        "Name",
    ),
    "a label in a shadow root": (
        "<a-box><template shadowrootmode=open><label>Name <input id=x></label></template></a-box>",
        "Name",
    ),
    "a component in a cell": (
        "<table><tr><td>Name<td><a-box><template shadowrootmode=open><input id=x></template></a-box></table>",
        "Name",
    ),
    "a select with a label around": (
        "<label>Plan <select id=x><option>Gold<option>yes</select></label>",
        "Plan",
    ),
}


@pytest.fixture(scope="module")
def window(chromium: Browser) -> Page:
    return chromium.new_page()


@pytest.mark.parametrize("layout", LAYOUTS, ids=list(LAYOUTS))
def test_a_label_leads_to_the_field_that_a_person_would_take(window: Page, layout: str) -> None:
    body, label = LAYOUTS[layout]
    window.evaluate("body => document.body.setHTMLUnsafe(body)", body)
    form.fill(window.main_frame, entry(label, "yes"), timeout=0)
    assert window.evaluate(ENTERED) == ["x"]


ENTERED = """() => {
  const found = [];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      if (element.shadowRoot) look(element.shadowRoot);
      const entered = element.type === 'checkbox' ? element.checked : element.value === 'yes';
      if (element.matches('input,select') && entered) found.push(element.id);
    }
  };
  look(document);
  return found;
}"""


AMBIGUOUS = {
    "two labels alike": "<label for=a>Name</label><input id=a><label for=b>Name</label><input id=b>",
    "boxes of one value": "Name: <input size=3> - <input size=4>",
    "boxes in one cell": "<table><tr><td>Name<td><input>/<input></table>",
    "rows of a grid": "<table><tr><th>No<th>Name<tr><td>1<td><input><tr><td>2<td><input></table>",
}


@pytest.mark.parametrize("layout", AMBIGUOUS, ids=list(AMBIGUOUS))
def test_a_label_at_several_fields_is_refused_and_nth_chooses(window: Page, layout: str) -> None:
    window.evaluate("body => document.body.setHTMLUnsafe(body)", AMBIGUOUS[layout])
    with pytest.raises(NotOnScreen, match=r"Name: 'Name' is on the screen 2 times .*add `nth`"):
        form.fill(window.main_frame, entry("Name", "yes"), timeout=0)
    form.fill(window.main_frame, entry("Name", "yes", nth=2), timeout=0)
    assert window.evaluate("[...document.querySelectorAll('input')].map(input => input.value)") == ["", "yes"]
    with pytest.raises(NotOnScreen, match="on the screen 2 times only; correct `nth`"):
        form.fill(window.main_frame, entry("Name", "yes", nth=3), timeout=0)


def test_a_label_that_is_not_there_is_answered_with_those_that_are(window: Page) -> None:
    window.evaluate(
        "body => document.body.setHTMLUnsafe(body)",
        "<label>Claim No: <input></label><table><tr><td>Member<td><input></table>"
        "<table><tr><th>Person<th>Days<tr><td>Ana Ortiz<td><input></table>",
    )
    with pytest.raises(NotOnScreen) as met:
        form.fill(window.main_frame, entry("Claim number", "CL-77"), timeout=0)
    assert str(met.value) == (
        "Claim number: 'Claim number' is not on the screen (seen: Claim No:, Member, Days); correct the page map"
    )
