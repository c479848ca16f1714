"""Addresses as lists write them, taken apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.city.logic.addresses import parse_address, split_kind
from oblik.city.logic.names import house_key, kind_of, street_fold, street_key
from oblik.city.logic.words import KIND_FORMS

ONE_STREET = [
    "вул. Сумська, 25",
    "вул.Сумська 25",
    "вулиця Сумська, буд. 25",
    "Сумська вул., 25",
    "ул. Сумская, д. 25",
    "улица Сумская, дом № 25",
    "Сумская ул. 25",
    "vul. Sumska, 25",
    "ul. Sumskaya 25",
    "25 Sumska St",
    "м. Харків, вул. Сумська, 25",
    "г.Харьков, ул.Сумская, 25",
    "61000, Україна, Харківська обл., м. Харків, вул. Сумська, буд. 25, кв. 3",
    "вул. Сумська 25 (під'їзд 2)",
    "вул. Сумська, 25, 2-й під'їзд",
    "вул. Сумська, 25, поверх 3",
    "Шевченківський р-н, вул. Сумська, 25",
    "вул. Сумська, 25, Шевченківський район",
    "ЗОШ № 5, вул. Сумська, 25",
    "з боку вул. Сумської, 25",
]


@pytest.mark.parametrize("text", ONE_STREET)
def test_one_address_in_many_spellings_has_one_key(text):
    parsed = parse_address(text)
    assert (parsed.key, parsed.house) == ("вулиця|sumsk", "25")
    assert not parsed.corner_of and not parsed.opposite


@pytest.mark.parametrize(
    ("text", "key", "house"),
    [
        ("вул. 8 Березня, 5", "вулиця|8 berezn", "5"),
        ("ул. 8-го Марта 5", "вулиця|8 berezn", "5"),
        ("8 Березня 5", "|8 berezn", "5"),
        ("вул. 23 Серпня 12", "вулиця|23 serpn", "12"),
        ("вул. Революції 1905 року, 3", "вулиця|1905 revoluts rok", "3"),
        ("1-й Тихий пров., 5", "провулок|1 tikh", "5"),
        ("пров. Тихий-1, 5", "провулок|1 tikh", "5"),
        ("вул. Набережна, 4", "вулиця|naberezhn", "4"),
        ("Набережна вулиця 4", "вулиця|naberezhn", "4"),
        ("Харківська набережна 3", "набережна|kharkvsk", "3"),
        ("вул. Полтавський Шлях, 31", "вулиця|poltavsk shlakh", "31"),
        ("Полтавський шлях 31", "шлях|poltavsk", "31"),
        ("майдан Свободи 5", "площа|svobod", "5"),
        ("Площадь Свободы, 5", "площа|svobod", "5"),
        ("в’їзд Московський 2", "в'їзд|moskvsk", "2"),
        ("въезд Московский 2", "в'їзд|moskvsk", "2"),
        ("просп. Героїв Харкова, 7", "проспект|gerv kharkv", "7"),
        ("пр-т Героев Харькова 7", "проспект|gerv kharkv", "7"),
        ("станція метро Площа Конституції", "станція метро|konstituts ploshch", ""),
        ("ст. м. Пушкінська", "станція метро|pushkinsk", ""),
        ("мкр. Салтівка, вул. Садова 5", "вулиця|sadv", "5"),
        ("кв. Молодіжний, 5", "квартал|molodizhn", "5"),
        ("вул. М. Коцюбинського 3", "вулиця|kotsubinskog m", "3"),
        ("вул. Сумська б/н", "вулиця|sumsk", ""),
        ("Mannerheimintie 12", "|manergemint", "12"),
        ("rue Sainte-Catherine 5", "вулиця|katerin sant", "5"),
    ],
)
def test_names_with_numbers_and_kinds_inside_stay_whole(text, key, house):
    parsed = parse_address(text)
    assert (parsed.key, parsed.house) == (key, house)


@pytest.mark.parametrize(
    ("text", "house"),
    [
        ("вул. Лісова, 12-А", "12А"),
        ("вул. Лісова 12 а", "12А"),
        ("вул. Лісова, 12 «Б»", "12Б"),
        ("вул. Лісова 12A", "12А"),  # Latin A
        ("вул. Лісова, 12/14", "12/14"),
        ("вул. Лісова, 12 / 14", "12/14"),
        ("вул. Лісова, 12 корп. 2", "12К2"),
        ("ул. Лесная, д. 12 к. 2", "12К2"),
        ("ул. Лесная 12к2", "12К2"),
        ("вул. Лісова, 12 літ. А", "12А"),
        ("вул. Лісова, 5–9", "5-9"),
        ("вул. Лісова № 5", "5"),
        ("вул. Лісова, 12А/1", "12А/1"),
    ],
)
def test_house_numbers_have_one_form(text, house):
    assert parse_address(text).house == house


@pytest.mark.parametrize(
    "text",
    [
        "ріг вул. Сумська та вул. Лісова",
        "на розі вул. Сумської та вул. Лісової",
        "угол ул. Сумской и ул. Лесной",
        "перехрестя вулиць Сумської і Лісової",
        "пересечение улиц Сумская и Лесная",
        "вул. Сумська / вул. Лісова",
        "вул. Сумська ріг вул. Лісової",
        "вул. Сумська - вул. Лісова",
        "перехрестя вул. Сумська та вул. Лісова, м. Харків",
    ],
)
def test_a_corner_names_two_streets(text):
    parsed = parse_address(text)
    assert (parsed.key, parsed.corner_key) == ("вулиця|sumsk", "вулиця|lisv")


def test_a_corner_without_kinds_names_two_streets():
    parsed = parse_address("Сумська / Лісова")
    assert (parsed.key, parsed.corner_key) == ("|sumsk", "|lisv")


@pytest.mark.parametrize(
    "text",
    [
        "вул. Лісова, навпроти буд. 5",
        "напротив д. 5 по ул. Лесная",
        "навпроти вул. Лісова, 5",
        "біля буд. 5, вул. Лісова",
    ],
)
def test_a_place_beside_a_house_is_not_the_house(text):
    parsed = parse_address(text)
    assert (parsed.key, parsed.house, parsed.opposite) == ("вулиця|lisv", "5", True)


def test_the_town_and_the_district_are_kept():
    parsed = parse_address("м. Кривий Ріг, Довгинцівський р-н, вул. Лісова 5")
    assert (parsed.settlement, parsed.district, parsed.house) == ("Кривий Ріг", "Довгинцівський", "5")
    assert parse_address("Харків, Сумська, 25").settlement == "Харків"


@pytest.mark.parametrize("text", ["", " ", ",,,", "вул.", "12", "№ 5", "—"])
def test_a_text_without_a_street_has_no_key(text):
    assert parse_address(text).key == ""


@pytest.mark.parametrize("kind", KIND_FORMS)
def test_every_abbreviation_names_its_kind(kind):
    for form in KIND_FORMS[kind].split():
        assert kind_of(form) == kind
        assert kind_of(f"{form.capitalize()}.") == kind
        if kind not in ("район",):
            assert street_key(kind, "Вигадана") == parse_address(f"{form}. Вигадана, 7").key


@pytest.mark.parametrize(
    "names",
    [
        ("Сумська", "Сумская", "Sumska", "Sumskaya", "Сумський", "Сумской", "СУМСЬКА"),
        ("Героїв Харкова", "Героев Харькова", "Heroiv Kharkova"),
        ("Шевченка", "Шевченко", "Shevchenka"),
        ("Григорія Сковороди", "Сковороди Григорія", "Григория Сковороды", "Hryhoriia Skovorody"),
        ("Холодноярська", "Холодноярская"),
        ("Дмитра Антоненка", "Дмитрия Антоненко"),
        ("1 Травня", "1-го Травня", "Першого Травня", "1 Мая", "Первого Мая"),
        ("Гур’євська", "Гур'євська", "Гурʼєвська", "Гурьевская"),
        ("Ново-Баварська", "Новобаварська", "Ново-Баварская"),
        ("Сумська", "Сумcькa"),  # a Latin c and a inside the second
    ],
)
def test_spellings_of_one_name_share_a_skeleton(names):
    assert len({street_fold(name) for name in names}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [("Лісова", "Садова"), ("Нова", "Нива"), ("1 Травня", "2 Травня"), ("Котляревського", "Котлярська")],
)
def test_different_names_stay_apart(one, other):
    assert street_fold(one) != street_fold(other)


def test_the_kind_may_stand_in_the_name_of_a_table():
    assert split_kind("", "вул.Базарна") == ("вулиця", "Базарна")
    assert split_kind("вул.", "Базарна") == ("вулиця", "Базарна")
    assert split_kind("вулиця", "вул. Базарна") == ("вулиця", "Базарна")
    assert split_kind("", "пров.Тихий-1") == ("провулок", "Тихий-1")
    assert split_kind("вулиця", "Набережна") == ("вулиця", "Набережна")


anything = st.text(alphabet=st.one_of(st.characters(), st.sampled_from("вул. ,/-№'ї12345абвгдкАБ")), max_size=60)
words = st.text("абвгґдеєжзиіїйклмнопрстуфхцчшщьюяыэё'", min_size=3, max_size=12).map(str.capitalize)


@given(anything)
def test_nothing_makes_the_parser_stumble(text):
    parsed = parse_address(text)
    assert parse_address(text) == parsed
    assert parsed.house == house_key(parsed.house)
    assert bool(parsed.key) == bool(parsed.folded)


@given(anything)
def test_normal_forms_are_their_own_normal_forms(text):
    assert street_fold(street_fold(text)) == street_fold(text)
    assert house_key(house_key(text)) == house_key(text)


@settings(max_examples=200)
@given(
    kind=st.sampled_from(["вулиця", "проспект", "провулок", "площа", "шосе", "узвіз", "бульвар"]),
    name=st.sampled_from(
        ["Сумська", "8 Березня", "Григорія Сковороди", "Гур'євська", "Тихий-1", "Б. Петрунів", "Новий Світ"]
    ),
    house=st.sampled_from(["", "5", "12А", "12/14", "5-9", "12К2", "3А/1"]),
    corner=st.sampled_from(["", "вулиця Лісова", "провулок Садовий"]),
    town=st.sampled_from(["", "Вигадівка", "Кривий Ріг"]),
    opposite=st.booleans(),
)
def test_a_normal_address_reads_back_as_itself(kind, name, house, corner, town, opposite):
    place = f"навпроти буд. {house}" if opposite and house else house
    text = ", ".join(part for part in (f"м. {town}" if town else "", f"{kind} {name}", place) if part)
    parsed = parse_address(f"{text} / {corner}" if corner else text)
    again = parse_address(parsed.text())
    assert again == parsed
    assert (parsed.kind, parsed.name, parsed.house, parsed.settlement, parsed.corner_of) == (
        kind,
        name,
        house,
        town,
        corner,
    )


@given(name=words, form=st.sampled_from(["вул. {}, 5", "{} вул., 5", "м. Вигадівка, вул.{} 5", "вул. {} буд. 5 кв. 7"]))
def test_any_name_survives_any_order(name, form):
    if name.lower().rstrip(".") in {word for forms in KIND_FORMS.values() for word in forms.split()}:
        return
    parsed = parse_address(form.format(name))
    if street_fold(name) and " " not in street_fold(name):
        assert parsed.house in ("5", "")
        assert parsed.kind in ("вулиця", "")
