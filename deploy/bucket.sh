#!/bin/sh
# Puts an S3-compatible server into build/bucket, for the tests of documents in a bucket, which start it themselves.
# Beside .venv and not in it: it is large, and nothing but those tests needs it. What both need is in .venv alone.
set -eu
cd "$(dirname "$0")/.."

state() { cat requirements.lock tests/bucket/requirements.txt | cksum; }
[ "$(cat build/bucket/ready 2>/dev/null)" = "$(state)" ] && exit 0

printf 'set-up: installing an S3-compatible server for the tests\n' >&2
rm -rf build/bucket
.venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-compile \
    --target build/bucket --requirement tests/bucket/requirements.txt >&2
state >build/bucket/ready
