"""Checks on site: taken exactly once, told what changed meanwhile, kept in the register where they say something."""

import io
import json
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from PIL import Image

from oblik.accounts.logic.rights import EVERYWHERE, Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.inventory import actions, checking, rounds
from oblik.inventory.checking import Walk, settle_met, take_check
from oblik.inventory.logic.field import Check, Fix, claim_of, distance_m, happened_at
from oblik.journal.reading import newest_number
from oblik.registry import actions as registry
from oblik.registry import queries as cameras
from oblik.registry.attachments import attachments_of

BY = Actor("console", "test")
IVAN = Actor("person", "ivan")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER = AT + timedelta(hours=3)


@pytest.fixture
def town(db, data_dir):
    """Three placed cameras along one street, one without a place; codes in their order."""
    owner = registry.add_owner("KP", name="КП «Світло»", kind="enterprise", by=BY, at=AT)
    registry.add_owner("POL", name="Поліція", kind="state", by=BY, at=AT)
    said = [
        {"name": f"Камера {n}", "kind": "fixed", "lon_deg": 36.2 + n / 1000, "lat_deg": 50.0, "place_origin": "given",
         "bearing_deg": 90.0 * n, "district": "Київський"}
        for n in range(3)
    ]  # fmt: skip
    with transaction.atomic():
        first, codes = registry.create_cameras([owner] * 4, at=AT)
        claims = [
            registry.NewClaim(first + n, "owner_list", f"test:{n}", owner, AT, json.dumps(values))
            for n, values in enumerate([*said, {"name": "Без місця"}])
        ]
        registry.add_claims(claims, at=AT)
        registry.fold_cameras(list(range(first, first + 4)), happened_at=AT, at=AT, by=BY)
    actions.open_campaign("C1", name="Перша", since=AT.date(), until=AT.date(), by=BY, at=AT)
    return codes


@pytest.fixture
def handed_out(town):
    return checking.make_round(
        "C1", cameras=[town[2], town[0], town[1]], walk=Walk("ivan", AT.date(), (36.199, 50.0)), by=BY, at=AT
    )


def check_of(handed_out, camera="", answer="found", **more):
    return Check(
        **{"seen_version": 1, **more}, id=uuid.uuid4(), round=handed_out, answer=answer, said_at=LATER, camera=camera
    )


def take(check, **more):
    told = {"worker": "ivan", "by": IVAN, "at": LATER, "within": EVERYWHERE} | more
    return take_check(check, **told)


def values(code):
    return cameras.camera_card(code).line.values


def beside(n):
    return Fix(36.2 + n / 1000, 50.0, 8.0)


def photo(folder, name="p.jpg", colour="navy"):
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (50, 0, 36.0), 3: "E", 4: (36, 12, 0.0)}
    Image.new("RGB", (64, 48), colour).save(out, "JPEG", exif=exif)
    path = folder / name
    path.write_bytes(out.getvalue())
    return path


def test_a_round_is_walked_along_the_street_and_seen_by_its_worker(handed_out, town):
    assert [stop.code for stop in rounds.stops(handed_out)] == town[:3]
    (mine,) = rounds.rounds_for("ivan", since=AT.date())
    assert (mine.stops, mine.checked) == (3, 0)
    assert mine.way_m == pytest.approx(215, abs=5)
    assert rounds.rounds_for("petro", since=AT.date()) == []
    assert "ip" not in rounds.stops(handed_out)[0].values


def test_who_may_not_see_a_camera_is_not_sent_to_it(town):
    police = Scope((Reach(owners=frozenset({"POL"})),))
    with pytest.raises(Conflict, match="cannot be sent"):
        checking.make_round("C1", cameras=town[:1], walk=Walk("ivan", AT.date()), by=BY, at=AT, within=police)
    with pytest.raises(Conflict, match="no place"):
        checking.make_round("C1", cameras=town[3:], walk=Walk("ivan", AT.date()), by=BY, at=AT)
    with pytest.raises(InvalidInput):
        checking.make_round("C1", cameras=[], walk=Walk("ivan", AT.date()), by=BY, at=AT)


def test_what_is_on_its_way_is_not_handed_out_twice(handed_out, town):
    def left(**more):
        told = {"pick": "all", "owner": "", "district": "", "start": None, "most": 9, "within": EVERYWHERE} | more
        return [one.code for one in rounds.candidates("C1", **told)]

    assert left() == []
    take(check_of(handed_out, town[1]))
    assert left() == [town[1]]
    assert left(pick="never") == []
    assert left(district="Київський", owner="KP") == [town[1]]
    assert left(district="Холодногірський") == []


def test_found_as_listed_confirms_what_can_be_seen(handed_out, town):
    taken = take(check_of(handed_out, town[1], stood=beside(1)))
    assert (taken.camera, taken.changed, taken.known) == (town[1], (), False)
    card = cameras.camera_card(town[1])
    assert card.line.sources == 2
    assert card.line.values["place_origin"] == "field"
    assert card.claims[-1].values == {
        "bearing_deg": 90.0, "kind": "fixed", "lat_deg": 50.0, "lon_deg": 36.201, "place_origin": "field",
    }  # fmt: skip
    assert rounds.stops(handed_out)[1].answer == "found"
    assert rounds.checks_done("C1") == 1


def test_the_same_check_again_changes_nothing_and_other_content_is_refused(handed_out, town):
    check = check_of(handed_out, town[0], answer="different", bearing_deg=12.0)
    take(check)
    version = cameras.camera_card(town[0]).version
    told = newest_number()
    again = take(check, at=LATER + timedelta(hours=1))
    assert again.known and again.camera == town[0]
    assert cameras.camera_card(town[0]).version == version
    assert newest_number() == told
    with pytest.raises(Conflict) as wrong:
        take(replace(check, note="інше"))
    assert wrong.value.code == "other_content"
    with pytest.raises(Conflict):
        take(check, by=Actor("person", "petro"), worker="petro")


