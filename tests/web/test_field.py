"""The page on the phone and what it sends; rounds and cameras met on site on the desk."""

import io
import json
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from oblik.accounts import actions as accounts
from oblik.base.actors import Actor
from oblik.inventory import checking, rounds
from oblik.inventory.checking import Walk
from oblik.registry import queries as cameras
from oblik.registry.attachments import attachments_of
from oblik.web.field.shell import PERMISSIONS

BY = Actor("console", "test")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
SECRETS = ("rtsp", "10.0.0.1", "secret", "stream_url", '"ip"', '"mac"', "serial")


def client_of(username, role, **more):
    accounts.add_person(username, role=role, password="sorok-dvi-kamery", **more)
    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


@pytest.fixture
def ivan(register):
    return client_of("ivan", "field")


@pytest.fixture
def handed_out(campaign, register, ivan):
    """A round of today for Ivan: two cameras at one place, the police's at another."""
    return checking.make_round(
        "C1", cameras=register[:3], walk=Walk("ivan", timezone.localdate(), name="Почніть від ринку"), by=BY, at=AT
    )


def sent(handed_out, camera="", answer="found", **more):
    said = {"id": str(uuid.uuid4()), "round": handed_out, "camera": camera, "version": 1, "answer": answer,
            "said_at": timezone.now().isoformat()} | more  # fmt: skip
    return {"check": json.dumps(said)}


def picture(name="p.jpg"):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (49, 0, 36.0), 3: "E", 4: (34, 0, 36.0)}
    exif[0x010F] = "Telephone of Ivan"
    Image.new("RGB", (80, 60), "teal").save(out, "JPEG", exif=exif)
    return io.BytesIO(out.getvalue())


def test_the_shell_holds_no_camera_and_borrows_what_the_phone_has(ivan, handed_out, register):
    shell = ivan.get("/field/")
    assert shell.status_code == 200
    assert shell["Permissions-Policy"] == PERMISSIONS
    assert "geolocation=(self)" in PERMISSIONS and "microphone=()" in PERMISSIONS
    assert not [code for code in register if code in shell.content.decode()]
    for other in ("/field/day.json", "/cameras/", "/map/", "/sign-in/"):
        assert "camera=()" in ivan.get(other)["Permissions-Policy"], other


def test_the_day_holds_what_finds_a_camera_and_nothing_secret(ivan, handed_out, register):
    answer = ivan.get("/field/day.json")
    day = answer.json()
    (one,) = day["rounds"]
    assert (day["person"], one["id"], one["name"]) == ("ivan", handed_out, "Почніть від ринку")
    assert {stop["code"] for stop in one["stops"]} == set(register[:3])
    assert one["stops"][0]["values"].keys() <= set(rounds.ON_THE_PHONE)
    assert not [word for word in SECRETS if word in answer.content.decode()]
    assert answer["Cache-Control"] == "no-store"


def test_a_round_of_somebody_else_or_of_yesterday_is_not_there(register, campaign, handed_out):
    petro = client_of("petro2", "field")
    assert petro.get("/field/day.json").json()["rounds"] == []
    answer = petro.post("/field/checks/", sent(handed_out, register[0]))
    assert answer.status_code == 404
    yesterday = timezone.localdate() - timedelta(days=1)
    checking.make_round("C1", cameras=register[:1], walk=Walk("petro2", yesterday), by=BY, at=AT)
    assert petro.get("/field/day.json").json()["rounds"] == []


def test_who_may_not_hand_in_has_no_field(register):
    auditor = client_of("audyt", "auditor")
    assert auditor.get("/field/").status_code == 403
    assert auditor.get("/field/day.json").status_code == 403
    assert auditor.post("/field/checks/", {"check": "{}"}).status_code == 403
    assert "/sign-in/" in Client().get("/field/day.json")["Location"]


def test_a_check_sent_twice_counts_once(ivan, handed_out, register):
    body = sent(
        handed_out, register[1], "different", bearing_deg=120, values={"kind": "dome", "height_m": "4,5"},
        place={"lon_deg": 34.0002, "lat_deg": 49.0001, "accuracy_m": 6}, place_from="gps", note="Повернули",
    )  # fmt: skip
    first = ivan.post("/field/checks/", body | {"photo": picture()})
    assert first.status_code == 200, first.content
    assert first.json()["known"] is False
    version = cameras.camera_card(register[1]).version
    again = ivan.post("/field/checks/", body | {"photo": picture()})
    assert again.json()["known"] is True
    card = cameras.camera_card(register[1])
    assert card.version == version
    said = {name: card.line.values[name] for name in ("bearing_deg", "kind", "height_m", "place_origin")}
    assert said == {"bearing_deg": 120.0, "kind": "dome", "height_m": 4.5, "place_origin": "field"}
    assert len(attachments_of(register[1])) == 1
    other = json.loads(body["check"]) | {"note": "інше"}
    assert ivan.post("/field/checks/", {"check": json.dumps(other)}).status_code == 409


