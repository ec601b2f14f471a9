"""How the console is reached, and by whom."""

from pydantic import Field, IPvAnyAddress

from rpa.people import Role
from rpa.settings.base import Section
from rpa.settings.provider import OidcSettings
from rpa.settings.public import IntakeSettings


class ConsoleSettings(Section):
    """How the console is reached."""

    port: int = Field(default=8732, ge=0, le=65535)
    """Where it answers on 127.0.0.1; 0 takes a free port."""
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """The names under which browsers may ask for it; a request for another one is refused."""
    proxy: IPvAnyAddress | None = None
    """From where the proxy before it asks, such as `127.0.0.1`: its `X-Forwarded-For` alone is believed."""
    second_factor: tuple[Role, ...] = ()
    """The roles that need a second factor: whoever has one of them sets it up before anything else."""
    oidc: OidcSettings | None = None
    """The identity provider by which staff sign in."""
    intake: IntakeSettings | None = None
    """The public page, on a port of its own."""
