#!/usr/bin/env bash
# Everything that needs no running program. All parts run even if one fails, so that one run shows all there is to mend.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
export DJANGO_SETTINGS_MODULE=oblik.config.settings
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export OBLIK_DATA="$scratch"
failed=()

part() {
    local name="$1" began=$SECONDS
    shift
    echo "--- $name"
    "$@" || failed+=("$name")
    echo "    $((SECONDS - began)) s"
}


part "ruff" $bin/ruff check --output-format concise .
part "format" $bin/ruff format --check --output-format concise .
part "types" $bin/mypy
part "import contracts" $bin/lint-imports
part "house" $bin/pytest tests/house
part "migrations" $bin/python -m django makemigrations --check --dry-run
if [ -e src/oblik/config/translations.py ]; then part "translations" $bin/python -m oblik.config.translations check; fi
part "packages agree" $bin/pip check
part "known vulnerabilities" $bin/python tools/audit.py

if [ "${#failed[@]}" -gt 0 ]; then
    printf 'check failed: %s\n' "${failed[@]}" >&2
    exit 1
fi
echo "check: all parts passed"
