"""Looks the locked packages up in the public list of vulnerabilities.

Without a network that is skipped, loudly. A vulnerability that is found fails, unless tools/audit-allowed.txt names it
with a reason.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALLOWED = ROOT / "tools" / "audit-allowed.txt"
TIMEOUT_S = 180


def allowed(text: str) -> dict[str, str]:
    """Vulnerability -> reason; a line without a reason is an error."""
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line[0]: line[1] for line in lines}


def findings(report: dict[str, list[dict]]) -> tuple[list[str], int, int]:
    """(a line per vulnerability, packages looked up, packages that could not be looked up)."""
    packages = report["dependencies"]
    lines = [
        f"{package['name']} {package['version']}: {found['id']}, mended in {', '.join(found['fix_versions']) or '?'}"
        for package in packages
        for found in package.get("vulns", [])
    ]
    unknown = sum("skip_reason" in package for package in packages)
    return lines, len(packages) - unknown, unknown


def ask() -> tuple[dict[str, list[dict]] | None, str]:
    """(the report, "") or (None, why there is none)."""
    ignored = [part for name in allowed(ALLOWED.read_text(encoding="utf-8")) for part in ("--ignore-vuln", name)]
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--progress-spinner", "off"]
        command += ["--timeout", "10", "-f", "json", "-o", output, *ignored, "-r", ROOT / "requirements" / "dev.txt"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
        except subprocess.TimeoutExpired:
            return None, f"no answer in {TIMEOUT_S} s"
        if not output.exists() or not output.stat().st_size:
            return None, (done.stderr.strip().splitlines() or ["no report"])[-1]
        return json.loads(output.read_text(encoding="utf-8")), ""


def main() -> int:
    """1 where a vulnerability is found, otherwise 0."""
    report, why = ask()
    if report is None:
        print(f"skipped: the list of vulnerabilities cannot be reached ({why})")
        return 0
    lines, known, unknown = findings(report)
    if not known:
        print(
            f"skipped: the list of vulnerabilities knows none of {unknown} packages, so it cannot be reached from here"
        )
        return 0
    print(*lines, f"{known} packages looked up, {unknown} not found, {len(lines)} vulnerabilities", sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
