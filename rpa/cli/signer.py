"""`rpa signer`."""

from contextlib import suppress
from pathlib import Path

import click

from rpa.errors import ExitCode


@click.command("signer")
@click.option("--socket", "path", type=click.Path(path_type=Path), required=True, help="Where it is asked.")
@click.option(
    "--folder", type=click.Path(file_okay=False, path_type=Path), default="signer", help="Where it keeps."
)
@click.option("--new-key", is_flag=True, help="Let a new key follow the one that there is, and then serve.")
def command(path: Path, folder: Path, *, new_key: bool) -> int:
    """Sign the audit log's checkpoints with a key that the log's account can't read.

    It signs no tree that does not go on from the last one. Run it under an account of its own, whose group may use
    the socket, and name the socket in rpa.toml.
    """
    from rpa.audit.keys import create_key, private_key
    from rpa.audit.memory import Memory
    from rpa.audit.newkey import follow, last_change
    from rpa.audit.serve import socket_server
    from rpa.audit.signer import SigningProcess

    create_key(folder)
    memory = Memory(folder / "logs")
    if new_key:
        follow(folder, memory)
    change = last_change(folder)
    key = private_key(folder)
    with socket_server(path, SigningProcess(key, memory, change).answer) as server:
        click.echo(f"key: {key.public}")
        with suppress(KeyboardInterrupt):  # it promises nothing that it has not kept
            server.serve_forever()
    return ExitCode.DONE
