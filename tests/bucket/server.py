"""An S3-compatible server of the tests' own: started by whichever process of tests needs it, and gone with it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from fixtures.systems.common import ROOT
from rpa.keeping.bucket import AccessKey, Address, Bucket, Patience

PACKAGES = ROOT / "build" / "bucket"
SERVE = Path(__file__).with_name("serve.py")
BUCKET = "keyonce"

SHORT = Patience(timedelta(seconds=2), timedelta(seconds=2), timedelta(seconds=1), 1)


@dataclass(frozen=True)
class BucketServer:
    """A server with one bucket, and who may use it."""

    endpoint: str
    key: AccessKey = field(repr=False)

    def address(self, prefix: str | None = None) -> Address:
        """Return a part of the bucket that no other test uses."""
        return Address(BUCKET, prefix or f"office-{uuid4().hex[:8]}", self.endpoint)

    def bucket(self, address: Address | None = None) -> Bucket:
        """Return the bucket as a machine uses it that does not wait for long."""
        return Bucket(address or self.address(), lambda: self.key, SHORT)


@contextmanager
def serving() -> Iterator[BucketServer]:
    """Run a server until the block ends, or this process does; skip the test where there is none."""
    if not (PACKAGES / "moto").is_dir():
        pytest.skip("no S3-compatible server: sh deploy/bucket.sh brings it")
    with subprocess.Popen(
        [sys.executable, SERVE, BUCKET],
        env={**os.environ, "PYTHONPATH": str(PACKAGES)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            port, key, secret = process.stdout.readline().split()
            yield BucketServer(f"http://127.0.0.1:{port}", AccessKey(key, secret))
        finally:
            process.kill()
