"""A timestamping authority on this machine: OpenSSL's own, with a certificate that it made itself."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

SETTINGS = """
[req]
distinguished_name = name
prompt = no
[name]
CN = county clock
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[signer]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = serial
signer_cert = signer.pem
signer_key = signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-config", "openssl.cnf")


@dataclass(frozen=True)
class Authority:
    """An authority that answers at *url*."""

    folder: Path
    url: str

    @property
    def roots(self) -> Path:
        """The certificate by which it is believed."""
        return self.folder / "root.pem"


def openssl(folder: Path, *words: str) -> None:
    """Let OpenSSL do something in the folder."""
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def _certificates(folder: Path) -> None:
    folder.mkdir()
    (folder / "openssl.cnf").write_text(SETTINGS)
    (folder / "serial").write_text("01\n")
    root = ("-x509", "-days", "30", "-extensions", "root", "-keyout", "root.key", "-out", "root.pem")
    openssl(folder, "req", *root, *KEY)
    openssl(folder, "req", "-subj", "/CN=signer", "-keyout", "signer.key", "-out", "signer.csr", *KEY)
    signed = (
        "-req",
        "-days",
        "30",
        "-in",
        "signer.csr",
        "-CA",
        "root.pem",
        "-CAkey",
        "root.key",
        "-CAcreateserial",
    )
    openssl(folder, "x509", *signed, "-extfile", "openssl.cnf", "-extensions", "signer", "-out", "signer.pem")


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Give one that answers on this machine."""
    _certificates(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            query = self.rfile.read(int(self.headers["Content-Length"]))
            (folder / "query").write_bytes(query)
            openssl(folder, "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-out", "reply")
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write((folder / "reply").read_bytes())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Authority(folder, f"http://127.0.0.1:{server.server_address[1]}/tsa")
        finally:
            server.shutdown()
            thread.join()
