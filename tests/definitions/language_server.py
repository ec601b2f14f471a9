"""An editor's side of the Language Server Protocol, as far as the tests need it."""

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rpa.browser.proof import driver

SERVER = Path(__file__).parents[2] / "build/node/node_modules/yaml-language-server/bin/yaml-language-server"

Message = dict[str, Any]


class LanguageServer:
    """The yaml-language-server that editors start, on the node that comes with Playwright."""

    def __init__(self, folder: Path) -> None:
        assert SERVER.is_file(), "no yaml-language-server: run `make node`, which needs npm or pip once"
        self._process = subprocess.Popen(
            [driver().with_name("node"), SERVER, "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._asked = 0
        self._told: list[Message] = []

    def __enter__(self) -> Self:
        self.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        self.tell("initialized", {})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()

    def open(self, path: Path) -> None:
        """Open a file, as an editor does."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": path.read_text("utf-8")}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def diagnostics(self, path: Path) -> list[Message]:
        """Wait for what the server finds wrong with a file, and return it."""
        while True:
            told = [one["params"] for one in self._told if one["method"] == "textDocument/publishDiagnostics"]
            for found in told:
                if found["uri"] == path.as_uri():
                    return list(found["diagnostics"])
            self._receive()

    def at(self, method: str, path: Path, text: str) -> Any:
        """Ask about the place right behind the first *text* in a file."""
        before = path.read_text("utf-8").partition(text)[0] + text
        position = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": path.as_uri()}, "position": position})

    def ask(self, method: str, params: Message) -> Any:
        """Send a request and wait for its answer."""
        self._asked += 1
        self._send({"id": self._asked, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._asked and "method" not in message:
                return message["result"]

    def tell(self, method: str, params: Message) -> None:
        """Send a notice, which has no answer."""
        self._send({"method": method, "params": params})

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _receive(self) -> Message:
        """Return the next message; a request of the server's gets the answer that there is nothing to say."""
        assert self._process.stdout is not None
        headers = iter(self._process.stdout.readline, b"\r\n")
        length = next(int(line.split(b":")[1]) for line in headers if line.lower().startswith(b"content-length"))
        for _ in headers:
            pass
        message: Message = json.loads(self._process.stdout.read(length))
        if "method" in message and "id" in message:
            self._send({"id": message["id"], "result": None})
        elif "method" in message:
            self._told.append(message)
        return message
