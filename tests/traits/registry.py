"""A registry whose saves go wrong, and the performer entering one claim in it, with a ledger on a real disk."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from html import escape
from pathlib import Path

from playwright.sync_api import Browser

from rpa.actions.base import Stage
from rpa.audit.entry import Actor
from rpa.browser.evidence import picture
from rpa.browser.session import Session
from rpa.case import Case
from rpa.definitions.bot import Entry, Retry
from rpa.keeping.folder import Pictures
from rpa.performer import perform
from rpa.records import Record
from rpa.secrets.base import Credential
from rpa.store.intake import NewEntry, NewItem
from rpa.store.owner import Owner
from rpa.store.store import Store
from rpa.work import Transaction
from tests.rpa.browser.small_site import Reply, Site, at, site
from tests.traits.clerk import definition, record, system_of

ROBOT = Actor(kind="bot", id="claims", name="claims")
FACTS = {"claim": ("text", "CL-7"), "amount": ("money", "1234.50"), "born": ("date", "1961-04-30")}

MAP = """
timeout: %s
settle: 0s
pictures: false
credential: small
login:
  - open: Sign in
  - fill: {User ID: $credential.username}
  - press: Sign in
signed_out: {see: Please sign in}
pages:
  Sign in:
    path: /sign-in
    see: Please sign in
    fields: {User ID: User ID}
    buttons: {Sign in: {label: Sign in, to: Claims}}
  Claims:
    path: /claims
    see: All claims
    tables:
      Claims:
        columns: {Claim number: Claim number, Amount: Amount, Born on: Born on}
        empty: No claims yet
        buttons: {Open: {label: Open, to: Claim}}
  Claim: {see: One claim, fields: {Amount: Amount, Born on: Born on}}
  Entry:
    path: /new
    see: New claim
    fields: {Claim number: Claim number, Amount: Amount, Born on: Born on}
    buttons: {Save: {label: Save, to: Saved}}
    refused: .error
  Saved: {see: Saved}
"""
ENTRY = """
system: small
search:
  - open: Claims
  - find: {Claims: {Claim number: $claim}}
create:
  - open: Entry
  - fill: {Claim number: $claim, Amount: $amount, Born on: $born}
submit:
  - press: Save
confirm:
  - press: Open
  - expect: {Amount: $amount, Born on: $born}
"""


@dataclass
class Registry:
    """Keeps *rows* and answers each save in turn as *answers* say; then all is well.

    An answer may keep the row or not; the page that it gives is what the browser gets. *form* is the page with the
    form.
    """

    answers: list[Callable[["Registry", dict[str, str]], str | Reply]]
    rows: list[dict[str, str]] = field(default_factory=list)
    site: Site | None = None
    form: Callable[[], str | Reply] = lambda: NEW

    def pages(self) -> Mapping[str, Callable[[], str | Reply]]:
        """Return the pages of the site."""
        return {
            "/sign-in": lambda: SIGN_IN,
            "/claims": self._claims,
            "/claim": lambda: f"<h1>One claim</h1>{_values(self.rows[0])}",
            "/new": self.form,
            "/save": self._save,
        }

    def _claims(self) -> str:
        rows = "".join(
            f"<tr><td>{escape(row['claim'])}<td>{row['amount']}<td>{row['born']}<td><a href=/claim>Open</a>"
            for row in self.rows
        )
        heads = "<tr><th>Claim number<th>Amount<th>Born on<th>"
        return f"<h1>All claims</h1>{f'<table>{heads}{rows}</table>' if rows else 'No claims yet'}"

    def _save(self) -> str | Reply:
        assert self.site is not None
        answer = self.answers.pop(0) if self.answers else keep
        return answer(self, self.site.posts[-1][1])


SIGN_IN = """<h1>Please sign in</h1><form method=post action=/claims>
<label>User ID <input name=user></label><button>Sign in</button></form>"""
NEW = """<h1>New claim</h1><form method=post action=/save><label>Claim number <input name=claim></label>
<label>Amount <input name=amount></label><label>Born on <input name=born></label><button>Save</button></form>"""


def _values(row: Mapping[str, str]) -> str:
    return f"<table><tr><td>Amount<td>{row['amount']}<tr><td>Born on<td>{row['born']}</table>"


def keep(registry: Registry, row: dict[str, str]) -> str | Reply:
    """Keep the row and say so."""
    registry.rows.append(row)
    return "<h1>Saved</h1>"


@contextmanager
def registry(
    *answers: Callable[[Registry, dict[str, str]], str | Reply], form: Callable[[], str | Reply] = lambda: NEW
) -> Iterator[Registry]:
    """Serve a registry whose first saves are answered like this."""
    one = Registry(list(answers), form=form)
    with site(one.pages()) as here:
        one.site = here
        yield one


def entered(
    browser: Browser, one: Registry, folder: Path, *, timeout: str = "5s", pictures: bool = False
) -> Transaction:
    """Enter the claim as a worker does; return where its transaction ended."""
    assert one.site is not None
    page_map = MAP.replace("pictures: false", f"pictures: {pictures}".lower())
    system, entry, facts = system_of(page_map % timeout), definition(ENTRY, Entry), record(FACTS)
    with (
        Store.open(folder, actor=ROBOT) as store,
        Owner.hold(folder) as owner,
        Session(browser, at(system, one.site.url), Credential("small", "clerk", "-")) as session,
    ):
        _add(store, facts)
        reserved = store.reserve(owner, ["small"])
        assert reserved is not None
        stage = Stage(session, facts, {}, lambda _: folder)
        kept = partial(_kept, folder / "evidence")
        return perform(Case(reserved.transaction, entry, Retry(), stage, store, owner, picture=kept))


def _kept(folder: Path, shown: Stage) -> str:
    return Pictures(folder).keep(picture(shown.screen, set(shown.record.personal_texts())))


def _add(store: Store, facts: Record) -> None:
    run = store.start_run("claims", "b" * 64, "test")
    item = NewItem(
        reference="CL-7",
        record=facts.to_json(),
        fingerprint=facts.fingerprint,
        entries=(NewEntry("small", "small"),),
        sources={},
        place="page 1",
        document="d" * 64,
    )
    store.add(run, item)