def test_a_camera_not_found_is_lost_and_found_again_later(handed_out, town):
    take(check_of(handed_out, town[0], answer="different", place=Fix(36.2005, 50.0005, 5.0), place_from="gps"))
    take(check_of(handed_out, town[0], answer="not_found"))
    assert values(town[0])["state"] == "lost"
    assert values(town[0])["lon_deg"] == 36.2005
    take(check_of(handed_out, town[0], seen_version=3))
    assert "state" not in values(town[0])


def test_what_somebody_changed_meanwhile_is_told_and_not_confirmed(handed_out, town):
    registry.pin_values(town[1], values={"bearing_deg": 200.0}, by=BY, at=AT, why="виміряно")
    taken = take(check_of(handed_out, town[1]))
    assert taken.changed == ("bearing_deg",)
    assert values(town[1])["bearing_deg"] == 200.0
    assert "bearing_deg" not in cameras.camera_card(town[1]).claims[-1].values


def test_only_the_own_standing_round_of_an_open_campaign_takes_checks(handed_out, town):
    with pytest.raises(NotFound):
        take(check_of(handed_out, town[0]), worker="petro", by=Actor("person", "petro"))
    with pytest.raises(NotFound):
        take(check_of(handed_out, town[0]), within=Scope((Reach(owners=frozenset({"POL"})),)))
    checking.call_off_round(handed_out, by=BY, at=AT, why="дощ")
    with pytest.raises(Conflict, match="called off"):
        take(check_of(handed_out, town[0]))
    assert rounds.rounds_for("ivan", since=AT.date()) == []
    other = checking.make_round("C1", cameras=town[:1], walk=Walk("ivan", AT.date()), by=BY, at=AT)
    actions.freeze_campaign("C1", by=BY, at=AT, why="акт № 1")
    with pytest.raises(Conflict, match="frozen"):
        take(check_of(other, town[0]))


def test_photos_stand_in_the_passport_once_without_their_place(handed_out, town, tmp_path):
    check = check_of(handed_out, town[2])
    picture = photo(tmp_path)
    take(check, photos=[picture])
    take(check, photos=[picture])
    (kept,) = attachments_of(town[2])
    assert (kept.kind, kept.lon_deg, kept.lat_deg) == ("photo", 36.2, 50.01)
    (line,) = rounds.checks(number=handed_out)
    with rounds.photo_opened(line.photos[0], of=check.id) as path, Image.open(path) as shown:
        assert not shown.getexif()
    with pytest.raises(NotFound), rounds.photo_opened(line.photos[0], of=uuid.uuid4()):
        pass


def test_a_new_camera_is_a_question_first_and_then_what_an_officer_says(handed_out, town, tmp_path):
    place = Fix(36.2001, 50.0, 6.0)
    with pytest.raises(InvalidInput, match="where"):
        take(check_of(handed_out, answer="new"))
    first = check_of(handed_out, answer="new", place=place, bearing_deg=45.0, values={"kind": "dome"}, note="на стовпі")
    taken = take(first, photos=[photo(tmp_path)])
    assert [one["code"] for one in taken.near] == [town[0]]
    assert len(list(cameras.all_cameras())) == 4
    assert [one.id for one in rounds.met(campaign="C1", within=EVERYWHERE)] == [first.id]
    assert rounds.met(campaign="C1", within=Scope((Reach(owners=frozenset({"KP"})),))) == []

    code = settle_met(first.id, how="entered", owner="POL", by=BY, at=LATER)
    line = cameras.camera_card(code).line
    assert (line.owner, line.kind, line.bearing_deg, line.place_origin) == ("POL", "dome", 45.0, "field")
    assert len(attachments_of(code)) == 1
    with pytest.raises(Conflict):
        settle_met(first.id, how="dismissed", why="тінь", by=BY, at=LATER)

    second = check_of(handed_out, answer="new", place=place)
    take(second)
    assert settle_met(second.id, how="same", camera=town[0], by=BY, at=LATER) == town[0]
    assert values(town[0])["lon_deg"] == 36.2001
    third = check_of(handed_out, answer="new", place=place)
    take(third)
    assert settle_met(third.id, how="dismissed", why="муляж", by=BY, at=LATER) == ""
    assert rounds.met(campaign="C1", within=EVERYWHERE) == []


def test_a_place_worked_out_from_an_address_is_never_confirmed():
    check = check_of(1, "X", stood=beside(0))
    seen = {"lon_deg": 36.2, "lat_deg": 50.0, "place_origin": "geocoded", "kind": "dome"}
    assert claim_of(check, seen=seen, now=seen) == {"kind": "dome"}
    given = seen | {"place_origin": "given"}
    assert claim_of(check, seen=given, now=given)["place_origin"] == "field"
    far = replace(check, stood=Fix(36.21, 50.0, 10.0))
    assert claim_of(far, seen=given, now=given) == {"kind": "dome"}
    vague = replace(check, stood=Fix(36.2, 50.0, 900.0))
    assert claim_of(vague, seen=given, now=given) == {"kind": "dome"}
    assert claim_of(replace(check, answer="unreachable"), seen=given, now=given) is None


def test_a_phone_whose_clock_runs_ahead_says_nothing_in_the_future():
    check = check_of(1, "X")
    assert happened_at(check, received_at=LATER + timedelta(hours=1)) == LATER
    assert happened_at(replace(check, said_at=LATER + timedelta(days=9)), received_at=LATER) == LATER
    assert distance_m((36.0, 50.0), (36.0, 50.01)) == pytest.approx(1112, abs=2)
