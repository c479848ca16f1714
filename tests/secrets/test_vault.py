"""Secrets of lists reach the register sealed, are shown to those who say why, and turn to new keys without loss."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.kit.lists import HEADER, camera_row, write_csv

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.base.sealing import KeyMissing
from oblik.db import keyring
from oblik.intake import checks, queries
from oblik.intake.actions import lists, matching, rotation
from oblik.intake.models import RawRow, Submission
from oblik.journal import queries as journal
from oblik.registry import checks as registry_checks
from oblik.registry import queries as registry
from oblik.registry import vault
from oblik.registry.actions import add_owner, pin_values
from oblik.registry.models import Camera, Claim, Secret

BY = Actor("person", "olena")
AT = datetime(2026, 1, 1, 12, tzinfo=UTC)
COLUMNS = (*HEADER, "RTSP", "Логін/пароль", "Примітка")
pytestmark = pytest.mark.django_db(transaction=True)


def secret_row(number, **changed):
    return camera_row(number) | {
        "RTSP": f"rtsp://admin:Zx9kL{number}@192.0.2.{number}/1",
        "Логін/пароль": f"admin/Qw8rT{number}",
        "Примітка": "дах",
    } | changed  # fmt: skip


def hand_in(path, rows, *, owner="KP"):
    return lists.add_list(
        write_csv(path, rows, columns=COLUMNS), owner=owner, campaign="C1", by=BY, at=AT
    ).submission  # fmt: skip


@pytest.fixture
def town(data_dir, tmp_path):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    add_owner("POL", name="Поліція", kind="state", by=BY, at=AT)
    rows = [secret_row(i) for i in range(1, 9)]
    rows[6]["Примітка"] = "поворотна, пароль: Nb5vC"
    number = hand_in(tmp_path / "a.csv", rows)
    matching.run_matching("C1", by=BY, at=AT)
    return number


def code_of(number, *, file="a.csv"):
    rows = queries.campaign_rows("C1")
    return rows.filter((rows["row"] == number + 1) & (rows["file"] == file))["camera"][0]


def told(code, **more):
    return {s.field: s.text for s in vault.reveal(code, why="ремонт", by=BY, at=AT, **more)}


def everything_stored():
    texts = []
    for model in (RawRow, Submission, Claim, Camera, Secret):
        texts += [repr(row) for row in model.objects.values()]
    return "".join(texts)


def sound():
    return [*registry_checks.broken(), *checks.broken()]


def test_what_a_list_told_of_a_device_is_shown_to_whom_says_why(town):
    assert told(code_of(1)) == {
        "stream_url": "rtsp://admin:Zx9kL1@192.0.2.1/1", "device_login": "admin", "device_password": "Qw8rT1",
    }  # fmt: skip
    assert sound() == []


def test_nothing_stored_shows_a_secret(town):
    stored = everything_stored()
    assert not [word for word in ("Zx9kL", "Qw8rT", "Nb5vC", "192.0.2.") if word in stored]
    assert stored.count("sealed:") >= 16  # a mark for each stream address in claim and camera


def test_a_row_is_shown_with_dots_where_a_secret_stands(town):
    cells = next(row for row in queries.report(town) if row.row == 8).cells
    assert cells[-3:] == ["••••", "••••", "••••"]
    assert cells[0] == "8"


def test_each_look_stands_in_the_journal_with_its_reason_and_without_the_secret(town):
    code = code_of(1)
    told(code)
    entry = journal.entries_about(f"camera:{code}")[-1]
    assert (entry.what, entry.why, entry.by) == ("looked_at_secret", "ремонт", "person:olena")
    assert "Zx9kL" not in repr(entry)


def test_no_look_without_a_reason(town):
    with pytest.raises(InvalidInput, match="reason"):
        vault.reveal(code_of(1), why="  ", by=BY, at=AT)


def test_looks_are_counted_by_the_hour(town, settings):
    settings.OBLIK_SECRET_LOOKS = 2
    told(code_of(1))
    told(code_of(2))
    with pytest.raises(Conflict, match="2 times"):
        told(code_of(3))
    assert vault.reveal(code_of(3), why="інший", by=Actor("person", "petro"), at=AT)
    assert vault.reveal(code_of(3), why="потім", by=BY, at=AT + timedelta(hours=1, seconds=1))


def test_nobody_looks_beyond_the_own_scope(town, tmp_path):
    hand_in(tmp_path / "pol.csv", [secret_row(1, RTSP="rtsp://pol:Hh7jU@192.0.2.1/2")], owner="POL")
    matching.run_matching("C1", by=BY, at=AT)
    code = code_of(1)
    assert code_of(1, file="pol.csv") == code
    of_kp, of_pol = (Scope((Reach(owners=frozenset({owner})),)) for owner in ("KP", "POL"))
    assert {s.text for s in vault.reveal(code, why="ремонт", by=BY, at=AT)} >= {"rtsp://pol:Hh7jU@192.0.2.1/2"}
    assert "Hh7jU" not in repr(vault.reveal(code, why="ремонт", by=BY, at=AT, within=of_kp))
    with pytest.raises(NotFound):
        vault.reveal(code, why="ремонт", by=BY, at=AT, within=of_pol)


def test_a_newer_list_brings_the_newer_password(town, tmp_path):
    rows = [secret_row(i) for i in range(1, 9)]
    rows[0]["Логін/пароль"] = "admin/Changed9"
    newer = hand_in(tmp_path / "b.csv", rows)
    assert next(r for r in queries.report(newer) if r.row == 2).verdict == "same"
    matching.run_matching("C1", by=BY, at=AT)
    passwords = [s.text for s in vault.reveal(code_of(1), why="ремонт", by=BY, at=AT) if s.field == "device_password"]
    assert passwords[0] == "admin/Changed9" or passwords[0] == "Changed9"


def test_a_changed_stream_address_is_a_changed_row(town, tmp_path):
    rows = [secret_row(i) for i in range(1, 9)]
    rows[0]["RTSP"] = "rtsp://admin:Zx9kL1@192.0.2.99/1"
    newer = hand_in(tmp_path / "b.csv", rows)
    verdicts = {row.row: row.verdict for row in queries.report(newer)}
    assert (verdicts[2], verdicts[3]) == ("changed", "same")


def test_a_token_moved_to_another_camera_opens_there_no_more(town):
    first, second = (Secret.objects.get(camera__code=code_of(n), field="device_password") for n in (1, 2))
    first.sealed, second.sealed = second.sealed, first.sealed
    first.save()
    second.save()
    assert told(code_of(1))["device_password"] is None
    assert journal.entries_about(f"camera:{code_of(1)}")[-1].details["damaged"] == ["device_password"]


def test_a_pinned_secret_is_sealed_and_the_journal_has_dots(town):
    code = code_of(1)
    values = {"device_password": "Pinned77", "stream_url": "rtsp://x:Pinned77@192.0.2.200/9", "floor": "2"}
    pin_values(code, values=values, by=BY, at=AT, why="оновлено")
    assert vault.reveal(code, why="ремонт", by=BY, at=AT)[1].text
    assert {"Pinned77", "rtsp://x:Pinned77@192.0.2.200/9"} <= {
        s.text for s in vault.reveal(code, why="ремонт", by=BY, at=AT)
    }
    assert "Pinned77" not in everything_stored()
    assert "Pinned77" not in repr(journal.entries_about(f"camera:{code}"))
    assert registry.camera_card(code).line.values["floor"] == "2"
    assert sound() == []


def test_rotation_turns_everything_and_then_the_old_key_may_go(town):
    old = keyring.ring().active
    done = rotation.rotate(by=BY, at=AT)
    assert (done.turned, done.lost, done.key > old) == (8 * 3 + 17 + 1, 0, True)
    states = {key.name: (key.needed, key.active) for key in rotation.state().keys}
    assert states[old] == (0, False)
    rotation.forget(old, by=BY, at=AT)
    assert told(code_of(1))["device_password"] == "Qw8rT1"
    assert sound() == []
    assert lists.clean_submission(Submission.objects.get(pk=town), progress=lambda *_: None).secret


def test_a_needed_key_stays_and_a_rotation_begun_is_finished_first(town):
    old = keyring.ring().active
    keyring.add_key()
    with pytest.raises(Conflict, match="still needed"):
        rotation.forget(old, by=BY, at=AT)
    with pytest.raises(Conflict, match="--continue"):
        rotation.rotate(by=BY, at=AT)
    assert rotation.rotate(by=BY, at=AT, go_on=True).turned == 42


def test_without_its_key_secrets_wait_and_all_else_goes_on(data_dir, tmp_path):
    add_owner("KP", name="КП", kind="enterprise", by=BY, at=AT)
    hand_in(tmp_path / "a.csv", [secret_row(i) for i in range(1, 5)])
    keys = data_dir / "keys"
    away = tmp_path / "away"
    active = f"{keyring.ring().active}.key"
    (keys / active).rename(away)
    matching.run_matching("C1", by=BY, at=AT)
    code = code_of(1)
    assert registry.camera_card(code).line.values["address"]
    with pytest.raises(NotFound):
        told(code)
    assert rotation.state().waiting == 4
    with pytest.raises(KeyMissing, match="oblik init"):
        hand_in(tmp_path / "b.csv", [secret_row(9)])
    away.rename(keys / active)
    assert rotation.rotate(by=BY, at=AT, go_on=True).brought == 12
    assert told(code)["device_password"] == "Qw8rT1"
    (keys / active).rename(away)
    with pytest.raises(KeyMissing, match=active):
        told(code)


def test_what_lay_in_the_clear_is_sealed(town):
    """As an installation from before looks: rows, values and files in the clear."""
    ring = keyring.ring()
    import json

    from oblik.db import kept_files as store
    from oblik.intake import raw_secrets
    from oblik.intake.models import Record

    for row in RawRow.objects.filter(submission_id=town):
        held = json.loads(row.cells)
        opened = raw_secrets.opened(row.cells, submission=town, sheet=row.sheet, number=row.number, ring=ring)
        row.cells = raw_secrets.dumped([opened.get(at, cell) for at, cell in enumerate(held)])
        row.save()
    for model in (Record, Claim, Camera):
        for row in model.objects.all():
            values = json.loads(row.values)
            values["stream_url"] = "rtsp://192.0.2.1/1"
            row.values = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
            row.save()
    line = queries.submission(town)
    with store.opened(line.sha256, file_name=line.file_name) as path:
        kept = store.kept_path(line.sha256, file_name=line.file_name)
        kept.with_suffix("").write_bytes(path.read_bytes())
        kept.unlink()
    Submission.objects.update(secret_rows=None)
    Secret.objects.all().delete()
    assert "Zx9kL" in everything_stored()
    assert {name for name, count in rotation.state().clear.items() if count} >= {"lists", "files", "Claim", "Camera"}
    done = rotation.rotate(by=BY, at=AT)
    assert (done.sealed > 0, done.brought, done.lost) == (True, 24, 0)
    assert not [word for word in ("Zx9kL", "Qw8rT", "Nb5vC", "192.0.2.") if word in everything_stored()]
    assert not any(rotation.state().clear.values())
    assert told(code_of(1))["device_password"] == "Qw8rT1"
    assert list(checks.broken()) == []
