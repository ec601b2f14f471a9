#!/bin/sh
# Makes this folder ready to run: .venv, the pinned packages, the project itself, a browser that starts.
# Safe to repeat and quick when nothing changed. Everything it says goes to stderr.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'set-up: %s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# What .venv was made from; the folder belongs to it, since the scripts in .venv/bin name it.
state() { { pwd -P; cat requirements.lock pyproject.toml deploy/setup.sh; } | cksum; }
ready() { [ -x .venv/bin/python ] && [ "$(cat .venv/ready 2>/dev/null)" = "$(state)" ]; }

# An environment that is whole: its Python runs, and its scripts were written for this folder.
whole() {
    .venv/bin/python -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || return 1
    case $(head -n 1 .venv/bin/pip) in "#!$(pwd -P)/.venv/"*) ;; *) return 1 ;; esac
}

environment() {
    whole && return
    found=$(sh deploy/python.sh) ||
        { sh deploy/apt.sh python3 python3-venv && found=$(sh deploy/python.sh); } ||
        stop 'needs Python 3.11 or newer with its venv module: apt-get install python3 python3-venv'
    say "making .venv with $("$found" --version)"
    "$found" -m venv --clear .venv
}

packages() {
    say 'installing the packages of requirements.lock'
    pip='.venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps'
    # Not compiled beforehand: that takes as long as the rest, and most modules are never imported.
    $pip --no-compile --requirement requirements.lock >&2 || stop 'pip could not install the packages; its message is above'
    # The pinned setuptools builds: nothing that is not in the lock is downloaded.
    $pip --no-build-isolation --editable . >&2 || stop 'pip could not install the project; its message is above'
}

# Text recognition is for scans alone: without its data they go to a person, and everything else works.
scans() {
    .venv/bin/python -c 'import sys; from rpa.documents.pdf.ocr import lacking; sys.exit(lacking() is not None)' && return
    timeout 60 sh deploy/apt.sh tesseract-ocr-eng tesseract-ocr-spa tesseract-ocr-fra ||
        say 'no language data for text recognition: scans will go to a person'
}

if ! ready; then
    mkdir -p build
    # Two makes at once must not build one .venv; without flock the second one takes its chance.
    exec 9>build/setup.lock
    if command -v flock >/dev/null; then flock 9; fi
    if ! ready; then
        environment
        packages
        scans
        state >.venv/ready
    fi
fi
exec .venv/bin/python deploy/browser.py
