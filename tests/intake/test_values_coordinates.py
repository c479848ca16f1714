"""Coordinates in every form that lists hold."""

import pytest

from oblik.intake.logic.values.coordinates import accuracy_m, angle, coordinates

KHARKIV = (49.9935, 36.2304)


@pytest.mark.parametrize(
    "text",
    [
        "49.9935, 36.2304",
        "49.9935 36.2304",
        "49.9935;36.2304",
        "(49.9935, 36.2304)",
        "[49.9935, 36.2304]",
        "49,9935; 36,2304",
        "49,9935, 36,2304",
        "49,9935,36,2304",
        "49,9935 36,2304",
        "49.9935° N, 36.2304° E",
        "N49.9935 E36.2304",
        "Пн 49.9935 Сх 36.2304",
        "49.9935 пн.ш. 36.2304 сх.д.",
        "49.9935 с.ш. 36.2304 в.д.",
        "Широта: 49.9935 Довгота: 36.2304",
        "lat=49.9935, lng=36.2304",
        "49.99350 36.23040 (WGS84)",
        "https://www.google.com/maps/@49.9935,36.2304,17z",
        "https://maps.google.com/?q=49.9935,36.2304",
        "https://www.google.com/maps/place/X/@50.1,36.1,17z/data=!3m1!4b1!8m2!3d49.9935!4d36.2304",
        "https://www.openstreetmap.org/?mlat=49.9935&mlon=36.2304#map=17/50.0/36.1",
        "https://www.openstreetmap.org/#map=17/49.9935/36.2304",
        "https://waze.com/ul?ll=49.9935,36.2304",
        "https://www.waze.com/live-map/directions?to=ll.49.9935%2C36.2304",
        "geo:49.9935,36.2304",
    ],
)
def test_latitude_comes_first(text: str):
    pair, code = coordinates(text)
    assert code is None
    assert pair is not None
    assert (pair.first.value, pair.second.value) == KHARKIV
    assert pair.order in ("", "lat lon")


@pytest.mark.parametrize(
    "text",
    [
        "36.2304 в.д. 49.9935 с.ш.",
        "E36.2304 N49.9935",
        "POINT (36.2304 49.9935)",
        "SRID=4326;POINT(36.2304 49.9935)",
        '{"type": "Point", "coordinates": [36.2304, 49.9935]}',
        "https://yandex.ru/maps/?ll=36.2304%2C49.9935&z=17",
        "довгота 36.2304; широта 49.9935",
    ],
)
def test_a_text_that_says_so_has_longitude_first(text: str):
    pair, code = coordinates(text)
    assert code is None
    assert pair is not None
    assert (pair.first.value, pair.second.value) == KHARKIV[::-1]
    assert pair.order == "lon lat"


@pytest.mark.parametrize(
    "text",
    [
        "49°59'36.6\"N 36°13'49.4\"E",
        "49° 59' 36.6'' N, 36° 13' 49.4'' E",
        "49º59´36,6´´ 36º13´49,4´´",
        "49°59′36.6″ пн.ш. 36°13′49.4″ сх.д.",
        "49 59 36.6, 36 13 49.4",
        "N 49° 59.610' E 36° 13.823'",
        "49°59,610' с.ш. 36°13,823' в.д.",
    ],
)
def test_degrees_minutes_and_seconds_are_read(text: str):
    pair, _ = coordinates(text)
    assert pair is not None
    assert pair.first.value == pytest.approx(49.9935, abs=1e-4)
    assert pair.second.value == pytest.approx(36.2304, abs=1e-4)


@pytest.mark.parametrize("text", ["S33.8 W70.2", "33.8 ю.ш. 70.2 з.д.", "-33.8, -70.2", "33.8S, 70.2W"])
def test_the_south_and_the_west_are_negative(text: str):
    pair, _ = coordinates(text)
    assert pair is not None
    assert (pair.first.value, pair.second.value) == (-33.8, -70.2)


@pytest.mark.parametrize("text", ["вул. Сумська 5", "50.0012", "https://goo.gl/maps/abc", "49°75'00\" 36°00'00\""])
def test_what_is_no_pair_of_coordinates_is_said_to_be_none(text: str):
    pair, code = coordinates(text)
    assert pair is None
    assert code in ("coordinates_unreadable", "link_without_coordinates")


@pytest.mark.parametrize(
    ("text", "value", "axis"),
    [
        ("49.9935", 49.9935, ""),
        ("49,9935", 49.9935, ""),
        ("49.9935°", 49.9935, ""),
        ("49.9935 N", 49.9935, "lat"),
        ("Сх 36.2304", 36.2304, "lon"),
        ("5 540 123,45 м", 5540123.45, ""),
        ("'50.1", 50.1, ""),
    ],
)
def test_one_coordinate_is_read_with_its_axis(text: str, value: float, axis: str):
    found, code = angle(text)
    assert code is None
    assert found is not None
    assert (found.value, found.axis) == (value, axis)


def test_digits_of_a_destroyed_number_are_kept():
    found, _ = angle("461.993.881")
    assert found is not None
    assert found.destroyed == "461993881"


@pytest.mark.parametrize(
    ("step", "metres"), [(1.0, 100_000.0), (0.01, 1000.0), (0.0001, 10.0), (1e-7, 1.0), (1 / 3600, 28.0)]
)
def test_accuracy_follows_from_the_last_digit(step: float, metres: float):
    assert accuracy_m(step) == metres


def test_sixty_seconds_are_a_minute_rounded_up_by_a_program():
    pair, code = coordinates("49°02'08.8\"N 34°19'60.0\"E")
    assert code is None
    assert pair is not None
    assert pair.second.value == pytest.approx(34 + 20 / 60)
    assert coordinates("49°02'08.8\"N 34°19'60.1\"E") == (None, "coordinates_unreadable")
