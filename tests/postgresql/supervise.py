"""`supervise.py FOLDER USERS PROGRAMS`: a PostgreSQL server in FOLDER until nobody holds the file USERS any more.

The operating system frees the locks of tests that were killed, too, so that no server outlives its tests.
PostgreSQL refuses to run as root, so root starts it as `nobody`, in a folder that is open to that account.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

NEW = ("--auth=trust", "--username=keyonce", "--encoding=UTF8", "--no-locale", "--no-sync")

QUICK = (
    "listen_addresses=",
    "fsync=off",
    "full_page_writes=off",
    "shared_buffers=32MB",
    "autovacuum=off",
    "max_connections=60",
)
"""What is tested here is the ledger's SQL, not PostgreSQL's disk."""


def main(folder: Path, users: Path, programs: Path) -> None:
    """Run the server beside whoever started this, and take its folder away in the end."""
    if os.fork():
        os._exit(0)
    os.setsid()
    account: dict[str, Any] = {}
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        account = {"user": "nobody", "group": "nogroup", "extra_groups": []}
        programs = _for_everybody(folder, programs)
    with (folder / "log").open("ab") as log, users.open("rb") as used:
        run = partial(subprocess.Popen, cwd=folder, env={"LC_ALL": "C"}, stdout=log, stderr=log, **account)
        with run([programs / "initdb", "-D", folder / "data", *NEW]) as made:
            made.wait()
        settings = (*QUICK, f"unix_socket_directories={folder}")
        with run([programs / "postgres", "-D", folder / "data", *(f"-c{one}" for one in settings)]) as server:
            fcntl.flock(used, fcntl.LOCK_EX)
            server.send_signal(signal.SIGINT)  # its own fast way to end
    shutil.rmtree(folder)


def _for_everybody(folder: Path, programs: Path) -> Path:
    """Return the programs where everybody may run them: a project of root's may lie where nobody else looks."""
    if programs.is_relative_to("/usr"):
        return programs
    package = programs.parents[2]  # with the libraries beside it that the programs look for
    shutil.copytree(package, folder / "programs", symlinks=True)
    return folder / "programs" / programs.relative_to(package)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
