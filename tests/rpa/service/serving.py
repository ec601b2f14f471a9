"""A real service on a project of its own, in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]
RPA = Path(sys.executable).parent / "rpa"


@dataclass(frozen=True)
class Running:
    """A service that runs: its process, where it answers, and what it logs."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def said(self, event: str) -> list[dict[str, Any]]:
        """Return what it has logged of this event."""
        lines = self.log.read_text("utf-8").splitlines()
        told = [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]
        return [one for one in told if one["event"] == event]

    @property
    def url(self) -> str:
        """Where it answers."""
        wait_for(lambda: bool(self.said("service.started")) or self.process.poll() is not None)
        assert self.process.poll() is None, self.log.read_text("utf-8")
        return f"http://127.0.0.1:{self.said('service.started')[0]['port']}"

    def ask(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, Any]:
        """Return the status and the answer; JSON where it is, else text."""
        said = {key.replace("_", "-"): text for key, text in headers.items()}
        request = Request(self.url + path, data, said)  # noqa: S310  # this machine
        try:
            with urlopen(request, timeout=10) as answer:  # noqa: S310  # likewise
                status, body = answer.status, answer.read()
        except HTTPError as error:
            status, body = error.code, error.read()
        return status, json.loads(body) if body.startswith(b"{") else body.decode()


@contextmanager
def serving(folder: Path, *words: str, **environment: str) -> Iterator[Running]:
    """Run `rpa serve` on the project of *folder*; stop it gracefully at the end."""
    with killed(folder, *words, **environment) as service:
        yield service
        service.process.send_signal(signal.SIGTERM)
        assert service.process.wait(40) == 0, service.log.read_text("utf-8")


@contextmanager
def killed(folder: Path, *words: str, **environment: str) -> Iterator[Running]:
    """Run `rpa serve` on the project of *folder*; kill it at the end."""
    log = folder / f"service-{len(list(folder.glob('service-*')))}.log"
    command = [str(RPA), "serve", "--project", str(folder), "--port", "0", *words]
    said = {**os.environ, **environment}
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=said, start_new_session=True)
    try:
        yield Running(process, log)
    except AssertionError as error:
        error.add_note(log.read_text("utf-8"))
        raise
    finally:
        process.kill()
        process.wait()


def rpa(folder: Path, *words: str) -> str:
    """Return what a command says about the project of *folder*."""
    said = subprocess.run([str(RPA), *words, "--project", str(folder)], capture_output=True, text=True, check=True)
    return said.stdout