@pytest.mark.parametrize(
    "more",
    [{"bearing_deg": 400}, {"place": {"lon_deg": 500, "lat_deg": 0, "accuracy_m": 1}}, {"values": {"kind": "dragon"}},
     {"answer": "perhaps"}, {"said_at": "2026-03-02 09:00"}, {"id": "1"}, {"extra": 1},
     {"values": {"height_m": "високо"}}],
)  # fmt: skip
def test_what_cannot_be_is_told_in_words(ivan, handed_out, register, more):
    answer = ivan.post("/field/checks/", sent(handed_out, register[0], **({"answer": "different"} | more)))
    assert answer.status_code == 422
    assert answer.json()["sentence"]
    assert rounds.checks(number=handed_out) == []


def test_what_is_no_picture_is_refused_and_nothing_is_kept(ivan, handed_out, register):
    body = sent(handed_out, register[0])
    answer = ivan.post("/field/checks/", body | {"photo": io.BytesIO(b"<svg onload=alert(1)>")})
    assert answer.status_code == 422
    assert rounds.checks(number=handed_out) == []
    assert ivan.post("/field/checks/", body).status_code == 200


def test_the_worker_script_names_built_files_and_the_manifest_the_page(client, db):
    script = client.get("/field/sw.js")
    if script.status_code == 404:
        pytest.skip("the pages are not built")
    assert script["Content-Type"].startswith("text/javascript")
    assert "/static/built/field.js" in script.content.decode()
    manifest = client.get("/field/manifest.webmanifest").json()
    assert manifest["start_url"] == manifest["scope"] == "/field/"


# ---------------------------------------------------------------------------------------------- the desk


def form(**more):
    day = timezone.localdate().isoformat()
    return {"campaign": "C1", "worker": "ivan", "day": day, "most": "2", "pick": "all"} | more


def test_an_officer_hands_out_a_round_of_the_nearest_cameras(officer, ivan, campaign, register):
    assert officer.get("/rounds/").status_code == 200
    made = officer.post("/rounds/", form(start="49.0, 34.0"))
    assert made.status_code == 302, made.content.decode()
    (one,) = rounds.rounds()
    assert (one.worker, one.stops, one.start) == ("ivan", 2, (34.0, 49.0))
    shown = officer.get(made["Location"]).content.decode()
    assert register[0] in shown and register[1] in shown and register[2] not in shown
    officer.post(made["Location"], {"why": "дощ"})
    assert rounds.rounds()[0].called_off


@pytest.mark.parametrize(
    "more", [{"worker": "nobody"}, {"day": "2020-01-01"}, {"most": "0"}, {"start": "Атлантида, 5"}, {"owner": "XXX"},
             {"pick": "waiting"}],
)  # fmt: skip
def test_a_round_that_cannot_be_is_told_why(officer, ivan, campaign, register, more):
    answer = officer.post("/rounds/", form(**more))
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert rounds.rounds() == []


def test_a_worker_is_sent_only_where_they_may_hand_in(officer, campaign, register):
    client_of("svitlo", "clerk", owner_code="KP")
    assert officer.post("/rounds/", form(worker="svitlo", most="9")).status_code == 302
    assert {stop.code for stop in rounds.stops(rounds.rounds()[0].id)} == set(register[:2])


def test_a_camera_met_on_site_is_settled_on_the_desk(officer, ivan, handed_out, register):
    place = {"lon_deg": 34.0, "lat_deg": 49.0, "accuracy_m": 5}
    body = sent(handed_out, "", "new", place=place, values={"kind": "dome"}, note="На розі")
    near = ivan.post("/field/checks/", body | {"photo": picture()}).json()["near"]
    assert {one["code"] for one in near} == set(register[:2])
    number = json.loads(body["check"])["id"]
    assert number in officer.get("/rounds/met/").content.decode()
    page = reverse("field-check", args=[number])
    (photo,) = rounds.check(uuid.UUID(number)).photos
    shown = officer.get(reverse("field-photo", args=[number, photo]))
    assert shown["Content-Type"] == "image/jpeg" and b"Telephone" not in shown.content
    assert officer.get(page).status_code == 200
    assert officer.post(page, {"how": "entered", "owner": "XXX"}).status_code == 422
    settled = officer.post(page, {"how": "entered", "owner": "POL"})
    code = settled["Location"].split("/")[-2]
    assert cameras.camera_card(code).line.owner == "POL"
    assert "/sign-in/" not in settled["Location"]
    assert ivan.get(page).status_code == 403


def test_who_sees_a_part_is_told_of_no_round_beyond_it(officer, handed_out, register, campaign):
    accounts.add_person("oksana", role="nobody", password="sorok-dvi-kamery")
    accounts.set_role("oksana", role="officer", over=accounts.Over(owners=["KP"]), by=BY, at=AT)
    oksana = Client()
    oksana.force_login(get_user_model().objects.get(username="oksana"))
    assert f"/rounds/{handed_out}/" not in oksana.get("/rounds/").content.decode()
    assert oksana.get(f"/rounds/{handed_out}/").status_code == 404
