"""The auditor's screen: filters, pages by number, one entry with its proof, export, what is unusual."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.urls import reverse
from tests.web.conftest import PASSWORD, SINCE

import oblik
from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.db import guards
from oblik.journal import checkpoints, queries
from oblik.journal.actions import looked
from oblik.journal.anomalies import anomalies
from oblik.journal.models import Entry
from oblik.web.ui.templatetags.audit import DONE

KYIV_NOON = datetime(2026, 3, 20, 10, tzinfo=UTC)


@pytest.fixture
def auditor(client, register, data_dir):
    accounts.add_person("vira", role="auditor", password=PASSWORD)
    assert client.login(username="vira", password=PASSWORD)
    checkpoints.prepare()
    return client


@pytest.fixture
def looks(register):
    """Sixty looks at secrets by one person, one of them with a formula for a reason."""
    for number in range(60):
        why = "=HYPERLINK(1)" if number == 7 else ""
        by = Actor("person", "petro")
        looked(subject=f"camera:{number}", what="looked_at_secret", by=by, at=SINCE, why=why, details={"<b>": "<i>"})


def test_only_auditors_read_the_journal(officer, looks):
    for name, words in (("audit", ()), ("audit-unusual", ()), ("audit-entry", (1,)), ("audit-proof", (1,))):
        assert officer.get(reverse(name, args=words)).status_code == 403
    assert officer.post(reverse("audit-export")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, register):
    assert client.get(reverse("audit")).status_code == 302
    assert client.post(reverse("audit-export")).status_code == 302


def test_entries_are_paged_by_number(auditor, looks):
    first = auditor.get(reverse("audit"), {"by": "petro"})
    numbers = [one.number for one in first.context["found"]]
    assert len(numbers) == 50
    second = auditor.get(reverse("audit") + "?" + first.context["older"])
    assert [one.number for one in second.context["found"]] == list(range(numbers[-1] - 1, numbers[-1] - 11, -1))
    assert second.context["older"] == ""


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"subject": "camera:7"}, 1), ({"subject": "camera:"}, 50), ({"what": "looked_at_secret", "by": "nobody"}, 0),
        ({"kind": "looked", "until": "2020-01-01"}, 0), ({"since": "2020-01-01", "subject": "camera:9"}, 1),
        ({"since": "завтра", "before": "x", "kind": "?", "subject": "camera:9"}, 1),
        ({"until": "9999-12-31", "subject": "camera:9"}, 1), ({"before": "9" * 40, "subject": "camera:9"}, 1),
    ],
)  # fmt: skip
def test_filters(auditor, looks, asked, count):
    answer = auditor.get(reverse("audit"), asked)
    assert (answer.status_code, len(answer.context["found"])) == (200, count)


def test_an_entry_shows_what_is_in_it_and_runs_nothing(auditor, looks):
    number = queries.newest_entries(queries.Asked(subject="camera:7"))[0].number
    text = auditor.get(reverse("audit-entry", args=(number,))).content.decode()
    assert "&lt;b&gt;" in text
    assert "<i>" not in text
    assert auditor.get(reverse("audit-entry", args=(10**30,))).status_code == 404
    assert auditor.get(reverse("audit-entry", args=(99_999,))).status_code == 404


def test_a_proof_is_a_file(auditor, looks):
    answer = auditor.get(reverse("audit-proof", args=(5,)))
    assert answer["Content-Disposition"] == 'attachment; filename="entry-5.proof.json"'
    assert answer.json()["entry"]["number"] == 5


def test_an_export_is_recorded_and_harmless_in_a_spreadsheet(auditor, looks):
    answer = auditor.post(reverse("audit-export"), {"by": "petro"})
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert len(lines) == 60
    assert lines[7]["why"] == "'=HYPERLINK(1)"
    done = queries.newest_entries(queries.Asked(what="exported"))[0]
    assert (done.by, done.kind, done.details) == ("person:vira", "looked", {"by": "petro"})
    assert auditor.get(reverse("audit-export")).status_code == 405


def at(hours: float, *, what="looked_at_secret", by="person:petro", kind="looked", subject="camera:1"):
    """An entry so many hours before the instant that anomalies are asked for."""
    when = KYIV_NOON - timedelta(hours=hours)
    return {"kind": kind, "subject": subject, "what": what, "by": by, "happened_at": when, "recorded_at": when}


def found(*entries):
    """What is unusual in these entries alone."""
    guards.allow_changes(connection, table="journal_entry")
    Entry.objects.all()._raw_delete("default")
    ordered = sorted(entries, key=lambda one: one["recorded_at"])
    Entry.objects.bulk_create([Entry(number=n, hash=b"", **one) for n, one in enumerate(ordered, start=1)])
    from zoneinfo import ZoneInfo

    return anomalies(at=KYIV_NOON, zone=ZoneInfo("Europe/Kyiv"))


@pytest.mark.django_db
def test_more_looks_than_on_the_own_median_stand_out():
    busy = [at(24 * day + n / 100) for day in range(10, 20) for n in range(20)]
    assert [one.kind for one in found(*busy, *(at(2 + n / 100) for n in range(60)))] == ["silence"]
    (many,) = [one for one in found(*busy, *(at(2 + n / 100) for n in range(61))) if one.kind == "many_looks"]
    assert (many.about, many.count, many.usual) == ("person:petro", 61, 20)
    assert not [one for one in found(*(at(2 + n / 100) for n in range(9))) if one.kind == "many_looks"]


@pytest.mark.django_db
def test_nights_are_those_of_the_city_and_the_night_shift_is_left_alone():
    days = [at(24 * day) for day in range(1, 20)]
    late = [at(12.9)]  # 23:06 in Kyiv, two hours earlier in UTC
    assert [one.about for one in found(*days, *late) if one.kind == "at_night"] == ["person:petro"]
    shift = [at(24 * day + 12) for day in range(1, 20)]
    assert not [one for one in found(*days, *shift, *late) if one.kind == "at_night"]


@pytest.mark.django_db
def test_failed_sign_ins_changed_rights_and_silence_stand_out():
    told = found(
        *(at(n, what="second_factor_failed", kind="done", subject="person:olena") for n in range(2, 5)),
        at(1, what="role_set", kind="done", by="person:admin", subject="person:olena"),
        at(24 * 4, kind="done", what="pinned"),
    )
    assert {(one.kind, one.about, one.count) for one in told} == {
        ("failed_sign_ins", "person:olena", 3), ("rights_changed", "person:admin", 1), ("silence", "journal:2", 3)
    }  # fmt: skip


def test_the_page_of_the_unusual_leads_to_the_entries(auditor, looks):
    answer = auditor.get(reverse("audit-unusual"))
    (line,) = answer.context["groups"][0][1]
    listed = auditor.get(reverse("audit") + "?" + line[1])
    assert {one.by for one in listed.context["found"]} == {"person:petro"}
    assert len(listed.context["found"]) == 50


def test_a_downloaded_document_leaves_a_trace(auditor, campaign, data_dir):
    from oblik.inventory import queries as inventory

    folder = inventory.documents_folder(campaign, language="uk")
    folder.mkdir(parents=True)
    (folder / "4-act.pdf").write_bytes(b"%PDF")
    name = inventory.documents(campaign, language="uk")[0].name
    answer = auditor.get(reverse("document", args=(campaign, "uk", name)))
    assert b"".join(answer.streaming_content) == b"%PDF"
    done = queries.newest_entries(queries.Asked(what="downloaded"))[0]
    assert (done.by, done.subject, done.details["document"]) == ("person:vira", "inventory:C1", name)


def test_whatever_is_recorded_has_its_words():
    room = Path(oblik.__file__).parent
    said = {what for path in room.rglob("*.py") for what in re.findall(r'\bwhat="([a-z_]+)"', path.read_text("utf-8"))}
    assert len(said) > 50
    assert sorted(said - set(DONE)) == []


@pytest.mark.django_db
def test_more_cameras_read_than_on_the_own_median_stand_out():
    def read(day: float, cameras: int) -> dict[str, object]:
        return {**at(24 * day, what="listed", subject="camera:all"), "details": json.dumps({"cameras": cameras})}

    def much(*entries: dict[str, object]) -> list[tuple[str, int, float | None]]:
        return [(one.about, one.count, one.usual) for one in found(*entries) if one.kind == "much_read"]

    nightly = [read(day, 5_000) for day in range(9, 30)]
    assert much(*nightly, read(1, 5_000), read(2, 15_000)) == []
    assert much(*nightly, read(1, 5_000), read(1, 15_001)) == [("person:petro", 15_001, 5_000)]
    assert much(read(1, 999)) == []
    assert much(read(1, 500), read(1, 1_000)) == [("person:petro", 1_000, None)]
    assert not [one for one in found(*(read(0.1, 500 + n) for n in range(20))) if one.kind == "many_looks"]
