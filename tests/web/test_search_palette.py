"""Search everywhere: what a text finds, in which alphabet, for whom, and how the answer reads."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.web.conftest import SINCE

from oblik.base.actors import Actor
from oblik.city.actions import load_files
from oblik.city.queries import gazetteer
from oblik.registry import actions as registry
from oblik.registry.logic.folding import needles, place_mark, spans
from oblik.web.desk.search import fitting

BY = Actor("console", "test")
POINTS = (
    "kind,street,house,lat,lon\nвулиця,Григорія Сковороди,12,49.01,34.01\nвулиця,Григорія Сковороди,14,49.02,34.01\n"
    "вулиця,Садова,1,49.0,34.0\n"
)
RENAMES = (
    "kind_old,kind_new,old_uk,new_uk,old_ru,new_ru\n"
    "вулиця,вулиця,Пушкінська,Григорія Сковороди,Пушкинская,Григория Сковороды\n"
)


def groups(answer):
    """group -> the addresses of its hits."""
    found = {}
    for block in answer.content.decode().split('<div class="search-group"')[1:]:
        name = re.search(r'id="found-(\w+)"', block)[1]
        found[name] = re.findall(r'<a [^>]*href="([^"]+)"', block)
    return found


@pytest.fixture
def town(tmp_path, db):
    """Address points of two streets, one of which was called Pushkinska until lately."""
    points = tmp_path / "points.csv"
    points.write_text(POINTS, "utf-8")
    renames = tmp_path / "renames.csv"
    renames.write_text(RENAMES, "utf-8")
    load_files([points, renames], by=BY, at=SINCE)


@pytest.fixture
def sited(register, town):
    """The third camera of the register stands in the renamed street."""
    (found,) = gazetteer().resolve(["вул. Григорія Сковороди, 12"])
    values = {"street_key": found.street_key, "street": found.street, "house": found.house}
    registry.pin_values(register[2], values=values, by=BY, at=SINCE, why="так")
    return register[2]


@pytest.mark.parametrize(
    "text",
    ["Григорія Сковороди 12", "вул. Пушкінська, 12", "Пушкинская 12", "ul. Pushkinskaya 12", "Pushkinska 12",
     "hryhoriia skovorody"],
)  # fmt: skip
def test_a_street_is_found_by_every_name_in_every_alphabet(officer, sited, text):
    found = groups(officer.get("/search/", {"text": text, "part": "1"}))
    assert f"/cameras/{sited}/" in found["cameras"]
    assert found["streets"][0].startswith("/map/#at=")
    table = officer.get("/cameras/", {"text": text}).content.decode()
    assert table.count("/cameras/KHA-") == 1 and sited in table


def test_another_house_of_the_street_is_another_place(officer, sited):
    assert "cameras" not in groups(officer.get("/search/", {"text": "Pushkinska 14", "part": "1"}))


def test_codes_and_identifiers_are_found_however_written(officer, register):
    said = {"mac": "001A2B3C4D5E", "ip": "10.20.30.40", "serial": "DS-7716/А1"}
    registry.pin_values(register[1], values=said, by=BY, at=SINCE, why="так")
    for text in (register[1], register[1].lower().replace("-", ""), "00:1a:2b:3c", "10.20.30", "ds7716a1", "7716/a1"):
        found = groups(officer.get("/search/", {"text": text, "part": "1"}))
        assert f"/cameras/{register[1]}/" in found["cameras"], text
    shown = officer.get("/search/", {"text": "10.20.30.40", "part": "1"}).content.decode()
    assert "10.20.30.40" in re.sub("</?mark>", "", shown)  # why it was found is told


def test_owners_campaigns_and_pages_are_found(officer, campaign):
    assert groups(officer.get("/search/", {"text": "svitlo", "part": "1"}))["owners"] == ["/cameras/?owner=KP"]
    assert groups(officer.get("/search/", {"text": "перша", "part": "1"}))["campaigns"] == ["/campaigns/C1/"]
    assert "/documents/" in groups(officer.get("/search/", {"text": "документи", "part": "1"}))["pages"]
    assert "/map/" in groups(officer.get("/search/", {"text": "map", "part": "1"}))["pages"]
    assert "/people/" not in str(groups(officer.get("/search/", {"text": "people", "part": "1"})))


def test_an_empty_text_offers_pages_and_a_vain_one_says_so(officer, register):
    assert "/map/" in groups(officer.get("/search/?part=1"))["pages"]
    answer = officer.get("/search/", {"text": "нетакогоніде", "part": "1"}).content.decode()
    assert "нетакогоніде" in answer and "search-hit" not in answer
    assert "search-hit" not in officer.get("/search/", {"text": "---", "part": "1"}).content.decode()


def test_a_clerk_finds_what_the_clerk_may_see(clerk, register):
    assert groups(clerk.get("/search/", {"text": "Садова", "part": "1"})).get("cameras") is None
    assert groups(clerk.get("/search/", {"text": "Брама", "part": "1"}))["cameras"] == [f"/cameras/{register[2]}/"]
    assert groups(clerk.get("/search/", {"text": "світло", "part": "1"})).get("owners") is None


def test_the_page_works_without_script(officer, register):
    page = officer.get("/search/", {"text": "Садова"}).content.decode()
    assert "<h1" in page and 'value="Садова"' in page and register[0] in page


def test_what_was_met_is_marked(officer, register):
    shown = officer.get("/search/", {"text": "САДОВА", "part": "1"}).content.decode()
    assert "<mark>Садова</mark>" in shown


@given(st.text(max_size=40), st.text(max_size=12))
def test_pieces_make_up_the_text(text, words):
    assert "".join(piece for piece, _met in spans(text, words)) == text


@given(st.text(max_size=40))
def test_needles_never_raise_and_are_never_empty(text):
    found = needles(text)
    assert found is None or all(form and all(form) for form in found)


def test_marks_of_places():
    assert place_mark("вулиця|sadov", "12А") == "¦вулиця|sadov¦12а¦"
    assert place_mark("вулиця|sadov") in place_mark("вулиця|sadov", "12")
    assert place_mark("вулиця|sadov", "1") not in place_mark("вулиця|sadov", "12")
    assert place_mark("") == ""


def test_names_fit_by_sight_and_by_sound():
    assert fitting("politsiia")("Поліція") and fitting("полиция")("Поліція") and fitting("ПОЛ")("Поліція")
    assert not fitting("пожежа")("Поліція") and not fitting("")("Поліція")
