#!/usr/bin/env bash
# Makes .venv with Python 3.11 or newer; says what is missing, and installs it where that is allowed.
set -euo pipefail
cd "$(dirname "$0")/.."

new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }
whole() { "$1" -c 'import venv, ensurepip' >/dev/null 2>&1; }

# A moved or half-made folder is made again rather than left to fail in the middle.
if new_enough .venv/bin/python && [[ "$(head -1 .venv/bin/pip 2>/dev/null)" == "#!$PWD/.venv/bin/python"* ]]; then
    exit 0
fi

found=""
for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3; do
    [ -n "$name" ] && new_enough "$name" || continue
    found="$name"
    whole "$name" && break
done
if [ -z "$found" ]; then
    echo "Python 3.11 or newer is missing. On Debian: apt-get install python3 python3-venv" >&2
    exit 1
fi
if ! whole "$found"; then
    # Debian ships venv and pip's bootstrap in a package of its own.
    package="python$("$found" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    tools/need-package.sh "$package" "$found cannot make a virtual environment"
fi
echo "Making .venv with $("$found" --version) ..."
rm -rf .venv
"$found" -m venv .venv
