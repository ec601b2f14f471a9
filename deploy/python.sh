#!/bin/sh
# Prints a Python that can make .venv: 3.11 or newer, with the modules that Debian packs apart.
# A name on PATH may be a shim for a Python that is not there, so each candidate is run.
for candidate in python3.13 python3.12 python3.11 python3 /usr/bin/python3; do
    if "$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$candidate"
        exit 0
    fi
done
exit 1
