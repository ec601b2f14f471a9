"""Who signs in to a mail server, and where that may be."""

from rpa.definitions.triggers import HERE
from rpa.errors import SetupError
from rpa.secrets.base import Credential, SecretStore


def allowed(secrets: SecretStore, name: str, scheme: str, server: str, port: int) -> Credential:
    """Return the credential; its owner says where it is sent, or who writes a trigger could have it sent anywhere.

    Raises `SetupError` where its owner does not allow it at this server.
    """
    place, credential = f"{scheme}://{server}:{port}", secrets.get(name)
    if not credential.origins and server not in HERE:
        words = f"it has no `origins`; its owner allows it at this server by `{place}`"
        raise SetupError(f"the credential {name} is sent to no mail server: {words}")
    credential.refuse_outside(place)
    return credential
