"""The passport of a camera: values with their sources, edits, photos, rows parted, new cameras, papers."""

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from tests.registry.test_attachments import picture
from tests.web.conftest import BY, SINCE

from oblik.intake.actions import lists, matching
from oblik.inventory import actions as inventory
from oblik.journal import queries as journal
from oblik.registry import attaching, attachments, editing, edits, queries
from oblik.registry.queries import camera_card


def text(response):
    return response.content.decode()


def held(code, name):
    return camera_card(code).line.values.get(name)


@pytest.fixture
def form(officer, register):
    """What the form of the first camera sends, and how to send it with something changed."""

    def send(**changed):
        page = officer.get(f"/cameras/{register[0]}/edit/")
        inputs = [one for group in page.context["groups"] for one in group.inputs]
        data = {one.field.name: one.value for one in inputs}
        data |= {f"pin_{one.field.name}": "on" for one in inputs if one.pinned}
        data |= {"version": str(page.context["card"].version), "why": "Виміряно на місці"} | changed
        return officer.post(
            f"/cameras/{register[0]}/edit/", {name: one for name, one in data.items() if one is not None}
        )

    return send


# ---------------------------------------------------------------------------------------------- reading


def test_each_value_says_where_it_comes_from_and_what_others_say(officer, register):
    page = text(officer.get(f"/cameras/{register[0]}/"))
    values = page[page.index('id="values"') : page.index('id="sources"')]
    assert "закріплено" in values or "pinned" in values
    assert "80°" in values  # what the older list of the police says of the bearing
    assert "Поліція" in values
    assert 'id="as-of-slider"' in page


def test_a_day_gone_by_shows_the_camera_as_it_was(officer, register):
    then = (SINCE + timedelta(days=5)).date().isoformat()
    page = officer.get(f"/cameras/{register[0]}/?as_of={then}")
    assert page.context["card"].line.values["height_m"] == 4.0
    assert not page.context["may_edit"]
    assert officer.get(f"/cameras/{register[0]}/?as_of=yesterday").status_code == 400


def test_who_may_not_edit_is_offered_nothing_and_refused(clerk, register):
    page = text(clerk.get(f"/cameras/{register[2]}/"))
    assert "/edit/" not in page
    assert "attachments/" not in page
    for address in ("edit/", "edit/undo/", "attachments/", "part/"):
        assert clerk.post(f"/cameras/{register[2]}/{address}").status_code == 403
    assert clerk.get("/cameras/new/").status_code == 403


# ---------------------------------------------------------------------------------------------- editing


def test_a_form_sent_as_it_came_changes_nothing(form, register):
    before = camera_card(register[0])
    answer = form()
    assert answer.status_code == 422
    assert camera_card(register[0]).version == before.version
    assert edits.pinned_on(register[0]) == {"height_m": 6.0}


def test_what_was_typed_is_pinned_and_what_lost_its_tick_is_let_go(form, register):
    answer = form(bearing_deg="45", pin_height_m=None)
    assert answer.status_code == 302
    assert edits.pinned_on(register[0]) == {"bearing_deg": 45.0}
    assert (held(register[0], "bearing_deg"), held(register[0], "height_m")) == (45.0, 4.0)
    (told,) = [one for one in journal.entries_about(f"camera:{register[0]}") if one.what == "edited"]
    assert told.why == "Виміряно на місці"


