"""What holds for every normaliser: it never raises, and what it made stays as it is when read again."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.intake.logic.problems import PROBLEMS
from oblik.intake.logic.values import (
    bearings,
    coordinates,
    counts,
    dates,
    identifiers,
    kinds,
    models,
    network,
    numbers,
    resolution,
    tags,
    texts,
    urls,
)

Normaliser = Callable[[str], tuple[object | None, str | None]]


def _shown(value: object) -> str:
    """A value as it would stand in our own export."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, network.Network):
        return ", ".join(value.ips) + (f" port {value.port}" if value.port else "")
    if isinstance(value, tuple):
        return "x".join(map(str, value))
    if isinstance(value, dict):
        return str(value)
    return str(value)


NORMALISERS: dict[str, Normaliser] = {
    function.__name__: function
    for function in (
        bearings.bearing, counts.count, dates.day, identifiers.mac, identifiers.uuid, identifiers.serial,
        identifiers.inventory_number, identifiers.source_id, identifiers.port,
        identifiers.city_code, kinds.kind, kinds.mount,
        kinds.surveillance, kinds.state, kinds.zone, kinds.boolean, kinds.indoor, kinds.codec, models.vendor,
        models.model, network.network, network.ip, numbers.height, numbers.distance, numbers.accuracy,
        numbers.field_of_view, numbers.tilt, numbers.frame_rate, numbers.retention, numbers.whole,
        numbers.focal_length, resolution.resolution, texts.words, urls.stream_url, urls.free_text,
    )
}  # fmt: skip
MAKING_ONE_OF_SEVERAL: dict[str, Normaliser] = {
    function.__name__: function
    for function in (models.vendor_model, tags.tags, coordinates.angle, coordinates.coordinates)
}

# Letters, digits and marks that cells are really made of: random Unicode alone would seldom get past the first check.
PIECES = st.sampled_from(
    [
        "0",
        "1",
        "2",
        "5",
        "9",
        "12",
        "45",
        "360",
        "720",
        "2021",
        "49.9935",
        "36,2304",
        "461.993.881",
        "10.1.2.3",
        ".12",
        "-14",
        ":554",
        "/24",
        "00:1A:2B",
        "001A.2B3C.4D5E",
        "АВС",
        "№",
        "S/N",
        "інв.",
        "-",
        "–",
        "—",
        "~",
        "°",
        "'",
        '"',
        "″",
        "′",
        ".",
        ",",
        ";",
        ":",
        "/",
        "|",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "=",
        "+",
        "@",
        "?",
        "#",
        "%",
        "x",
        "х",
        "×",
        "*",
        "N",
        "S",
        "E",
        "W",
        "Пн",
        "Пд",
        "Сх",
        "Зх",
        "С",
        "Ю",
        "В",
        "З",
        "північ",
        "юго",
        "запад",
        "на",
        "до",
        "від",
        "to",
        "м",
        "см",
        "ft",
        "мм",
        "mm",
        "Мп",
        "1080p",
        "4K",
        "шт.",
        "камери",
        "кв.",
        "II",
        "березень",
        "марта",
        "р.",
        "діб",
        "міс",
        "год",
        "Hikvision",
        "DS-2CD2043G0-I",
        "Дахуа",
        "!3d",
        "!4d",
        "&q=",
        "?ll=",
        "https://",
        "rtsp://",
        "admin:12345",
        "@",
        "POINT",
        "{",
        "}",
        "так",
        "ні",
        "немає",
        "(empty)",
        "не",
        "прац",
        "купол",
        "PTZ",
        "стіна",
        "вхід",
        "парковка",
        "E+11",
        "8,12",
        "lat",
        "lon",
        "широта",
        "довгота",
        "nan",
        "inf",
        "1e5",
        "«КП»",
        "“",
        "”",
        "ʼ",
        "cmd|calc",
        "пароль:",
        "token=",
        "́",
        "\u200b",
        "ß",
        "ŉ",
        "İ",
        "ǰ",
        "٣",
        "²",
        "½",
        "Ⅳ",
    ]
)
CELLS = st.one_of(
    st.text(max_size=30),
    st.lists(PIECES, max_size=6).map("".join),
    st.lists(PIECES, max_size=6).map(" ".join),
)


@pytest.mark.parametrize("name", sorted(NORMALISERS))
def test_a_normaliser_never_raises_and_its_value_stays_as_it_is(name: str):
    normalise = NORMALISERS[name]

    @settings(max_examples=100, deadline=None)
    @given(CELLS)
    def holds(text: str) -> None:
        value, code = normalise(text)
        assert code is None or code in PROBLEMS
        if value is not None:
            again, _ = normalise(_shown(value))
            assert again == value, (text, value, again)

    holds()


@pytest.mark.parametrize("name", sorted(MAKING_ONE_OF_SEVERAL))
def test_a_normaliser_of_compound_cells_never_raises(name: str):
    normalise = MAKING_ONE_OF_SEVERAL[name]

    @settings(max_examples=100, deadline=None)
    @given(CELLS)
    def holds(text: str) -> None:
        value, code = normalise(text)
        assert code is None or code in PROBLEMS
        assert value is None or value == normalise(text)[0]

    holds()


@pytest.mark.parametrize("name", sorted(NORMALISERS | MAKING_ONE_OF_SEVERAL))
@pytest.mark.parametrize("nothing", ["", "  ", "\u00a0", "(empty)", "н/д", "?", "n/a", "—"])
def test_nothing_gives_no_value_and_no_problem(name: str, nothing: str):
    assert (NORMALISERS | MAKING_ONE_OF_SEVERAL)[name](nothing) == (None, None)


@settings(max_examples=200, deadline=None)
@given(CELLS)
def test_coordinates_keep_their_numbers_when_written_again(text: str):
    pair, _ = coordinates.coordinates(text)
    if pair is None:
        return
    again, _ = coordinates.coordinates(str(pair))
    assert again is not None
    assert (again.first.value, again.second.value, again.order) == (pair.first.value, pair.second.value, pair.order)
