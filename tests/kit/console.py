"""Runs commands that must succeed, and reads their JSON."""

import json
from typing import Any


def ok(installation: Any, *words: str) -> str:
    """The command's output; the test fails with its errors where it fails."""
    done = installation.run(*words)
    assert done.returncode == 0, f"oblik {' '.join(words)}\n{done.stdout}\n{done.stderr}"
    return str(done.stdout)


def ok_json(installation: Any, *words: str) -> Any:
    """The command's output with --json, read."""
    return json.loads(ok(installation, *words, "--json"))
