"""Two processes do the same thing at the same moment: one result, and the other says the same or says why not."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from tests.kit.console import ok, ok_json
from tests.kit.lists import camera_row, write_csv


@pytest.fixture
def town(installation):
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    return installation


def at_once(installation, *commands: tuple[str, ...]) -> list[subprocess.CompletedProcess[str]]:
    """The commands started together, each in a process of its own; none of them shows a trace."""
    with ThreadPoolExecutor(len(commands)) as pool:
        done = list(pool.map(lambda words: installation.run(*words), commands))
    for one in done:
        assert "Traceback" not in one.stderr, one.stderr
    return done


@pytest.mark.slow
def test_one_file_handed_in_twice_at_once_is_one_list(town, tmp_path):
    path = write_csv(tmp_path / "kp.csv", [camera_row(i) for i in range(300)])
    add = ("intake", "add", str(path), "--owner", "KP", "--campaign", "C1", "--json")
    done = at_once(town, add, add)
    said = [json.loads(one.stdout)[0] for one in done]
    assert [one.returncode for one in done] == [0, 0]
    assert {(one["submission"], one["records"]) for one in said} == {(1, 300)}
    assert sorted(one["known"] for one in said) == [False, True]
    assert len(ok_json(town, "intake", "list")) == 1
    ok(town, "check-data")


@pytest.mark.slow
def test_two_runs_at_once_make_one_register(town, tmp_path):
    for owner, numbers in (("KP", range(100)), ("POL", range(50, 150))):
        rows = [camera_row(i, **{"Інв. номер": f"{owner}-{i}"}) for i in numbers]
        path = write_csv(tmp_path / f"{owner}.csv", rows)
        ok(town, "intake", "add", str(path), "--owner", owner, "--campaign", "C1")
    run = ("match", "run", "--campaign", "C1", "--json")
    done = at_once(town, run, run)
    assert 0 in {one.returncode for one in done}
    for one in done:
        assert one.returncode == 0 or len(one.stderr.strip()) > 20, "a refusal says why"
    assert len(ok_json(town, "camera", "list", "--all")) == 150
    assert ok_json(town, "match", "run", "--campaign", "C1")["cameras_added"] == 0
    ok(town, "check-data")


@pytest.mark.slow
def test_a_list_that_was_too_large_is_read_once_the_limit_is_raised(town, tmp_path):
    path = tmp_path / "kp.csv"
    write_csv(path, [camera_row(i) for i in range(20_000)])
    add = [str(Path(sys.executable).with_name("oblik")), "intake", "add", str(path), "--owner", "KP",
           "--campaign", "C1", "--json"]  # fmt: skip
    tight = subprocess.run(add, env=town.env | {"OBLIK_MAX_FILE_MB": "1"}, capture_output=True, text=True, check=False)
    assert (tight.returncode, json.loads(tight.stdout)[0].get("error", "")) == (1, "file_too_large"), tight.stderr
    assert ok_json(town, "intake", "list")[0]["state"] == "failed"
    again = ok_json(town, "intake", "add", str(path), "--owner", "KP", "--campaign", "C1")[0]
    assert (again["submission"], again["known"], again["records"]) == (1, False, 20_000)
    ok(town, "check-data")
