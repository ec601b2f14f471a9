"""A clerk at one system: a page map and steps as YAML says them, acted out by the engine in a real browser."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Browser

from rpa.actions.base import Stage
from rpa.actions.table import act
from rpa.browser.screen import Screen
from rpa.browser.session import Session
from rpa.definitions.base import Definition
from rpa.definitions.bot import Steps
from rpa.definitions.check_system import check_system
from rpa.definitions.library import understand
from rpa.definitions.system import System
from rpa.definitions.vocabulary import Vocabulary
from rpa.definitions.yaml import Source
from rpa.fields.base import FieldOptions
from rpa.fields.table import field_type
from rpa.records import FieldValue, Record
from rpa.secrets.base import Credential
from tests.rpa.browser.small_site import at

_D = TypeVar("_D", bound=Definition)

NOTHING_ELSE = Vocabulary(
    field_types=(),
    readers=(),
    reader_options=lambda _: (),
    actions=tuple,
    expression_problem=lambda _spec, _expression, _result: None,
)


class _List(Definition):
    steps: Steps


@dataclass
class Clerk:
    """Does steps with one record in one session."""

    session: Session
    stage: Stage

    def does(self, steps: str) -> None:
        """Act out a list of steps."""
        act(self.stage, steps_of(steps))

    def shows(self, *fields: str) -> dict[str, str]:
        """Return what the fields of the page in front show."""
        return self.screen.read(fields)

    @property
    def screen(self) -> Screen:
        """The page in front."""
        return self.session.screen


@contextmanager
def at_work(
    browser: Browser,
    page_map: str,
    url: str,
    *,
    facts: Mapping[str, tuple[str, str]] | None = None,
    credential: Credential | None = None,
    document: Path | None = None,
) -> Iterator[Clerk]:
    """Sit a clerk down at the system of *page_map*, with a record of *facts* and, as `$form`, its *document*."""
    with Session(browser, at(system_of(page_map), url), credential) as session:
        yield Clerk(session, Stage(session, record(CLAIM | dict(facts or {})), {}, lambda _: document or Path()))


CLAIM = {"claim": ("text", "CL-7"), "amount": ("money", "1234.50")}
"""The record that most fixture pages ask for: each field's type, and the text as a document has it."""


def record(facts: Mapping[str, tuple[str, str]]) -> Record:
    """Return the record whose fields have these types and texts."""
    return Record({name: _typed(kind, text) for name, (kind, text) in facts.items()})


def system_of(page_map: str) -> System:
    """Return the page map, which has to be one that `rpa check` lets pass."""
    source, system = _understood(f"system: small\nurl: http://small.example\n{page_map}", System)
    assert check_system(system, source, NOTHING_ELSE) == []
    return system


def steps_of(steps: str) -> Steps:
    """Return the steps of a YAML list."""
    return _understood("steps:\n" + steps, _List)[1].steps


def definition(text: str, kind: type[_D]) -> _D:
    """Return the definition that a YAML text says."""
    return _understood(text, kind)[1]


def claim_page(path: str, *, more: str = "") -> str:
    """Return the map of a fixture page with a claim's two fields, and of the page that says Received."""
    return f"""
timeout: 5s
pages:
  Entry:
    path: /{path}
    fields: {{Claim number: Claim number, Amount: {{label: Amount, format: '#,##0.00'}}}}
    buttons:
      Save: {{label: Save, to: Received}}
    {more}
  Received: {{see: Your entry was received}}
"""


ENTER = """
- open: Entry
- fill: {Claim number: $claim, Amount: $amount}
- press: Save
"""

ENTERED = {"claim": ["CL-7"], "amount": ["1,234.50"]}
"""What the fixture pages post for `ENTER`."""


def _typed(kind: str, text: str) -> FieldValue:
    value = field_type(kind).parse(text, FieldOptions())
    return FieldValue(type=kind, value=value, raw=text, source=None, personal=False)


def _understood(text: str, kind: type[_D]) -> tuple[Source, _D]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "definition.yaml"
        path.write_text(text, "utf-8")
        defined = understand(path, kind)
    assert isinstance(defined.definition, kind), defined.problems
    return defined.source, defined.definition