def test_a_place_is_pinned_as_a_whole_and_its_accuracy_let_go_alone(form, register):
    assert form(lat_deg="49.5", accuracy_m="5").status_code == 302
    assert edits.pinned_on(register[0]).keys() >= {"lon_deg", "lat_deg", "accuracy_m", "place_origin"}
    assert form(accuracy_m="").status_code == 302
    assert {"lon_deg", "lat_deg"} <= edits.pinned_on(register[0]).keys()
    assert "accuracy_m" not in edits.pinned_on(register[0])
    assert form(pin_lat_deg=None).status_code == 302
    assert held(register[0], "lat_deg") == 49.0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"height_m": "високо"}, "height_m"), ({"lat_deg": "99"}, "lat_deg"), ({"bearing_deg": ""}, "bearing_deg"),
        ({"lon_deg": ""}, "lon_deg"), ({"why": " "}, "why"), ({"happened_on": "2999-01-01"}, "happened_on"),
        ({"installed_on": "2026-02-30"}, "installed_on"), ({"mac": "00:1A"}, "mac"), ({"ip": "300.1.1.1"}, "ip"),
        ({"note": "rtsp://admin:hunter2@10.0.0.1/"}, "note"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(form, register, typed, field):
    answer = form(**({"name": "Нова назва"} | typed))
    assert answer.status_code == 422
    assert field in answer.context["wrong"]
    assert "Нова назва" in text(answer)
    assert held(register[0], "name") == "Вхід"


def test_who_typed_while_another_saved_is_shown_both(form, officer, register):
    old = str(camera_card(register[0]).version)
    editing.edit_camera(register[0], values={"name": "Брама"}, by=BY, at=SINCE + timedelta(days=90), why="x")
    answer = form(version=old, name="Вхід 1")
    assert answer.status_code == 409
    (one,) = answer.context["meanwhile"]
    assert (one.name, one.then, one.now, one.mine) == ("name", "Вхід", "Брама", "Вхід 1")
    assert held(register[0], "name") == "Брама"
    assert form(name="Вхід 1").status_code == 302


def test_a_state_comes_with_its_day_and_its_document(form, register):
    day = (SINCE + timedelta(days=70)).date()
    paper = SimpleUploadedFile("акт.pdf", b"%PDF-1.7 ...")
    assert form(state="faulty", happened_on=day.isoformat(), document="Акт № 7", paper=paper).status_code == 302
    assert camera_card(register[0], as_of=day).line.state == "faulty"
    assert camera_card(register[0], as_of=day - timedelta(days=1)).line.state == "in_service"
    assert queries.camera_history(register[0])[0].why == "Виміряно на місці · Акт № 7"
    (kept,) = attachments.attachments_of(register[0])
    assert (kept.kind, kept.file_name) == ("document", "акт.pdf")


def test_the_last_edit_is_undone_on_the_page(form, officer, register):
    form(name="Брама")
    number = officer.get(f"/cameras/{register[0]}/").context["last_edit"].number
    assert officer.post(f"/cameras/{register[0]}/edit/undo/", {"edit": number}).status_code == 302
    assert held(register[0], "name") == "Вхід"
    assert officer.post(f"/cameras/{register[0]}/edit/undo/", {"edit": number}).status_code == 409


# ---------------------------------------------------------------------------------------------- photos and documents


def test_a_photo_is_shown_without_what_the_phone_wrote(officer, register):
    at = f"/cameras/{register[0]}/attachments/"
    sent = SimpleUploadedFile("вхід.jpg", picture())
    assert officer.post(at, {"file": sent, "what": "Вхід у двір"}).status_code == 302
    (line,) = attachments.attachments_of(register[0])
    page = text(officer.get(f"/cameras/{register[0]}/"))
    assert "Вхід у двір" in page
    shown = officer.get(f"{at}{line.id}/shown/")
    assert shown["Content-Type"] == "image/jpeg"
    assert b"SECRETPHONE" not in shown.content
    with Image.open(io.BytesIO(shown.content)) as opened:
        assert not opened.getexif()
    assert officer.get(f"{at}{line.id}/shown/", headers={"If-None-Match": shown["ETag"]}).status_code == 304
    original = officer.get(f"{at}{line.id}/original/")
    assert b"".join(original.streaming_content) == picture()
    assert [one.what for one in journal.entries_about(f"camera:{register[0]}")].count("downloaded") == 1
    assert officer.get(f"{at}{line.id}/elsewhere/").status_code == 404


def test_another_owners_photos_are_not_there(clerk, register, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(picture())
    number = attaching.attach(register[0], path=path, what="", by=BY, at=SINCE)
    own = attaching.attach(register[2], path=path, what="", by=BY, at=SINCE)
    for code in (register[0], register[2]):
        assert clerk.get(f"/cameras/{code}/attachments/{number}/shown/").status_code == 404
    assert clerk.get(f"/cameras/{register[2]}/attachments/{own}/shown/").status_code == 200
    assert clerk.get(f"/cameras/{register[2]}/attachments/{own}/original/").status_code == 403


def test_what_is_taken_off_is_put_back_from_the_page_that_follows(officer, register):
    at = f"/cameras/{register[0]}/attachments/"
    officer.post(at, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")})
    (line,) = attachments.attachments_of(register[0])
    assert "a.pdf" in text(officer.post(f"{at}{line.id}/off/remove/", {"why": "не той"}))
    assert attachments.attachments_of(register[0]) == []
    assert officer.post(f"{at}{line.id}/off/restore/").status_code == 302
    assert [one.id for one in attachments.attachments_of(register[0])] == [line.id]


@pytest.mark.parametrize(("name", "said"), [("a.exe", "MZ"), ("a.pdf", "<html>"), ("a.jpg", "<svg/>"), ("a.png", "")])
def test_a_file_that_is_no_photo_and_no_paper_is_refused_in_words(officer, register, name, said):
    sent = SimpleUploadedFile(name, said.encode())
    answer = officer.post(f"/cameras/{register[0]}/attachments/", {"file": sent})
    assert answer.status_code == 400
    assert attachments.attachments_of(register[0]) == []


# ---------------------------------------------------------------------------------------------- rows


@pytest.fixture
def shared(officer, register, tmp_path, data_dir):
    """A camera for which a row of each of two lists was taken; its code."""
    inventory.open_campaign("C1", name="Перша", since=SINCE.date(), until=SINCE.date(), by=BY, at=SINCE)
    row = "Камера 1;вул. Миру, 5;49,500000;34,500000;SN-77001;00:1A:2B:00:00:77"
    for owner in ("KP", "POL"):
        path = tmp_path / f"{owner}.csv"
        path.write_text(f"Назва;Адреса;Широта;Довгота;Серійний номер;MAC\n{row}\n", encoding="utf-8")
        lists.add_list(path, owner=owner, campaign="C1", by=BY, at=SINCE + timedelta(days=100))
    matching.run_matching("C1", by=BY, at=SINCE + timedelta(days=101))
    (line,) = queries.search_cameras(text="SN-77001").lines
    assert line.sources == 2
    return line.code


def test_a_row_is_parted_from_a_camera_with_a_reason(officer, shared):
    page = officer.get(f"/cameras/{shared}/")
    rows = list(page.context["passport"].rows.values())
    assert {row.file_name for row in rows} == {"KP.csv", "POL.csv"}
    wrong = next(row for row in rows if row.owner == "POL")
    at = f"/cameras/{shared}/part/"
    assert officer.post(at, {"record": wrong.record, "why": ""}).status_code == 400
    assert officer.post(at, {"record": 999, "why": "x"}).status_code == 404
    answer = officer.post(at, {"record": wrong.record, "why": "Інший бік будинку"})
    assert answer.status_code == 302
    assert answer["Location"] != f"/cameras/{shared}/"
    assert camera_card(shared).line.sources == 1
    assert "Інший бік будинку" in text(officer.get(f"/cameras/{shared}/"))


# ---------------------------------------------------------------------------------------------- new cameras


NEW = {"owner": "KP", "why": "Знайдено на обході", "reference": "desk-1", "name": "Нова", "address": "вул. Нова, 1"}


def test_a_new_camera_is_entered_once(officer, register):
    assert officer.get("/cameras/new/").context["reference"].startswith("desk-")
    first, again = (officer.post("/cameras/new/", NEW | {"lat_deg": "49.9", "lon_deg": "35.9"}) for _ in range(2))
    assert first.status_code == again.status_code == 302
    assert first["Location"] == again["Location"]
    code = first["Location"].split("/")[2]
    assert (camera_card(code).line.owner, held(code, "name")) == ("KP", "Нова")


def test_an_identifier_is_kept_as_lists_are_cleaned(form, register):
    assert form(mac="00-1a-2b-00-00-77").status_code == 302
    assert held(register[0], "mac") == "001A2B000077"
    assert form(mac="00:1A:2B:00:00:77", name="Ще раз").status_code == 302
    assert edits.last_edit(register[0]).changed.keys() == {"name"}


def test_cameras_that_it_may_be_are_shown_while_typing_and_have_to_be_answered(officer, shared):
    typed = {"mac": "001A2B000077", "lat_deg": "49.50001", "lon_deg": "34.5"}
    page = officer.post("/cameras/new/alike/", typed)
    (one,) = page.context["alike"]
    assert (one.line.code, one.probability > 0.8) == (shared, True)
    assert f"/cameras/{shared}/" in text(page)
    assert officer.post("/cameras/new/alike/", {}).context["alike"] == []
    asked = officer.post("/cameras/new/", NEW | typed)
    assert asked.status_code == 409
    assert shared in text(asked)
    assert officer.post("/cameras/new/", NEW | typed | {"another": "on"}).status_code == 302


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"owner": "XXX"}, "owner"), ({"owner": ""}, "owner"), ({"why": ""}, "why"), ({"lat_deg": "49"}, "lon_deg"),
     ({"address": "", "name": ""}, "address"), ({"kind": "round"}, "kind")],
)  # fmt: skip
def test_what_a_new_camera_lacks_is_said_beside_the_field(officer, register, typed, field):
    answer = officer.post("/cameras/new/", NEW | typed)
    assert answer.status_code == 422
    assert field in answer.context["wrong"]


