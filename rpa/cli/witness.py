"""`rpa witness`."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from rpa.errors import ExitCode, SetupError

if TYPE_CHECKING:
    from rpa.audit.note import PublicKey


@click.command("witness")
@click.option("--log", "logs", multiple=True, required=True, help="The public key of a log, its audit.pub.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default="witness", help="Where it keeps."
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address that it listens at.")
@click.option("--port", default=8721, show_default=True, help="The port; 0 takes any that is free.")
def command(logs: tuple[str, ...], folder: Path, host: str, port: int) -> int:
    """Watch the audit logs of others: keep the last checkpoint of each, sign that it goes on from the one before.

    Run it on another machine, for other people than the log's administrators.
    """
    from rpa.audit.keys import create_key, private_key
    from rpa.audit.memory import Memory
    from rpa.audit.note import COSIGNATURE
    from rpa.audit.serve import http_server
    from rpa.audit.witness import Witness

    create_key(folder, COSIGNATURE)
    key = private_key(folder, COSIGNATURE)
    witness = Witness(key, {one.name: one for one in map(_log, logs)}, Memory(folder / "logs"))
    with http_server(host, port, witness.answer) as server:
        click.echo(f"key: {key.public}")
        click.echo(f"url: http://{host}:{server.server_address[1]}")
        with suppress(KeyboardInterrupt):  # it promises nothing that it has not kept
            server.serve_forever()
    return ExitCode.DONE


def _log(text: str) -> "PublicKey":
    from rpa.audit.note import PublicKey

    path = Path(text)
    try:
        return PublicKey.parse(path.read_text("ascii", errors="replace") if path.is_file() else text)
    except ValueError as error:
        raise SetupError(f"--log {text}: {error}") from None
