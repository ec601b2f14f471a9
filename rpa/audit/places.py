"""Where checkpoints are published, out of reach of who rewrites the log: witnesses, timestamps, file, syslog."""

import os
import syslog
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from rpa.audit.call import AwayError, call_url
from rpa.audit.checkpoint import checkpoint_of
from rpa.audit.memory import RefusedError, Request
from rpa.audit.note import COSIGNATURE, NotGenuineError, PublicKey
from rpa.audit.signer import Prove
from rpa.audit.timestamps import NotStampedError, Timestamper
from rpa.audit.witness import newest_path
from rpa.errors import SetupError
from rpa.settings.audit import AuditSettings


class UnpublishedError(Exception):
    """A place has not taken a checkpoint."""


class Place(Protocol):
    """Takes checkpoints. *name* is how the log speaks of it."""

    @property
    def name(self) -> str:
        """The place's name."""
        ...

    def publish(self, note: str, last: int, prove: Prove) -> str | bytes | None:
        """Take the signed *note*; return a witness's signature, an authority's timestamp, or None.

        *last* is the size of the checkpoint that it took last, as far as the log knows. Raises `UnpublishedError`.
        """
        ...


@dataclass(frozen=True)
class WitnessPlace:
    """A witness (c2sp.org/tlog-witness) at *url*, whose answers *key* checks."""

    url: str
    key: PublicKey

    @property
    def name(self) -> str:
        """The witness's name."""
        return self.key.name

    def publish(self, note: str, last: int, prove: Prove) -> str:
        """Have the witness sign that it saw the checkpoint, from whatever tree it saw last."""
        try:
            line = self._add(note, last, prove)
        except RefusedError as refused:
            if refused.size is None or refused.size > checkpoint_of(note).size:
                raise UnpublishedError(_refusal(refused)) from None
            line = self._again(note, refused.size, prove)
        try:
            self.key.cosigned(note + line)
        except NotGenuineError as error:
            raise UnpublishedError(f"its answer is not its own: {error}") from None
        return line

    def _add(self, note: str, old: int, prove: Prove) -> str:
        try:
            return call_url(self.url, "POST", "/add-checkpoint", Request(old, prove(old), note).text())
        except AwayError as error:
            raise UnpublishedError(f"it can't be reached: {error}") from None

    def _again(self, note: str, old: int, prove: Prove) -> str:
        try:
            return self._add(note, old, prove)
        except RefusedError as refused:
            raise UnpublishedError(_refusal(refused)) from None

    def newest(self, origin: str) -> str:
        """Return the largest checkpoint of the log that it saw; raise `UnpublishedError` where it tells none."""
        try:
            return call_url(self.url, "GET", newest_path(origin), "")
        except (AwayError, RefusedError) as error:
            raise UnpublishedError(str(error)) from None


@dataclass(frozen=True)
class FilePlace:
    """A file that is only added to, best on a share that keeps what was written."""

    path: Path
    name: str = "file"

    def publish(self, note: str, last: int, prove: Prove) -> None:
        """Add the note and an empty line at the file's end, and have it on the disk."""
        del last, prove
        try:
            number = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
            with os.fdopen(number, "ab") as file:
                file.write(f"{note}\n".encode())
                file.flush()
                os.fsync(number)
        except OSError as error:
            raise UnpublishedError(error.strerror or "it can't be written") from None


@dataclass(frozen=True)
class SyslogPlace:
    """This machine's log, which passes it on to wherever it sends its lines; systemd's journal takes it too."""

    name: str = "syslog"

    def publish(self, note: str, last: int, prove: Prove) -> None:
        """Say the note on one line."""
        del last, prove
        syslog.openlog("keyonce", facility=syslog.LOG_AUTHPRIV)
        syslog.syslog(syslog.LOG_NOTICE, f"checkpoint {' '.join(note.split())}")


@dataclass(frozen=True)
class TimestampPlace:
    """A timestamping authority (RFC 3161)."""

    authority: Timestamper

    @property
    def name(self) -> str:
        """The authority's name."""
        return self.authority.name

    def publish(self, note: str, last: int, prove: Prove) -> bytes:
        """Have the authority sign when it was shown the checkpoint."""
        del last, prove
        try:
            return self.authority.stamp(note)
        except NotStampedError as error:
            raise UnpublishedError(str(error)) from None


def places_of(settings: AuditSettings, folder: Path) -> Sequence[Place]:
    """Return where the settings want checkpoints published; raise `SetupError` as `witnesses_of` does."""
    places: list[Place] = list(witnesses_of(settings))
    places += [TimestampPlace(one) for one in authorities_of(settings, folder)]
    if settings.file is not None:
        places.append(FilePlace(folder / settings.file))
    return [*places, SyslogPlace()] if settings.syslog else places


def authorities_of(settings: AuditSettings, folder: Path) -> list[Timestamper]:
    """Return the timestamping authorities of the settings; raise `SetupError` without the library for them."""
    if settings.timestamps and find_spec("rfc3161_client") is None:
        raise SetupError("timestamps need a package more: pip install 'keyonce[rfc3161]'")
    return [Timestamper(one.url, folder / one.roots) for one in settings.timestamps]


def witnesses_of(settings: AuditSettings) -> list[WitnessPlace]:
    """Return the witnesses of the settings; raise `SetupError` for one without a true key."""
    return [WitnessPlace(one.url, _key(one.key)) for one in settings.witnesses]


def _key(text: str) -> PublicKey:
    try:
        return PublicKey.parse(text, COSIGNATURE)
    except ValueError as error:
        raise SetupError(f"rpa.toml: a witness's key {error}; the witness shows it when it starts") from None


def _refusal(refused: RefusedError) -> str:
    if refused.size is not None:
        return f"it has seen another log: one of {refused.size} entries"
    return f"it refused, {refused.status}: {refused}"
