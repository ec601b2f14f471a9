"""Widgets with scripts of their own: they believe what was entered, or the field that they refuse is named."""

import pytest
from playwright.sync_api import Browser

from fixtures.pages.server import PageServer
from rpa.errors import BusinessException, DefinitionError, NotOnScreen, ScreenDiffers
from tests.traits.clerk import CLAIM, at_work

ZOO = """
timeout: 5s
pages:
  Entry:
    path: /widgets.html
    see: Widget zoo
    fields:
      Account code: Account code
      Amount: Amount claimed
      Born on: Date of birth
      Born as written: {label: Date of birth, format: MM/DD/YYYY}
      Dependents: Dependents
      Salary: Salary
      Salary as written: {label: Salary, format: '#.##0,00'}
      Quantity: Quantity
      Unit price: Unit price
      Total: Total
      E-mail: E-mail
      Repeat e-mail: Repeat e-mail
      Case worker: Case worker
      Closed on: Closed on
      Internal note: Internal note
      County: County
      Township: Township
      Department: Department
      Provider: Provider
      Decision: Decision
      Findings: Findings
      Case number: Case number
      Vehicle: Vehicle
      SSN: SSN
      Middle name: Middle name
      Street: Street
      City: City
    buttons: {Submit: {label: Submit, to: Received}}
  Received: {see: Your entry was received}
  Bank: {path: /widgets.html, frame: bank, fields: {Bank name: Bank name}}
  Bank code: {path: /widgets.html, frame: [bank, inner], fields: {Routing number: Routing number}}
"""
CASE = CLAIM | {
    "born": ("date", "1961-04-30"),
    "county": ("text", "Bond"),
    "town": ("text", "Springfield"),
    "email": ("email", "ana@ortiz.example"),
    "long": ("text", "ACC-123"),
    "salary": ("money", "41250.50"),
}


def test_widgets_with_scripts_of_their_own_believe_what_was_entered(chromium: Browser, pages: PageServer) -> None:
    fields = """{Repeat e-mail: $email, E-mail: $email, Amount: $amount, Born on: $born, Dependents: "3",
        Quantity: "3", Unit price: "12.50", County: $county, Township: $town, Department: Licensing,
        Provider: Northfield Dental, Decision: Granted in part, Findings: Hail marks, Case number: C-1009,
        Vehicle: Pickup, SSN: 123-45-6789, Middle name: Lucía, Street: 12 Canal Street, City: $town,
        Salary: $salary}"""
    with at_work(chromium, ZOO, pages.url, facts=CASE) as clerk:
        clerk.does(f"- open: Entry\n- fill: {fields}\n- press: Submit")

    post = pages.posts[-1]
    believed = {name.removeprefix("model:"): texts[0] for name, texts in post.fields.items()}
    assert (
        believed
        | {
            "Repeat e-mail": "ana@ortiz.example",
            "E-mail": "ana@ortiz.example",
            "amount": "1,234.50",
            "Date of birth": "1961-04-30",
            "Dependents": "3",
            "Total": "37.50",
            "County": "Bond",
            "Township": "Springfield",
            "Department": "Licensing",
            "Provider": "102 Northfield Dental",
            "Decision": "Granted in part",
            "Findings": "Hail marks",
            "Case number": "C-1009",
            "Vehicle": "Pickup",
            "SSN": "123-45-6789",
            "Middle name": "Lucía",
            "Street": "12 Canal Street",
            "City": "Springfield",
            "Case worker": "R. Mills",
        }
        == believed
    )


def test_boxes_in_frames_and_in_frames_of_frames_take_their_values(chromium: Browser, pages: PageServer) -> None:
    with at_work(chromium, ZOO, pages.url) as clerk:
        clerk.does("""
        - open: Bank
        - fill: {Bank name: First County}
        - see: Bank code
        - fill: {Routing number: "071000013"}
        """)

        assert clerk.shows("Routing number") == {"Routing number": "071000013"}


REFUSED = [
    ("{Account code: $long}", BusinessException, "longer than the 5 characters"),
    ("{Born as written: $born}", DefinitionError, "input of type date: leave `format` out"),
    ("{Salary as written: $salary}", ScreenDiffers, "compare `format`"),
    ("{Case worker: Nobody}", NotOnScreen, "'Case worker' is read-only"),
    ("{Closed on: today}", NotOnScreen, "'Closed on' is disabled"),
    ("{Internal note: none}", NotOnScreen, "hidden"),
    ("{Provider: Northwest Clinic}", ScreenDiffers, "does not show what was entered"),
]


@pytest.mark.parametrize(("fields", "kind", "words"), REFUSED, ids=[one[0].split(":")[0][1:] for one in REFUSED])
def test_what_the_screen_does_not_take_is_told_by_the_fields_name_and_not_sent(
    chromium: Browser, pages: PageServer, fields: str, kind: type[Exception], words: str
) -> None:
    impatient = ZOO.replace("timeout: 5s", "timeout: 2s")
    with at_work(chromium, impatient, pages.url, facts=CASE) as clerk, pytest.raises(kind, match=words) as met:
        clerk.does(f"- open: Entry\n- fill: {fields}\n- press: Submit")

    assert "ACC-123" not in str(met.value)
    assert pages.posts == []
