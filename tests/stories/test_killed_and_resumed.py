"""A kill -9 in the middle of intake or matching loses nothing and doubles nothing."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.kit.console import ok, ok_json

# Holds the process at a step until it is killed, and says so: the test kills exactly there and not by luck.
_HELD = """
import os, sys, time
os.environ["DJANGO_SETTINGS_MODULE"] = "oblik.config.settings"
import django
django.setup()
from pathlib import Path
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.intake.actions import lists, matching
wanted = sys.argv[2]
def progress(step, share):
    if f"{step}:{share}" == wanted:
        print("reached", flush=True)
        time.sleep(60)
by = Actor("console", "killed")
if sys.argv[1] == "intake":
    lists.add_list(Path(sys.argv[3]), owner="KP", campaign="C1", by=by, at=now(), progress=progress)
else:
    matching.run_matching("C1", by=by, at=now(), progress=progress)
print("never held", flush=True)
"""


def write_lists(folder: Path) -> list[Path]:
    lines = ["№;Інв. номер;Адреса;Широта;Довгота;Азимут;MAC"]
    for i in range(200):
        mac = f"00:1A:2B:00:{i // 256:02X}:{i % 256:02X}"
        lines.append(f"{i + 1};INV-{i:04d};вул. Садова, {i};{49.0 + i / 900:.6f};{34.0 + i / 700:.6f};{i % 360};{mac}")
    first = folder / "first.csv"
    first.write_text("\n".join(lines), encoding="utf-8")
    second = folder / "second.csv"
    second.write_text("\n".join([lines[0], *lines[50:180]]).replace("INV-", "П-"), encoding="utf-8")
    return [first, second]


@pytest.fixture
def town(installation, tmp_path):
    """An installation with two owners, one campaign and two lists that overlap."""
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    return installation, write_lists(tmp_path)


def kill_at(environment: dict[str, str], *words: str) -> None:
    held = subprocess.Popen([sys.executable, "-c", _HELD, *words], env=environment, stdout=subprocess.PIPE, text=True)
    assert held.stdout is not None
    assert held.stdout.readline().strip() == "reached"
    held.send_signal(signal.SIGKILL)
    held.wait(timeout=30)


@pytest.mark.slow
@pytest.mark.parametrize("step", ["reading:0.0", "storing:0.0", "storing:0.5", "storing:1.0"])
def test_intake_killed_at_any_step_is_taken_up_again(town, step):
    oblik, (first, _) = town
    kill_at(oblik.env, "intake", step, str(first))
    assert ok_json(oblik, "intake", "list")[0]["state"] == "received"
    again = ok_json(oblik, "intake", "add", str(first), "--owner", "KP", "--campaign", "C1")[0]
    assert (again["submission"], again["known"], again["records"]) == (1, False, 200)
    once_more = ok_json(oblik, "intake", "add", str(first), "--owner", "KP", "--campaign", "C1")[0]
    assert (once_more["submission"], once_more["known"], once_more["records"]) == (1, True, 200)
    ok(oblik, "check-data")


@pytest.mark.slow
@pytest.mark.parametrize("step", ["scoring:0.0", "registering:0.2", "registering:0.7"])
def test_matching_killed_at_any_step_leaves_the_register_as_before(town, step):
    oblik, (first, second) = town
    ok(oblik, "intake", "add", str(first), "--owner", "KP", "--campaign", "C1")
    ok(oblik, "intake", "add", str(second), "--owner", "POL", "--campaign", "C1")
    kill_at(oblik.env, "match", step)
    assert ok_json(oblik, "camera", "list", "--all") == []
    done = ok_json(oblik, "match", "run", "--campaign", "C1")
    assert (done["cameras_added"], done["records"]) == (200, 330)
    again = ok_json(oblik, "match", "run", "--campaign", "C1")
    assert (again["cameras_added"], again["settled"]) == (0, 330)
    assert len(ok_json(oblik, "camera", "list", "--all")) == 200
    ok(oblik, "check-data")
