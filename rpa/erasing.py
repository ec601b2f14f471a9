"""A subject's records are erased from this machine: documents, pictures, what was made of them, the ledger.

Files go first. An erasure that breaks off is then begun again, by the same name; the other way round, nobody would
know any more which files were the subject's.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rpa.errors import BusinessException, SetupError
from rpa.project import Project
from rpa.store.erasure import Holding
from rpa.store.store import Store

MADE = ("results", "shown")
"""Folders that are made from records and documents, and made anew whenever they are asked for."""


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased: *references* of records; numbers of files; *left* are documents that hold others too."""

    references: tuple[str, ...]
    documents: int
    pictures: int
    left: tuple[str, ...]


def erase(
    project: Project, store: Store, subject: str, *, bot: str | None, authority: str, shared: bool = False
) -> Erased:
    """Erase all that is held of *subject*; with *shared* also documents that hold records of others.

    A document that could not be read has no subject: it is named as `rpa queue` does, such as `document-3`.

    Raises `BusinessException` as `Personal.holding` does, and without an authority; `SetupError` for a file that
    can't be deleted, and for an account of the database that does not own its tables.
    """
    if not authority.strip():
        raise BusinessException("say by what authority: a rule or a decision", field="authority")
    store.require_owner()
    if re.fullmatch(r"document-\d+", subject):
        return _erase_unread(project, store, subject, authority)
    held = store.personal.holding(subject, bot)
    _delete_made(project)
    erased = _erase(project, store, held, authority, shared=shared)
    store.personal.clean()
    return erased


def expire(project: Project, store: Store, before: datetime, authority: str) -> Erased:
    """Erase all that is held of subjects of whom nothing has moved since *before*, as the retention says."""
    store.require_owner()
    done: list[Erased] = []
    try:
        for held in store.personal.expired(before):
            if not done:
                _delete_made(project)
            done.append(_erase(project, store, held, authority, shared=False))
    finally:  # also for what was erased before something went wrong
        if done:
            store.personal.clean()
    return Erased(
        references=tuple(reference for one in done for reference in one.references),
        documents=sum(one.documents for one in done),
        pictures=sum(one.pictures for one in done),
        left=tuple(sorted({sha256 for one in done for sha256 in one.left if _is_kept(project, sha256)})),
    )


def _erase(project: Project, store: Store, held: Holding, authority: str, *, shared: bool) -> Erased:
    gone = held.documents | (held.shared if shared else frozenset())
    for sha256 in gone:
        _delete_document(project, sha256)
    _delete_pictures(project, held)
    store.personal.erase(held, authority, gone)
    left = tuple(sorted((held.documents | held.shared) - gone))
    return Erased(references=held.references, documents=len(gone), pictures=len(held.pictures), left=left)


def _is_kept(project: Project, sha256: str) -> bool:
    return project.files.holds(sha256)


def _delete_made(project: Project) -> None:
    for folder in MADE:
        _delete(project.settings.state_folder / folder)


def _erase_unread(project: Project, store: Store, waiting_id: str, authority: str) -> Erased:
    sha256 = store.personal.unread_document(waiting_id)
    _delete_document(project, sha256)
    store.personal.erase_document(sha256, authority)
    store.personal.clean()
    return Erased(references=(), documents=1, pictures=0, left=())


def _delete_pictures(project: Project, held: Holding) -> None:
    for name in held.pictures:
        with _in_words():
            project.evidence.delete(name)


def _delete_document(project: Project, sha256: str) -> None:
    with _in_words():
        project.files.delete(sha256)


def _delete(folder: Path) -> None:
    with _in_words(), suppress(FileNotFoundError):
        shutil.rmtree(folder)


@contextmanager
def _in_words() -> Iterator[None]:
    """Say which file can't be deleted: what stays is never told as gone."""
    try:
        yield
    except OSError as refusal:
        words = f"{refusal.filename} can't be deleted ({refusal.strerror}): see to it, then erase again"
        raise SetupError(words) from refusal
