#!/usr/bin/env bash
# Looks the locked packages up in the public list of vulnerabilities. Without a network that is skipped, loudly;
# a vulnerability that is found fails, unless tools/audit-allowed.txt names it with a reason.
set -euo pipefail
cd "$(dirname "$0")/.."

ignored=()
while read -r id _reason; do
    case "$id" in "" | \#*) ;; *) ignored+=(--ignore-vuln "$id") ;; esac
done <tools/audit-allowed.txt

report="$(mktemp)"
trap 'rm -f "$report"' EXIT
status=0
timeout 120 .venv/bin/pip-audit --disable-pip --require-hashes --progress-spinner off --timeout 10 --format json \
    --output "$report" "${ignored[@]}" -r requirements/dev.txt 2>"$report.err" || status=$?
if [ "$status" -eq 0 ]; then
    echo "no known vulnerability"
elif [ -s "$report" ]; then
    .venv/bin/python - "$report" <<'PY'
"""Names each package with its vulnerabilities and the versions that mend them."""
import json
import sys
from pathlib import Path

found = [p for p in json.loads(Path(sys.argv[1]).read_text())["dependencies"] if p.get("vulns")]
for package in found:
    for vulnerability in package["vulns"]:
        print(package["name"], package["version"], vulnerability["id"], "mended in", vulnerability["fix_versions"])
sys.exit(bool(found))
PY
else
    echo "skipped: the list of vulnerabilities cannot be reached ($(tail -1 "$report.err"))"
fi
