#!/bin/sh
# Installs Debian packages, if this account may: as root, or by a sudo that asks for no password.
set -eu
cd "$(dirname "$0")/.."

command -v apt-get >/dev/null || exit 1
as_root=
if [ "$(id -u)" != 0 ]; then
    sudo -n true 2>/dev/null || exit 1
    as_root='sudo -n'
fi

mkdir -p build
printf 'set-up: installing %s with apt-get\n' "$*" >&2
{
    # One stale package source must not keep the others from being read.
    $as_root apt-get update -qq || true
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        -o DPkg::Lock::Timeout=120 "$@"
} </dev/null >build/apt.log 2>&1 || {
    tail -n 3 build/apt.log >&2
    exit 1
}
