"""Addresses resolved against small made-up towns: names, renames, houses, corners."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.city.logic.addresses import parse_address
from oblik.city.logic.gazetteer import Gazetteer
from oblik.city.logic.streets import Points, Rename

LAT, LON = 50.0, 36.0
STEP_DEG = 0.0002  # about 22 m


def town(*streets, settlement="", start=0):
    """Points of streets given as "kind|name|houses", one below the other, each 0.002 degrees further north."""
    rows = []
    for i, line in enumerate(streets, start=start):
        kind, name, houses = line.split("|")
        for j, house in enumerate(houses.split()):
            rows.append((kind, name, house, LAT + i * 0.002, LON + j * STEP_DEG, settlement, "Північний"))
    return rows


def gazetteer(rows=(), renames=()):
    return Gazetteer.build(Points(*zip(*rows, strict=True)) if rows else Points(), renames)


def one(city, text):
    return city.resolve([text])[0]


PLAIN = town(
    "вулиця|Тихого Озера|1 2 3 4 5А 7 9 11",
    "провулок|Тихого Озера|1 2",
    "проспект|Вигаданий|10 12 14 20",
    "вулиця|Григорія Мрійника|1 3 5",
)


@pytest.mark.parametrize(
    "text",
    [
        "вул. Тихого Озера, 3",
        "ул. Тихого Озера, д. 3",
        "vul. Tykhoho Ozera 3",
        "Тихого Озера вул. 3",
        "Тихого Озера, 3",
    ],
)
def test_a_house_with_a_point_is_exact(text):
    found = one(gazetteer(PLAIN), text)
    assert (found.status, found.street, found.street_key) == ("exact", "вулиця Тихого Озера", "вулиця|ozer tikhog")
    assert (found.lon_deg, found.lat_deg) == (pytest.approx(LON + 2 * STEP_DEG), pytest.approx(LAT))
    assert found.accuracy_m == 15.0
    assert found.district == "Північний"


def test_a_missing_kind_stays_open_where_both_kinds_have_the_house():
    city = gazetteer(PLAIN)
    assert one(city, "Тихого Озера, 1").status == "ambiguous"
    assert one(city, "Тихого Озера, 9").street == "вулиця Тихого Озера"
    assert one(city, "Вигаданий, 10").street == "проспект Вигаданий"


def test_the_ending_of_the_name_tells_the_kind():
    city = gazetteer(town("вулиця|Вигадська|1", "провулок|Вигадський|1", "шосе|Вигадське|1"))
    streets = [r.street for r in city.resolve(["Вигадська 1", "Вигадский 1", "Вигадське 1"])]
    assert streets == ["вулиця Вигадська", "провулок Вигадський", "шосе Вигадське"]


def test_a_house_between_two_known_ones_is_placed_between_them():
    city = gazetteer(PLAIN)
    found = one(city, "просп. Вигаданий, 16")
    assert (found.status, found.matched) == ("street", "current+between")
    assert LON + 2 * STEP_DEG < found.lon_deg < LON + 3 * STEP_DEG
    assert found.accuracy_m >= 40.0


def test_a_house_beyond_all_known_ones_falls_to_the_nearest_or_to_the_middle():
    city = gazetteer(PLAIN)
    assert one(city, "просп. Вигаданий, 22").matched == "current+near"
    far = one(city, "просп. Вигаданий, 222")
    assert (far.status, far.matched, far.house) == ("street", "current+middle", "222")
    assert far.accuracy_m == pytest.approx(21.5, rel=0.2)


@pytest.mark.parametrize(
    ("house", "how"), [("3А", "base"), ("3/5", "base"), ("1-3", "base"), ("5а", "point"), ("5-А", "point")]
)
def test_a_house_part_falls_back_to_its_number(house, how):
    found = one(gazetteer(PLAIN), f"вул. Тихого Озера, {house}")
    assert found.matched == f"current+{how}"


def test_a_latin_letter_of_a_house_is_read_both_ways():
    city = gazetteer(town("вулиця|Лісова|12Б 14В"))
    assert [r.status for r in city.resolve(["vul. Lisova 12B", "vul. Lisova 14V", "vul. Lisova 12b"])] == ["exact"] * 3


def test_a_corner_lies_between_the_nearest_houses():
    found = one(gazetteer(PLAIN), "ріг вул. Тихого Озера та пров. Тихого Озера")
    assert (found.status, found.matched) == ("exact", "current+corner")
    assert found.lat_deg == pytest.approx(LAT + 0.001)
    assert found.accuracy_m == pytest.approx(111, rel=0.02)


def test_opposite_a_house_is_less_exact_than_the_house():
    found = one(gazetteer(PLAIN), "вул. Тихого Озера, навпроти буд. 3")
    assert (found.status, found.accuracy_m) == ("exact", 40.0)


@pytest.mark.parametrize(
    ("text", "how"),
    [
        ("вул. Г. Мрійника, 3", "partial"),
        ("вул. Мрійника, 3", "partial"),
        ("вул. Мрійника Григорія, 3", "current"),
        ("вул. Григория Мрейнека, 3", "loose"),
        ("вул. Григорія Мрійнмка, 3", "fuzzy"),
    ],
)
def test_abbreviated_and_mistyped_names_find_their_street(text, how):
    found = one(gazetteer(PLAIN), text)
    assert (found.street, found.matched) == ("вулиця Григорія Мрійника", f"{how}+point")


@pytest.mark.parametrize("text", ["вул. Мрійна, 3", "пров. Григорія Мрійника, 3", "вул. Озерна, 1", "вул. 2 Травня, 1"])
def test_other_names_and_other_kinds_are_not_forced_into_a_street(text):
    city = gazetteer(PLAIN + town("вулиця|1 Травня|1", start=9))
    found = one(city, text)
    assert (found.status, found.street_key, found.lon_deg) == ("unknown", parse_address(text).key, None)


RENAMED = Rename("вулиця", "проспект", "Стара Назва", "Нова Назва", "Старое Название", "Новое Название")


@pytest.mark.parametrize("rows", [(), town("проспект|Нова Назва|5"), town("вулиця|Стара Назва|5")])
def test_all_names_of_a_renamed_street_share_one_key(rows):
    city = gazetteer(rows, [RENAMED])
    texts = ["вул. Стара Назва, 5", "ул. Старое Название 5", "просп. Нова Назва, 5", "пр-т Новое Название, д. 5"]
    found = city.resolve(texts)
    assert {f.street_key for f in found} == {parse_address("проспект Нова Назва").key}
    assert {f.street for f in found} == {"проспект Нова Назва"}
    assert {f.status for f in found} == {"exact" if rows else "street"}


def test_a_rename_without_a_kind_finds_the_street_that_has_one():
    city = gazetteer(town("провулок|Портовий|7"), [Rename("(1-й)", "(1-й)", "Дільний 1-й", "Портовий")])
    found = city.resolve(["1-й Дільний пров., 7", "пров. Портовий, 7", "Дільний 1-й, 7"])
    assert {(f.street_key, f.status) for f in found} == {("провулок|portv", "exact")}


def test_words_translated_in_the_renames_are_understood_in_all_names():
    rows = town("вулиця|Барвиста|1", "проспект|Барвистий|1")
    renames = [Rename("провулок", "площа", "Сива", "Барвиста", "Седая", "Красочная")]
    city = gazetteer(rows, renames)
    found = city.resolve(["ул. Красочная, 1", "пр. Красочный, 1"])
    assert [(f.street, f.matched) for f in found] == [
        ("вулиця Барвиста", "translated+point"),
        ("проспект Барвистий", "translated+point"),
    ]


@pytest.mark.parametrize(
    "text", ["вулця Тихого Озера, 3", "улиац Тихого Озера, 3", "вуллиця Тихого Озера 3", "в. Тихого Озера 3"]
)
def test_a_mistyped_kind_is_still_a_kind(text):
    assert one(gazetteer(PLAIN), text).street == "вулиця Тихого Озера"


def test_a_size_is_part_of_the_name_and_a_town_before_it_is_not():
    city = gazetteer(town("вулиця|Кленова|1", "вулиця|Мала Дубова|1"))
    assert one(city, "Вигадівськ Кленова 1").street == "вулиця Кленова"
    for text in ("Мала Кленова 1", "вул. Мала Кленова 1", "вул. Дубова 1"):
        assert one(city, text).status == "unknown"


def test_a_mistyped_name_of_a_split_street_leaves_the_choice_to_the_house():
    rows = town("вулиця|Перша Частина|1 2", "вулиця|Дальня Частина|7 8")
    renames = [Rename("вулиця", "вулиця", "Довгошляхова", new) for new in ("Перша Частина", "Дальня Частина")]
    assert one(gazetteer(rows, renames), "вул. Довгошлхова, 7").street == "вулиця Дальня Частина"


def test_two_slips_of_one_skeleton_find_their_own_streets():
    city = gazetteer(town("вулиця|Соснова|1", "вулиця|Снігова|1"))
    assert [r.street for r in city.resolve(["вул. Сснова, 1", "вул. Сніова, 1"])] == [
        "вулиця Соснова",
        "вулиця Снігова",
    ]


def test_one_word_on_four_kinds_leads_to_four_streets():
    renames = [
        Rename("проспект", "проспект", "Далекий", "Близький"),
        Rename("в'їзд", "в'їзд", "Далекий", "Рівний"),
        Rename("вулиця", "вулиця", "Далека", "Гарна"),
        Rename("майдан", "майдан", "Далекий", "Круглий"),
    ]
    city = gazetteer([], renames)
    texts = ["просп. Далекий", "в’їзд Далекий", "вул. Далека", "площадь Далекая"]
    assert [r.street for r in city.resolve(texts)] == [
        "проспект Близький",
        "в'їзд Рівний",
        "вулиця Гарна",
        "майдан Круглий",
    ]
    assert one(city, "Далекий").status == "ambiguous"


def test_the_house_decides_which_part_of_a_split_street_is_meant():
    rows = town("вулиця|Перша Частина|1 2 3", "вулиця|Дальня Частина|3 4 5")
    renames = [
        Rename("вулиця (частина)", "вулиця (частина)", "Довга", new, "") for new in ("Перша Частина", "Дальня Частина")
    ]
    city = gazetteer(rows, renames)
    found = city.resolve(["вул. Довга, 1", "вул. Довга, 5", "вул. Довга, 3", "вул. Довга"])
    assert [f.street for f in found] == [
        "вулиця Перша Частина",
        "вулиця Дальня Частина",
        "вулиця Довга",
        "вулиця Довга",
    ]
    assert [f.status for f in found] == ["exact", "exact", "ambiguous", "ambiguous"]
    keys = {one(city, t).street_key for t in ("вул. Перша Частина, 3", "вул. Дальня Частина, 3")}
    assert len(keys) == 2


def test_a_name_given_to_another_street_joins_nothing():
    rows = town("вулиця|Липова|1 2", "вулиця|Кленова|1 2 3")
    renames = [Rename("вулиця", "вулиця", "Дубова", "Липова"), Rename("вулиця", "вулиця", "Липова", "Кленова")]
    city = gazetteer(rows, renames)
    found = city.resolve(["вул. Дубова, 1", "вул. Кленова, 1", "вул. Липова, 3", "вул. Липова, 1", "вул. Липова"])
    assert [f.street for f in found][:3] == ["вулиця Липова", "вулиця Кленова", "вулиця Кленова"]
    assert found[3].status == "ambiguous"  # both the street of that name and the one that bore it have a number 1
    assert found[4].street == "вулиця Липова"


def test_two_renames_in_a_row_lead_to_the_last_name():
    first = Rename("вулиця", "вулиця", "Дубова", "Липова", decided_on="2015-11-20")
    then = Rename("вулиця", "вулиця", "Липова", "Кленова", decided_on="2023-02-28")
    for renames in ([first, then], [then, first]):
        city = gazetteer([], renames)
        assert {r.street for r in city.resolve(["вул. Дубова, 1", "вул. Липова, 1", "вул. Кленова, 1"])} == {
            "вулиця Кленова"
        }
    undated = [r._replace(decided_on="") for r in (first, then)]
    city = gazetteer(town("вулиця|Кленова|1"), undated)
    assert one(city, "вул. Дубова, 1").status == "exact"


def test_renames_in_a_circle_end():
    renames = [
        Rename("вулиця", "вулиця", a, b, decided_on=d)
        for a, b, d in (("А1б", "Бвг", "1"), ("Бвг", "Вгд", "2"), ("Вгд", "А1б", "3"))
    ]
    assert len(gazetteer([], renames)) >= 1


def test_a_street_in_two_settlements_needs_the_settlement_or_a_house_of_one():
    rows = town("вулиця|Садова|1 2", settlement="Вигадівка") + town("вулиця|Садова|2 3", settlement="Мрійне", start=5)
    city = gazetteer(rows)
    texts = ["вул. Садова, 1", "вул. Садова, 3", "вул. Садова, 2", "с. Мрійне, вул. Садова, 2", "Вигадівка, Садова 2"]
    found = city.resolve(texts)
    assert [f.settlement for f in found] == ["Вигадівка", "Мрійне", "", "Мрійне", "Вигадівка"]
    assert found[2].status == "ambiguous"
    assert found[0].street_key != found[1].street_key
    given_apart = city.resolve(["вул. Садова, 2"], settlements=["Мрійне"])[0]
    assert given_apart == found[3]


def test_without_tables_spellings_still_meet():
    city = Gazetteer.build()
    texts = ["вул. Сумська, 25", "Сумская ул., д. 25", "vul. Sumska 25"]
    found = city.resolve(texts)
    assert {f.street_key for f in found} == {"вулиця|sumsk"}
    assert {(f.status, f.house, f.lon_deg) for f in found} == {("unknown", "25", None)}
    assert one(city, "").status == "empty"


def test_a_house_with_several_points_says_how_far_they_reach():
    rows = [("вулиця", "Лісова", "5", LAT, LON, "", ""), ("вулиця", "Лісова", "5", LAT + 0.002, LON, "", "")]
    found = one(gazetteer(rows), "вул. Лісова, 5")
    assert found.lat_deg == pytest.approx(LAT + 0.001)
    assert found.accuracy_m == pytest.approx(111, rel=0.01)


@given(
    st.lists(
        st.text(alphabet=st.one_of(st.characters(), st.sampled_from("вул. Тихого Озера,/-12345")), max_size=50),
        max_size=8,
    )
)
def test_any_texts_get_one_answer_each(texts):
    city = gazetteer(PLAIN, [RENAMED])
    found = city.resolve(texts)
    assert len(found) == len(texts)
    for text, answer in zip(texts, found, strict=True):
        assert (answer.status == "empty") == (parse_address(text).key == "")
        assert (answer.lon_deg is None) == (answer.lat_deg is None) == (answer.accuracy_m is None)
    assert city.resolve(texts) == found
