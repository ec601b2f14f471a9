"""By which identity provider staff sign in."""

from pydantic import Field, field_validator

from rpa.people import Role
from rpa.settings.base import Section


class OidcSettings(Section):
    """The organization's identity provider (OpenID Connect), by which staff sign in to the console."""

    issuer: str = Field(pattern=r"^(https://|http://(127\.0\.0\.1|localhost)[:/])")
    """What the provider calls itself, letter by letter; its discovery document is found below it."""
    client_id: str
    """The name under which the console is registered there."""
    credential: str
    """The credential whose password is the client's secret."""
    name: str = "your organization"
    """What the button to sign in calls it."""
    scope: str = "openid profile"
    """What the provider is asked for; some give groups for a scope `groups` alone."""
    claim: str = "groups"
    """The claim that holds somebody's groups: its name, or the dotted way to it (`realm_access.roles`)."""
    roles: dict[Role, list[str]]
    """By role, the groups that have it. Whoever is in none of them does not come in."""
    local_accounts: bool = True
    """Whether accounts of the console's own may sign in too."""

    @field_validator("scope")
    @classmethod
    def _openid(cls, scope: str) -> str:
        if "openid" not in scope.split():
            raise ValueError("has to hold openid: without it the provider does not say who somebody is")
        return scope
