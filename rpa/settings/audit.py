"""Who signs the audit log, and who is shown its checkpoints."""

from pathlib import Path

from rpa.settings.base import Section
from rpa.url import Url


class WitnessSettings(Section):
    """A witness that is shown the audit log's checkpoints."""

    url: Url
    """Where it is reached."""
    key: str
    """Its public key, `name+id+key`, as it shows it when it starts."""


class TimestampSettings(Section):
    """A timestamping authority that signs the audit log's checkpoints with its time (RFC 3161)."""

    url: Url
    """Where it is asked."""
    roots: Path
    """A file with the certificates by which it is believed (PEM)."""


class AuditSettings(Section):
    """Who signs the audit log's checkpoints, and where they are published."""

    signer: Path | None = None
    """The socket of `rpa signer`; without it, the key `audit.key` signs."""
    witnesses: tuple[WitnessSettings, ...] = ()
    """Witnesses that cosign each checkpoint."""
    timestamps: tuple[TimestampSettings, ...] = ()
    """Timestamping authorities that sign each checkpoint."""
    file: Path | None = None
    """A file that each checkpoint is added to."""
    syslog: bool = False
    """Whether each checkpoint is said to this machine's syslog or journal."""