# ---------------------------------------------------------------------------------------------- papers


@pytest.mark.parametrize("language", ["uk", "ru", "en"])
def test_the_passport_is_printed_in_each_language(officer, register, language):
    answer = officer.get(f"/cameras/{register[0]}/passport.pdf?language={language}")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert f"{register[0]}-{language}.pdf" in answer["Content-Disposition"]


def test_labels_hold_the_code_and_nothing_else(officer, register, monkeypatch):
    from oblik.inventory.documents import labels

    held = []
    real = labels.segno.make
    monkeypatch.setattr(labels.segno, "make", lambda content, **more: held.append(content) or real(content, **more))
    answer = officer.get(f"/cameras/labels.pdf?code={register[0]}&code={register[1]}&code={register[0]}")
    assert answer.content.startswith(b"%PDF-")
    assert held == [register[0], register[1]]
    assert officer.get("/cameras/labels.pdf?owner=POL").status_code == 200
    assert held[2:] == [register[2]]
    assert officer.get("/cameras/labels.pdf?text=nothing-like-this").status_code == 400
    assert officer.get("/cameras/labels.pdf?code=KHA-999999-9").status_code == 404


def test_nothing_of_anothers_camera_is_printed(clerk, register):
    assert clerk.get(f"/cameras/{register[1]}/passport.pdf").status_code == 404
    assert clerk.get(f"/cameras/labels.pdf?code={register[1]}").status_code == 404
    # The first camera stands in their own list too: it is printed as that list tells of it.
    assert clerk.get(f"/cameras/{register[0]}/passport.pdf").status_code == 200
