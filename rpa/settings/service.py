"""How the service runs, and whom it tells."""

from pydantic import Field

from rpa.settings.base import Section


class ServiceSettings(Section):
    """How `rpa serve` runs here."""

    port: int = Field(default=8731, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names under which programs may ask for it; a request for another one is refused."""
    runs: int = Field(default=2, ge=1, le=64)
    """How many runs may go on at once."""
    heartbeat: str | None = None
    """The credential whose password is a web address; it is asked for every minute while all goes well."""


class NoticeSettings(Section):
    """Who is told what needs a person, and how often at most."""

    to: dict[str, str] = Field(default_factory=dict)
    """By whom a bot's `notify` names: the credential whose password is their address; `*` is for all others."""
    gather: float = Field(default=60, ge=0)
    """Seconds in which what comes is gathered into one notice."""
    again: float = Field(default=900, ge=0)
    """Seconds until the same person is told again."""
