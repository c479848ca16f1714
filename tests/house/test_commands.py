"""The commands of the repository: `make` alone names them, and the scripts behind them can be read by bash."""

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [*sorted((ROOT / "tools").glob("*.sh")), ROOT / ".ci" / "run"]
PROMISED = {"setup", "demo", "run", "check", "test", "test-pg", "bench", "train-matching", "docs"}


def test_make_alone_prints_each_promised_command_with_a_line_of_help():
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True)
    helped = {line.split()[1] for line in done.stdout.splitlines() if len(line.split()) > 3}
    assert helped >= PROMISED


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_executable_strict_and_well_formed(script):
    assert os.access(script, os.X_OK)
    assert "set -uo pipefail" in script.read_text() or "set -euo pipefail" in script.read_text()
    done = subprocess.run(["bash", "-n", script], capture_output=True, text=True, check=False)
    assert not done.stderr


def test_a_missing_package_is_named_to_somebody_who_may_not_install_it(tmp_path):
    # A machine without apt-get stands for a user without rights: both are told the same.
    (tmp_path / "id").symlink_to("/usr/bin/id")
    done = subprocess.run(
        ["/bin/bash", ROOT / "tools" / "need-package.sh", "chromium", "Story tests need a browser"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Story tests need a browser" in done.stderr
    assert "apt-get install chromium" in done.stderr
