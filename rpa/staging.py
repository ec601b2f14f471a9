"""Sets the stage for a record in a system: a session free, its documents at hand, pictures of what was done."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from rpa.actions.base import Stage
from rpa.audit.entry import Event
from rpa.browser.evidence import keep, picture
from rpa.browser.session import Session
from rpa.definitions.bot import Entry
from rpa.definitions.step import REFERENCE
from rpa.project import Project
from rpa.records import Record
from rpa.store.faults import on_disk
from rpa.store.store import Store
from rpa.work import Receipt, Transaction


def stage(project: Project, session: Session, record: Record, receipts: Mapping[str, Receipt]) -> Stage:
    """Return where the entry's steps are acted out. *receipts* are those of the record's other entries."""

    def document(name: str) -> Path:
        attached = record.documents[name]
        return project.files.path(attached.sha256, attached.name)

    return Stage(session, record, receipts, document)


def write_denied(store: Store, session: Session, transaction: Transaction | None = None) -> None:
    """Write into the audit log what the session's pages asked for that is not the system's; each address once."""
    for address in session.denied():
        data = {"system": session.system.system, **asdict(address)}
        store.append(Event.EGRESS_DENIED, transaction=transaction, data=data)


def keep_picture(project: Project, entry: Entry, shown: Stage) -> str:
    """Keep a picture of the screen in front as evidence; return its SHA-256.

    Covered are the texts of personal fields in every usual spelling, and whatever stands in the screen's fields
    that the bot gives personal values to, however the screen spells it. Raises `LedgerFailed` where the disk does
    not take it: then the worker stops, and what it has promised is settled by the next run.
    """
    hidden = [name for name in _personal_fields(entry, shown.record) if name in shown.screen.page.fields]
    content = picture(shown.screen, set(shown.record.personal_texts()), hidden)
    with on_disk(project.evidence_folder):
        return keep(project.evidence_folder, content)


def _personal_fields(entry: Entry, record: Record) -> Iterator[str]:
    for step in entry.steps():
        for place, text in step.root.texts():
            match = REFERENCE.fullmatch(text)
            field = record.fields.get(match[1]) if match and match[2] is None else None
            if place and field is not None and field.personal:  # an action's text alone is no field of the screen
                yield str(place[-1])
