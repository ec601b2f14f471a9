"""Sets the stage for a record in a system: a session free, its documents at hand, pictures of what was done."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path

from rpa.actions.base import Stage
from rpa.audit.entry import Event
from rpa.browser.evidence import picture
from rpa.browser.session import Session
from rpa.definitions.bot import Entry
from rpa.definitions.step import REFERENCE
from rpa.errors import BusinessException
from rpa.project import Project
from rpa.records import Record
from rpa.store.faults import on_disk
from rpa.store.store import Store
from rpa.work import Receipt, Transaction


def stage(
    project: Project, session: Session, record: Record, receipts: Mapping[str, Receipt], at_hand: ExitStack
) -> Stage:
    """Return where the entry's steps are acted out. *receipts* are those of the record's other entries.

    Its documents are fetched once each, and are there until *at_hand* is closed.
    """

    @cache
    def document(name: str) -> Path:
        attached = record.documents[name]
        return at_hand.enter_context(project.files.fetched(attached.sha256, attached.name)).path

    return Stage(session, record, receipts, document)


def fetch(shown: Stage, entry: Entry) -> None:
    """Have at hand what the entry attaches before anything of it is begun: without it nothing is entered.

    Raises `LedgerFailed` where the place can't be reached. What is wrong with one document is told where the entry
    attaches it: the record is rejected for it, and no other one waits.
    """
    named = {name for step in entry.steps() for name, _ in step.references()}
    for name in sorted(named & shown.record.documents.keys()):
        with suppress(BusinessException):
            shown.document(name)


def write_denied(store: Store, session: Session, transaction: Transaction | None = None) -> None:
    """Write into the audit log what the session's pages asked for that is not the system's; each address once."""
    for address in session.denied():
        data = {"system": session.system.system, **asdict(address)}
        store.log.append(Event.EGRESS_DENIED, transaction=transaction, data=data)


def keep_picture(project: Project, entry: Entry, shown: Stage) -> str:
    """Keep a picture of the screen in front as evidence; return its SHA-256.

    Covered are the texts of personal fields in every usual spelling, and whatever stands in the screen's fields
    that the bot gives personal values to, however the screen spells it. Raises `LedgerFailed` where the disk does
    not take it: then the worker stops, and what it has promised is settled by the next run.
    """
    hidden = [name for name in _personal_fields(entry, shown.record) if name in shown.screen.page.fields]
    content = picture(shown.screen, set(shown.record.personal_texts()), hidden)
    with on_disk(project.evidence.where):
        return project.evidence.keep(content)


def _personal_fields(entry: Entry, record: Record) -> Iterator[str]:
    for step in entry.steps():
        for place, text in step.root.texts():
            match = REFERENCE.fullmatch(text)
            field = record.fields.get(match[1]) if match and match[2] is None else None
            if place and field is not None and field.personal:  # an action's text alone is no field of the screen
                yield str(place[-1])
