"""Lists come in: kept as received, read once, compared with the owner's older ones, nothing dropped."""

from datetime import UTC, datetime

import pytest
from tests.kit.lists import HEADER, camera_row, write_csv

from oblik.base.actors import Actor
from oblik.base.errors import NotFound, UnreadableFile
from oblik.db import kept_files as store
from oblik.intake import checks, queries
from oblik.intake.actions import lists
from oblik.registry.actions import add_owner

BY = Actor("console", "tester")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def owners(data_dir):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    add_owner("POL", name="Поліція", kind="state", by=BY, at=AT)


def add(path, *, owner="KP", **more):
    return lists.add_list(path, owner=owner, campaign="C1", by=BY, at=AT, **more)


def verdicts(number):
    return {row.row: row.verdict for row in queries.report(number)}


def test_every_row_gets_a_verdict_and_is_kept_as_received(tmp_path):
    got = add(write_csv(tmp_path / "a.csv", [camera_row(i) for i in range(5)]))
    rows = list(queries.report(got.submission))
    assert [row.verdict for row in rows] == ["not_a_camera", *["new"] * 5]
    assert rows[1].cells == [str(camera_row(0)[column]) for column in HEADER]
    assert rows[1].values["mac"] == "001A2B000000"
    assert list(checks.broken()) == []


def test_the_same_file_again_changes_nothing(tmp_path):
    path = write_csv(tmp_path / "a.csv", [camera_row(i) for i in range(5)])
    first, second = add(path), add(path)
    assert (second.submission, second.known) == (first.submission, True)
    assert len(queries.submissions()) == 1


def test_a_newer_list_is_compared_with_the_older_one_and_what_vanished_is_asked_about(tmp_path):
    old = add(write_csv(tmp_path / "old.csv", [camera_row(i) for i in range(6)]))
    rows = [camera_row(0), camera_row(1, Азимут=5), *[camera_row(i) for i in range(2, 5)], camera_row(9)]
    new = add(write_csv(tmp_path / "new.csv", rows))
    assert verdicts(new.submission) == {
        1: "not_a_camera",
        2: "same",
        3: "changed",
        4: "same",
        5: "same",
        6: "same",
        7: "new",
    }
    line = queries.submission(new.submission)
    assert (line.replaces, line.vanished) == (old.submission, 1)
    assert queries.submission(old.submission).replaced_by == new.submission


def test_a_short_list_of_other_cameras_stands_beside_the_long_one(tmp_path):
    add(write_csv(tmp_path / "long.csv", [camera_row(i) for i in range(40)]))
    other = add(write_csv(tmp_path / "short.csv", [camera_row(i) for i in range(100, 105)]))
    line = queries.submission(other.submission)
    assert (line.replaces, line.vanished) == (None, 0)


def test_another_owners_list_is_never_taken_for_a_newer_one(tmp_path):
    add(write_csv(tmp_path / "a.csv", [camera_row(i) for i in range(6)]))
    other = add(write_csv(tmp_path / "b.csv", [camera_row(i) for i in range(5)]), owner="POL")
    assert queries.submission(other.submission).replaces is None


def test_a_mapping_overrides_the_guess_and_is_remembered_for_the_owner(tmp_path):
    columns = ("Ознака", "Широта", "Довгота")
    rows = [{"Ознака": f"X-{i}", "Широта": 49 + i / 100, "Довгота": 34 + i / 100} for i in range(5)]
    first = add(write_csv(tmp_path / "a.csv", rows, columns=columns), mapping={"Ознака": "serial"})
    assert next(r for r in queries.report(first.submission) if r.values).values["serial"] == "X-0"
    later = [{"Ознака": f"Y-{i}", "Широта": 48 + i / 100, "Довгота": 33 + i / 100} for i in range(5)]
    second = add(write_csv(tmp_path / "b.csv", later, columns=columns))
    assert next(r for r in queries.report(second.submission) if r.values).values["serial"] == "Y-0"
    assert queries.submission(second.submission).understood[0]["columns"][0]["by"] == "memory"


def test_an_unreadable_file_is_kept_and_its_failure_told(tmp_path):
    path = tmp_path / "broken.xlsx"
    path.write_bytes(b"PK\x03\x04 this is no workbook")
    with pytest.raises(UnreadableFile):
        add(path)
    line = queries.submissions()[0]
    assert (line.state, bool(line.failure["code"])) == ("failed", True)
    with store.opened(line.sha256, file_name=line.file_name) as kept:
        assert kept.read_bytes() == path.read_bytes()
    assert path.read_bytes() not in store.kept_path(line.sha256, file_name=line.file_name).read_bytes()
    assert list(checks.broken()) == []


def test_a_broken_row_waits_with_its_reason_and_good_rows_go_on(tmp_path):
    rows = [camera_row(0), {"№": 2}, camera_row(2)]
    got = add(write_csv(tmp_path / "a.csv", rows))
    report = {row.row: row for row in queries.report(got.submission)}
    assert [report[n].verdict for n in (2, 3, 4)] == ["new", "broken", "new"]
    assert report[3].problems


def test_an_unknown_owner_is_named_with_the_remedy(tmp_path):
    with pytest.raises(NotFound, match="oblik owner add"):
        add(write_csv(tmp_path / "a.csv", [camera_row(0)]), owner="NOBODY")


def test_a_changed_file_in_the_store_is_noticed(tmp_path):
    add(write_csv(tmp_path / "a.csv", [camera_row(0)]))
    line = queries.submissions()[0]
    store.kept_path(line.sha256, file_name=line.file_name).write_text("tampered")
    assert {b.rule for b in checks.broken()} == {"file_kept"}


def test_names_of_columns_that_no_person_sees_as_a_row_are_not_counted_as_one(tmp_path):
    path = tmp_path / "a.geojson"
    path.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Вхід"},'
        '"geometry":{"type":"Point","coordinates":[34.1,49.2]}}]}',
        encoding="utf-8",
    )
    got = add(path)
    assert (got.rows, [row.row for row in queries.report(got.submission)]) == (1, [1])
    assert queries.campaign_rows("C1")["row"].to_list() == [1]
