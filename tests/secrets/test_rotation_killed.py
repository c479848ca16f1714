"""A rotation killed at any moment has lost nothing and is finished by the next run."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.kit.console import ok, ok_json
from tests.kit.lists import HEADER, camera_row, write_csv

COLUMNS = (*HEADER, "RTSP", "Пароль")
ROWS = 5_000


@pytest.fixture
def town(installation, tmp_path):
    ok(installation, "init", "--password", "sorok-dvi-kamery")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2026-01-01", "--until", "2026-12-31")
    rows = [
        camera_row(n, RTSP=f"rtsp://admin:Zx9kL{n}@192.0.2.1/{n}", Пароль=f"Qw8rT{n}") for n in range(1, ROWS + 1)
    ]  # fmt: skip
    path = write_csv(tmp_path / "a.csv", rows, columns=COLUMNS)
    ok(installation, "intake", "add", str(path), "--owner", "KP", "--campaign", "C1")
    return installation


def keys(town):
    return {key["name"]: key for key in ok_json(town, "secrets", "status")["keys"]}


@pytest.mark.slow
def test_killed_in_the_middle_it_is_finished_later(town):
    (old,) = keys(town)
    env = town.env | {"PYTHONUNBUFFERED": "1"}
    command = [str(Path(sys.executable).with_name("oblik")), "secrets", "rotate"]
    began = set((town.data / "keys").iterdir())
    killed = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    # Stopped again and again until something, not everything, is sealed with the new key; then it never wakes.
    while True:
        os.kill(killed.pid, signal.SIGSTOP)
        fresh = {path.stem for path in set((town.data / "keys").glob("*.key")) - began}
        if fresh and any(key["cells"] for name, key in keys(town).items() if name in fresh):
            break
        assert killed.poll() is None, "finished before it could be stopped"
        os.kill(killed.pid, signal.SIGCONT)
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    half = keys(town)
    total = 2 * ROWS + 1
    assert sum(key["cells"] + key["files"] for key in half.values()) == total
    assert half[old]["cells"] > 0, "killed too late to tell"
    refused = town.run("secrets", "rotate")
    assert (refused.returncode, "--continue" in refused.stderr) == (1, True)
    done = json.loads(ok(town, "secrets", "rotate", "--continue", "--json"))
    assert (done["lost"], done["turned"] > 0) == (0, True)
    ok(town, "secrets", "forget", old)
    (new,) = keys(town).values()
    assert (new["cells"] + new["files"], new["active"]) == (total, True)
    ok(town, "match", "run", "--campaign", "C1")
    code = ok_json(town, "camera", "list")[0]["code"]
    shown = {s["field"]: s["text"] for s in ok_json(town, "camera", "secret", code, "--why", "x")}
    assert shown["stream_url"].startswith("rtsp://admin:Zx9kL")
