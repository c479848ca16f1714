"""The register keeps what sources say, folds it, remembers both times, and takes back without forgetting."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from oblik.accounts.logic.rights import Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.registry import actions, checks, queries
from oblik.registry.logic.records import dumped

BY = Actor("console", "tester")
pytestmark = pytest.mark.django_db


def at(year, month=1):
    return datetime(year, month, 1, 12, tzinfo=UTC)


@pytest.fixture
def owner():
    return actions.add_owner("dept", name="Департамент", kind="department", by=BY, at=at(2026))


def register(owner, *said, when=None):
    """One camera from what several sources said: (kind, ref, year, values)."""
    with transaction.atomic():
        first, codes = actions.create_cameras([owner], at=at(2026))
        actions.add_claims(
            [actions.NewClaim(first, k, ref, owner, at(y), dumped(v)) for k, ref, y, v in said], at=at(2026)
        )
        actions.fold_cameras([first], happened_at=when or at(2026), at=at(2026), by=BY)
    return first, codes[0]


def test_an_owner_is_added_once(owner):
    with pytest.raises(Conflict):
        actions.add_owner("dept", name="x", kind="department", by=BY, at=at(2026))
    with pytest.raises(InvalidInput, match="department"):
        actions.add_owner("other", name="x", kind="church", by=BY, at=at(2026))


@pytest.mark.parametrize("code", ["", "К/П", "К\\П", "/\x1fAV", "К\u202eП", "x" * 41])
def test_a_code_that_fits_no_address_and_no_file_name_is_refused(owner, code):
    with pytest.raises(InvalidInput, match="code"):
        actions.add_owner(code, name="КП", kind="enterprise", by=BY, at=at(2026))


def test_codes_run_on_and_are_never_given_twice(owner):
    codes = [register(owner, ("owner_list", f"record:{i}", 2026, {}))[1] for i in range(3)]
    assert [code[:10] for code in codes] == ["KHA-000001", "KHA-000002", "KHA-000003"]


def test_a_camera_shows_the_winning_value_and_what_the_others_said(owner):
    _, code = register(
        owner,
        ("owner_list", "record:1", 2020, {"model": "OLD", "serial": "S1"}),
        ("owner_list", "record:2", 2026, {"model": "NEW"}),
    )
    card = queries.camera_card(code)
    assert card.line.values == {"model": "NEW", "serial": "S1"}
    assert {c.source_ref for c in card.claims if c.claim == card.origins["serial"]} == {"record:1"}
    assert [c.values.get("model") for c in card.claims] == ["OLD", "NEW"]


def test_the_register_answers_as_of_any_day(owner):
    camera, code = register(owner, ("owner_list", "record:1", 2024, {"model": "A"}), when=at(2024))
    with transaction.atomic():
        actions.add_claims(
            [actions.NewClaim(camera, "device", "device:9", None, at(2025), dumped({"model": "B"}))], at=at(2026)
        )
        actions.fold_cameras([camera], happened_at=at(2025), at=at(2026), by=BY, why="answered on the network")
    assert queries.camera_card(code, as_of=date(2024, 6, 1)).line.values["model"] == "A"
    assert queries.camera_card(code, as_of=date(2025, 6, 1)).line.values["model"] == "B"
    with pytest.raises(NotFound, match="2023-01-01"):
        queries.camera_card(code, as_of=date(2023, 1, 1))
    newest = queries.camera_history(code)[0]
    assert newest.changed == {"model": ("A", "B")}
    assert (newest.happened_at.year, newest.recorded_at.year) == (2025, 2026)


def test_a_withdrawn_claim_gives_its_values_back_and_stays_on_record(owner):
    camera, code = register(
        owner,
        ("owner_list", "record:1", 2025, {"model": "A"}),
        ("owner_list", "record:2", 2026, {"model": "B", "serial": "S"}),
    )
    with transaction.atomic():
        touched = actions.withdraw_claims(["record:2"], source_kind="owner_list", at=at(2026, 2))
        actions.fold_cameras(touched, happened_at=at(2026, 2), at=at(2026, 2), by=BY)
    card = queries.camera_card(code)
    assert touched == [camera]
    assert card.line.values == {"model": "A"}
    assert [c.withdrawn_at is None for c in card.claims] == [True, False]
    assert list(checks.broken()) == []


def test_folding_again_without_news_writes_no_version(owner):
    camera, code = register(owner, ("owner_list", "record:1", 2025, {"model": "A"}))
    with transaction.atomic():
        changed = actions.fold_cameras([camera], happened_at=at(2026), at=at(2026), by=BY)
    assert changed == 0
    assert queries.camera_card(code).version == 1


def test_a_pinned_value_holds_against_later_sources(owner):
    camera, code = register(owner, ("owner_list", "record:1", 2025, {"bearing_deg": 10.0, "model": "A"}))
    actions.pin_values(code, values={"bearing_deg": 90.0}, by=BY, at=at(2026), why="seen in the street")
    actions.pin_values(code, values={"model": "B"}, by=BY, at=at(2026), why="label read")
    with transaction.atomic():
        actions.add_claims(
            [actions.NewClaim(camera, "device", "device:1", None, at(2027), dumped({"model": "C"}))], at=at(2027)
        )
        actions.fold_cameras([camera], happened_at=at(2027), at=at(2027), by=BY)
    values = queries.camera_card(code).line.values
    assert (values["bearing_deg"], values["model"]) == (90.0, "B")
    with pytest.raises(InvalidInput, match="nonsense"):
        actions.pin_values(code, values={"nonsense": 1}, by=BY, at=at(2026), why="x")


def test_search_finds_by_serial_mac_address_in_any_writing(owner):
    register(owner, ("owner_list", "record:1", 2026, {"mac": "001A2B3C4D5E", "address": "вул. Сумська, 25"}))
    register(owner, ("owner_list", "record:2", 2026, {"serial": "DS-77", "address": "пр. Науки, 9"}))
    assert queries.search_cameras(text="00:1a:2b:3c").total == 1
    assert queries.search_cameras(text="СУМСЬКА 25").total == 1
    assert queries.search_cameras(text="ds77").total == 1
    assert queries.search_cameras(text="nothing").total == 0
    assert queries.search_cameras(within=Scope()).total == 0


def test_search_takes_signs_literally_and_punctuation_finds_nothing(owner):
    register(owner, ("owner_list", "record:1", 2026, {"name": "100% скло", "address": "вул. Ёлочна"}))
    register(owner, ("owner_list", "record:2", 2026, {"name": "100 скло"}))
    assert queries.search_cameras(text="100%").total == 1
    assert queries.search_cameras(text="%").total == 1
    assert [queries.search_cameras(text=text).total for text in ("_", "---", "№", "«»", "'")] == [0] * 5
    assert queries.search_cameras(text="елочна").total == queries.search_cameras(text="ЁЛОЧНА").total == 1
    assert queries.search_cameras(text="100 скло --").total == 2
    assert queries.search_cameras(text="скло\x00").total == 0
    assert queries.search_cameras(text="  ").total == 2


def test_pages_are_stable_and_one_past_the_end_is_the_last(owner):
    codes = [register(owner, ("owner_list", f"record:{i}", 2026, {"kind": "dome"}))[1] for i in range(5)]
    for sort in queries.SORTS:
        pages = [queries.search_cameras(page=n, per_page=2, sort=sort) for n in (1, 2, 3)]
        assert sorted(line.code for page in pages for line in page.lines) == codes
    last = queries.search_cameras(page=99, per_page=2)
    assert (last.number, last.pages, [line.code for line in last.lines]) == (3, 3, codes[4:])
    assert queries.search_cameras(page=-1, per_page=0).number == 1


def test_a_pin_is_a_value_of_its_field_or_refused(owner):
    _, code = register(owner, ("owner_list", "record:1", 2025, {"model": "A"}))
    wrong = [
        {"lat_deg": 49.0}, {"accuracy_m": 3.0}, {"bearing_deg": "nan"}, {"lat_deg": 91, "lon_deg": 1},
        {"kind": "x" * 30},
        {"width_px": 1.5}, {"audio": "perhaps"}, {"installed_on": "soon"}, {"note": ""}, {"city_code": code},
    ]  # fmt: skip
    for values in wrong:
        with pytest.raises(InvalidInput):
            actions.pin_values(code, values=values, by=BY, at=at(2026), why="seen")
    actions.pin_values(
        code.lower(), values={"lat_deg": "49,5", "lon_deg": 34, "bearing_deg": -1e-20, "audio": "yes"}, by=BY,
        at=at(2026), why="seen",
    )  # fmt: skip
    line = queries.camera_card(code).line
    assert (line.lat_deg, line.lon_deg, line.bearing_deg, line.place_origin) == (49.5, 34.0, 0.0, "given")
    assert line.values["audio"] is True
    assert (line.sources, list(checks.broken())) == (1, [])


def test_a_camera_that_only_a_person_speaks_of_is_counted_no_longer(owner):
    camera, code = register(owner, ("owner_list", "record:1", 2025, {"model": "A"}))
    actions.pin_values(code, values={"model": "B"}, by=BY, at=at(2026), why="seen")
    with transaction.atomic():
        actions.withdraw_claims(["record:1"], source_kind="owner_list", at=at(2026))
        actions.fold_cameras([camera], happened_at=at(2026), at=at(2026), by=BY)
    assert queries.camera_card(code).line.sources == 0
    assert list(queries.all_cameras()) == []
    assert list(checks.broken()) == []


def test_days_of_versions_never_run_back(owner):
    camera, code = register(owner, ("owner_list", "record:1", 2026, {"model": "A"}), when=at(2025))
    with transaction.atomic():
        actions.add_claims(
            [actions.NewClaim(camera, "device", "device:9", None, at(2020), dumped({"model": "B"}))], at=at(2026)
        )
        actions.fold_cameras([camera], happened_at=at(2020), at=at(2026), by=BY)
    history = queries.camera_history(code)
    assert [v.number for v in history] == [2, 1]
    assert history[0].happened_at == history[1].happened_at
    assert queries.camera_card(code, as_of=date(2026, 12, 1)).line.values["model"] == "B"


def test_a_planted_fault_is_found_by_the_check(owner):
    camera, _ = register(owner, ("owner_list", "record:1", 2026, {"model": "A"}))
    from oblik.registry.models import Camera

    Camera.objects.filter(pk=camera).update(values='{"model":"B"}', sources=2)
    assert {b.rule for b in checks.broken()} == {"camera_fold", "camera_history", "camera_sources"}
