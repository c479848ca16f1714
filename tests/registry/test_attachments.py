"""Photos and documents of cameras: kept sealed and for ever, shown without what a device wrote into them."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, NotFound
from oblik.intake.actions import rotation
from oblik.journal import queries as journal
from oblik.registry import actions, attaching, attachments, checks, editing, edits, queries
from oblik.registry.entering import enter_camera
from oblik.registry.logic.papers import kind_of
from oblik.registry.logic.photos import SHOWN_PX, photo_of

BY = Actor("person", "olena")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


def picture(*, size: tuple[int, int] = (60, 40), place: bool = True, turned: int = 1) -> bytes:
    """A photo as a phone writes it: left half red, with place, day, serial of the device."""
    drawn = Image.new("RGB", size, "blue")
    drawn.paste("red", (0, 0, size[0] // 2, size[1]))
    told = Image.Exif()
    told[Base.Orientation] = turned
    told[Base.Make] = "SECRETPHONE"
    told.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2026:02:28 14:05:06"
    if place:
        told.get_ifd(IFD.GPSInfo).update(
            {
                GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (49.0, 30.0, 0.0), GPS.GPSLongitudeRef: "E",
                GPS.GPSLongitude: (34.0, 15.0, 36.0), GPS.GPSImgDirectionRef: "T", GPS.GPSImgDirection: 359.999,
            }
        )  # fmt: skip
    out = io.BytesIO()
    drawn.save(out, "JPEG", exif=told)
    return out.getvalue()


@pytest.fixture
def camera(db, data_dir):
    actions.add_owner("KP", name="КП «Світло»", kind="enterprise", by=BY, at=AT)
    values = {"name": "Вхід", "height_m": 4.0, "lon_deg": 34.0, "lat_deg": 49.0}
    return enter_camera("KP", reference="1", values=values, by=BY, at=AT, why="test")[0]


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "IMG 1.JPG"
    path.write_bytes(picture())
    return path


def test_what_a_device_wrote_is_read_and_not_shown():
    data = picture()
    assert b"SECRETPHONE" in data
    made = photo_of(data, name="a.jpg")
    assert (made.lon_deg, made.lat_deg, made.bearing_deg) == (34.26, 49.5, 0.0)
    assert made.taken_on == datetime(2026, 2, 28, 14, 5, 6)  # noqa: DTZ001 - EXIF names no zone
    for shown in (made.shown, made.thumbnail):
        assert b"SECRETPHONE" not in shown
        with Image.open(io.BytesIO(shown)) as opened:
            assert not opened.getexif()


def test_a_photo_stands_upright_and_is_no_larger_than_needed():
    made = photo_of(picture(size=(3000, 1000), turned=6), name="a.jpg")  # 6: to be turned a quarter clockwise
    with Image.open(io.BytesIO(made.shown)) as opened:
        assert opened.size == (round(SHOWN_PX / 3), SHOWN_PX)
        top, bottom = opened.getpixel((300, 100)), opened.getpixel((300, 1900))
        assert top[0] > 200 > bottom[0]


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8\xff\xe0 torn", b"%PDF-1.7", picture()[:200]], ids=range(5))
def test_what_is_no_picture_is_refused_in_words(data):
    with pytest.raises(InvalidInput, match="nota"):
        photo_of(data, name="nota.jpg")


def test_a_place_that_is_none_is_not_believed():
    made = photo_of(picture(place=False), name="a.jpg")
    assert (made.lon_deg, made.lat_deg, made.bearing_deg) == (None, None, None)


def test_a_document_is_what_its_name_says():
    assert kind_of("Акт.PDF", head=b"%PDF-1.7") == "document"
    assert kind_of("a.jpeg", head=b"") == "photo"
    for name, head in (("a.pdf", b"MZ\x90"), ("a.exe", b"MZ"), ("noend", b""), ("a.svg", b"<svg"), ("a.html", b"<")):
        with pytest.raises(InvalidInput):
            kind_of(name, head=head)


def test_a_photo_is_kept_sealed_and_told_in_the_journal(camera, photo, data_dir):
    number = attaching.attach(camera, path=photo, what="Вхід у двір", by=BY, at=AT)
    assert attaching.attach(camera, path=photo, what="ще раз", by=BY, at=AT) == number
    (line,) = attachments.attachments_of(camera)
    assert (line.kind, line.file_name, line.what) == ("photo", "IMG 1.JPG", "Вхід у двір")
    assert (line.lon_deg, line.lat_deg) == (34.26, 49.5)
    with attachments.opened(number, form="original") as original, attachments.opened(number, form="shown") as shown:
        assert original.read_bytes() == photo.read_bytes()
        assert b"SECRETPHONE" not in shown.read_bytes()
    kept = [path.read_bytes() for path in (data_dir / "files").rglob("*") if path.is_file()]
    assert len(kept) == 3
    assert not any(b"SECRETPHONE" in data or b"JFIF" in data for data in kept)
    (told,) = [one for one in journal.entries_about(f"camera:{camera}") if one.what == "attached"]
    assert told.why == "Вхід у двір"


def test_what_is_taken_off_can_be_put_back(camera, photo):
    number = attaching.attach(camera, path=photo, what="", by=BY, at=AT)
    with pytest.raises(InvalidInput):
        attaching.remove_attachment(number, by=BY, at=AT, why=" ")
    attaching.remove_attachment(number, by=BY, at=AT, why="не та камера")
    assert attachments.attachments_of(camera) == []
    attaching.restore_attachment(number, by=BY, at=AT)
    assert [line.id for line in attachments.attachments_of(camera)] == [number]
    with pytest.raises(NotFound):
        attachments.attachment(number + 1, code=camera)


def test_files_turn_with_the_keys(camera, photo):
    number = attaching.attach(camera, path=photo, what="", by=BY, at=AT)
    done = rotation.rotate(by=BY, at=AT)
    assert (done.turned, done.lost) == (3, 0)
    (old,) = [key.name for key in rotation.state().keys if not key.active]
    rotation.forget(old, by=BY, at=AT)
    with attachments.opened(number, form="original") as original, attachments.opened(number, form="thumbnail") as small:
        assert original.read_bytes() == photo.read_bytes()
        assert small.read_bytes().startswith(b"\xff\xd8")


def test_a_lost_file_is_found_by_the_check(camera, photo, data_dir):
    attaching.attach(camera, path=photo, what="", by=BY, at=AT)
    assert list(checks.broken()) == []
    next(path for path in (data_dir / "files").rglob("*.jpg.sealed")).unlink()
    (found,) = checks.broken()
    assert (found.rule, found.subject) == ("attachment_kept", camera)


# ---------------------------------------------------------------------------------------------- edits


def held(code, name="height_m"):
    return queries.camera_card(code).line.values.get(name)


def edit(code, *, minutes=0, **values):
    return editing.edit_camera(code, values=values, by=BY, at=AT + timedelta(minutes=minutes), why="виміряно")


def test_a_pin_let_go_gives_the_word_back_to_the_sources(camera):
    assert edit(camera, minutes=1, height_m=6.0)
    assert (held(camera), edits.pinned_on(camera)) == (6.0, {"height_m": 6.0})
    assert not edit(camera, minutes=2, height_m=6.0)
    assert edit(camera, minutes=3, height_m=None)
    assert (held(camera), edits.pinned_on(camera)) == (4.0, {})


def test_a_place_is_pinned_and_let_go_as_a_whole(camera):
    with pytest.raises(InvalidInput):
        edit(camera, lon_deg=34.5)
    edit(camera, minutes=1, lon_deg=34.5, lat_deg=49.5)
    assert held(camera, "lon_deg") == 34.5
    edit(camera, minutes=2, lat_deg=None)
    assert (held(camera, "lon_deg"), held(camera, "lat_deg"), edits.pinned_on(camera)) == (34.0, 49.0, {})


def test_the_last_edit_is_undone_and_done_again(camera):
    assert edits.last_edit(camera) is None
    edit(camera, minutes=1, height_m=5.0, name="Брама")
    edit(camera, minutes=2, height_m=6.0)
    last = edits.last_edit(camera)
    assert (last.by, last.why, last.changed) == ("person:olena", "виміряно", {"height_m": (5.0, 6.0)})
    undo(camera, minutes=3)
    assert edits.pinned_on(camera) == {"height_m": 5.0, "name": "Брама"}
    undo(camera, minutes=4)
    assert held(camera) == 6.0
    edit(camera, minutes=5, height_m=None, name=None)
    undo(camera, minutes=6)
    assert edits.pinned_on(camera) == {"height_m": 6.0, "name": "Брама"}


def undo(code, *, minutes):
    number = edits.last_edit(code).number
    editing.undo_edit(code, by=BY, at=AT + timedelta(minutes=minutes), why="помилка", edit=number)


def test_the_first_edit_undone_leaves_nothing_pinned(camera):
    edit(camera, minutes=1, height_m=5.0)
    undo(camera, minutes=2)
    assert (held(camera), edits.pinned_on(camera)) == (4.0, {})


def test_a_state_is_told_as_of_the_day_on_which_it_came(camera):
    later = AT + timedelta(days=30)
    day = AT + timedelta(days=10)
    editing.edit_camera(camera, values={"state": "faulty"}, by=BY, at=later, why="Акт 7", happened_at=day)
    assert queries.camera_card(camera, as_of=day.date()).line.state == "faulty"
    assert queries.camera_card(camera, as_of=day.date() - timedelta(days=1)).line.state == "in_service"
    with pytest.raises(InvalidInput):
        edit_at = later + timedelta(days=1)
        editing.edit_camera(camera, values={"state": "lost"}, by=BY, at=later, why="x", happened_at=edit_at)


def test_an_edit_needs_a_reason_and_leaves_secrets_alone(camera):
    with pytest.raises(InvalidInput):
        editing.edit_camera(camera, values={"height_m": 5.0}, by=BY, at=AT, why="")
    with pytest.raises(InvalidInput):
        edit(camera, stream_url="rtsp://10.0.0.1/")
