"""The main job by its commands: messy lists in, one register and the documents of a count out."""

import csv

import pytest
from tests.kit.console import ok, ok_json
from tests.kit.lists import camera_row, write_csv


@pytest.fixture
def town(installation, tmp_path):
    """An installation with two owners, a campaign, and two lists of which five cameras are the same."""
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    rows = [camera_row(i) for i in range(10)]
    title = write_csv(tmp_path / "kp.csv", [*rows, {"№": "Всього", "Інв. номер": "10"}])
    other = write_csv(tmp_path / "pol.csv", [camera_row(i, **{"Інв. номер": f"P-{i}"}) for i in range(5, 15)])
    ok(installation, "intake", "add", str(title), "--owner", "KP", "--campaign", "C1")
    ok(installation, "intake", "add", str(other), "--owner", "POL", "--campaign", "C1")
    return installation


@pytest.mark.slow
def test_from_lists_to_a_signed_act(town, tmp_path):
    summary = ok_json(town, "match", "run", "--campaign", "C1")
    assert summary["cameras_added"] == 15
    table = tmp_path / "export.csv"
    ok(town, "match", "export", "--campaign", "C1", "--csv", str(table))
    with table.open(encoding="utf-8") as stream:
        lines = list(csv.DictReader(stream))
    assert list(lines[0]) == ["submission", "file", "sheet", "row", "camera", "decision", "probability"]
    of_kp = {int(line["row"]): line for line in lines if line["file"] == "kp.csv"}
    assert of_kp[1]["decision"] == of_kp[12]["decision"] == "not_a_camera"
    assert all(of_kp[n]["decision"] in ("new", "matched") for n in range(2, 12))
    shared = next(line for line in lines if line["file"] == "pol.csv" and line["row"] == "2")
    assert shared["camera"] == of_kp[7]["camera"] != ""

    figures = ok_json(town, "campaign", "show", "C1")
    assert figures["figures"]["total"]["cameras"] == 15 if "figures" in figures else figures
    explanation = ok_json(town, "match", "explain", "kp.csv:7", "pol.csv:2")
    assert explanation["explanation"]["probability"] > 0.99
    ok(town, "match", "judge", "pol.csv:2", shared["camera"], "different", "--why", "two lenses")
    card = ok_json(town, "camera", "show", shared["camera"])
    assert [source["withdrawn_at"] is None for source in card["sources"]] == [True, False]
    assert len(ok_json(town, "camera", "history", shared["camera"])) >= 1

    papers = tmp_path / "act"
    ok(town, "inventory", "act", "--campaign", "C1", "--output", str(papers))
    pdfs = sorted(path.suffix for path in papers.iterdir())
    assert pdfs.count(".pdf") >= 6
    assert pdfs.count(".xlsx") == 1
    ok(town, "check-data")


@pytest.mark.slow
def test_our_own_export_read_back_changes_no_camera(town, tmp_path):
    ok(town, "match", "run", "--campaign", "C1")
    before = ok_json(town, "camera", "list", "--all")
    for kind in ("csv", "xlsx", "geojson", "gpkg", "osm"):
        path = tmp_path / f"export.{kind}"
        ok(town, "camera", "export", "--format", kind, "--output", str(path))
        assert path.stat().st_size > 0
    for kind in ("csv", "xlsx", "geojson"):
        path = tmp_path / f"export.{kind}"
        ok(town, "intake", "add", str(path), "--owner", "KP", "--campaign", "C1")
        ok(town, "match", "run", "--campaign", "C1")
        after = ok_json(town, "camera", "list", "--all")
        strip = [{k: v for k, v in line.items() if k != "sources"} for line in after]
        assert strip == [{k: v for k, v in line.items() if k != "sources"} for line in before]
    ok(town, "check-data")


@pytest.mark.slow
def test_errors_name_the_remedy_and_never_show_a_trace(installation, tmp_path):
    early = installation.run("owner", "list")
    assert (early.returncode, "oblik init" in early.stderr) == (1, True)
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП", "--kind", "enterprise")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    wrong = [
        ("intake", "add", str(tmp_path / "absent.csv"), "--owner", "KP", "--campaign", "C1"),
        ("intake", "add", str(tmp_path / "empty.xlsx"), "--owner", "KP", "--campaign", "C1"),
        ("intake", "add", str(tmp_path / "empty.xlsx"), "--owner", "XX", "--campaign", "C1"),
        ("intake", "add", str(tmp_path / "empty.xlsx"), "--owner", "KP", "--campaign", "XX"),
        ("intake", "report", "77"),
        ("match", "run", "--campaign", "XX"),
        ("match", "explain", "1", "2"),
        ("camera", "show", "KHA-000001-0"),
        ("inventory", "act", "--campaign", "XX", "--output", str(tmp_path / "x")),
    ]
    for words in wrong:
        done = installation.run(*words)
        assert done.returncode == 1, words
        assert "Traceback" not in done.stderr, words
        assert len(done.stderr.strip()) > 10, words
