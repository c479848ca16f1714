"""What each normaliser makes of the forms that lists really hold."""

import pytest

from oblik.intake.logic.values import (
    bearings,
    counts,
    dates,
    destroyed,
    identifiers,
    kinds,
    models,
    network,
    numbers,
    resolution,
    tags,
    texts,
    urls,
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("45", 45.0), ("45°", 45.0), ("45,5", 45.5), ("45°30'", 45.5), ("азимут 120", 120.0),
        ("360", 0.0), ("360°", 0.0),
        ("-90", 270.0), ("-45°", 315.0), ("NW", 315.0), ("N-W", 315.0), ("north-west", 315.0), ("NNE", 22.5),
        ("ПнЗх", 315.0), ("Пн-Сх", 45.0), ("Пд", 180.0), ("СЗ", 315.0), ("ЮВ", 135.0), ("В", 90.0), ("з", 270.0),
        ("на північ", 0.0), ("північний захід", 315.0), ("північно-західний", 315.0), ("південний схід", 135.0),
        ("північ-північний схід", 22.5), ("в сторону юга", 180.0), ("на восток", 90.0),
        ("в восточном направлении", 90.0),
        ("северо-запад", 315.0), ("юго-восточное", 135.0), ("nord-est", 45.0), ("ouest", 270.0), ("vers le sud", 180.0),
        ("noroeste", 315.0), ("sureste", 135.0), ("hacia el norte", 0.0), ("zuidwest", 225.0),
        ("naar het noorden", 0.0),
        ("Südwest", 225.0), ("richtung Westen", 270.0), ("45 (ПнСх)", 45.0),
    ],
)  # fmt: skip
def test_a_bearing_is_read(text: str, value: float):
    assert bearings.bearing(text) == (value, None)


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("40-60", 50.0, "range_taken_as_middle"),
        ("350-10", 0.0, "range_taken_as_middle"),
        ("від 40 до 60", 50.0, "range_taken_as_middle"),
        ("вздовж вул. Сумської", None, "bearing_in_words"),
        ("Північна Салтівка", None, "bearing_in_words"),
        ("схід-захід", None, "bearing_in_words"),
        ("кругова", None, "bearing_turns"),
        ("поворотна", None, "bearing_turns"),
        ("PTZ", None, "bearing_turns"),
        ("0-360", None, "bearing_turns"),
        ("огляд 360", None, "bearing_turns"),
        ("0, 90, 180", None, "bearing_of_several"),
        ("NO", None, "bearing_ambiguous"),
        ("720", None, "not_a_bearing"),
        ("-400", None, "not_a_bearing"),
    ],
)
def test_a_bearing_that_is_none_says_why(text: str, value: float | None, code: str):
    assert bearings.bearing(text) == (value, code)


@pytest.mark.parametrize(
    "text",
    [
        "00:1A:2B:3C:4D:5E",
        "00-1a-2b-3c-4d-5e",
        "001A.2B3C.4D5E",
        "001a2b3c4d5e",
        "00:1А:2В:3С:4D:5Е",
        "MAC: 001a2b-3c4d5e",
    ],
)
def test_a_mac_is_read_in_each_notation(text: str):
    assert identifiers.mac(text) == ("001A2B3C4D5E", None)


@pytest.mark.parametrize("text", ["00:1A:2B:3C:4D", "zz", "00:00:00:00:00:00", "FF-FF-FF-FF-FF-FF", "8,12E+11"])
def test_what_is_no_mac_is_said_to_be_none(text: str):
    assert identifiers.mac(text) == (None, "not_a_mac")


@pytest.mark.parametrize(
    ("text", "value", "code"),
    [
        ("'00123", "00123", None),
        ("S/N: abc 123", "ABC123", None),
        ("зав. № 5523", "5523", None),
        ("SN000123", "SN000123", None),
        ("SER123456", "SER123456", None),
        ("сер. номер 12", "12", None),
        ("S/N: 123", "123", None),
        ("АВС123", "ABC123", "letters_mended"),
        ("СН-Щ1", "СН-Щ1", None),
        ("8,12E+11", None, "serial_eaten"),
        ("8.12E+11", None, "serial_eaten"),
        ("0000", None, "placeholder_value"),
        ("б/н", None, None),
        ("DS-2CD2043G0-I20190101AAWRC12345678", "DS-2CD2043G0-I20190101AAWRC12345678", None),
    ],
)
def test_a_serial_is_read_or_refused_with_the_reason(text: str, value: str | None, code: str | None):
    assert identifiers.serial(text) == (value, code)


@pytest.mark.parametrize(
    ("text", "value"),
    [("інв. № 10 - 123", "10-123"), ("101400001.0", "101400001"), ("КП–123 / а", "КП-123 / А"), ("№ 55", "55"),
     ("INV-0000", "INV-0000"), ("ІНВ0012", "ІНВ0012"), ("Інв.№123", "123"), ("inv: 9", "9"), ("INV. No 33", "33"),
     ("інвентарний номер 12", "12")],
)  # fmt: skip
def test_an_inventory_number_keeps_its_letters(text: str, value: str):
    assert identifiers.inventory_number(text) == (value, None)


def test_a_uuid_loses_its_urn():
    wanted = ("2419d68a-2dd2-21b2-a205-ec2d4d1f0abc", None)
    assert identifiers.uuid("urn:uuid:2419D68A-2DD2-21B2-A205-EC2D4D1F0ABC") == wanted
    assert identifiers.uuid("{2419d68a2dd221b2a205ec2d4d1f0abc}") == wanted


FOUR = ("10.1.2.11", "10.1.2.12", "10.1.2.13", "10.1.2.14")


@pytest.mark.parametrize(
    ("text", "ips", "port"),
    [
        ("10.1.2.3", ("10.1.2.3",), None),
        ("010.001.002.003", ("10.1.2.3",), None),
        ("10,1,2,3", ("10.1.2.3",), None),
        ("10.1.2.3:554", ("10.1.2.3",), 554),
        ("10.1.2.3 порт 554", ("10.1.2.3",), 554),
        ("http://10.1.2.3:8080/", ("10.1.2.3",), 8080),
        ("10.1.2.11/24", ("10.1.2.11",), None),
        ("10.1.2.11-14", FOUR, None),
        ("10.1.2.11-10.1.2.14", FOUR, None),
        ("10.1.2.11 – .14", FOUR, None),
        ("10.1.2.11, .12, .13, .14", FOUR, None),
        ("10.1.2.11,12,13,14", FOUR, None),
        ("10.1.2.11; 10.1.2.12; 10.1.2.13; 10.1.2.14", FOUR, None),
        ("fe80::1", ("fe80::1",), None),
    ],
)
def test_addresses_are_read_as_a_list(text: str, ips: tuple[str, ...], port: int | None):
    assert network.network(text) == (network.Network(ips, port), None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10.1.2.0/24", "network_not_expanded"),
        ("10.1.2.300", "not_an_ip"),
        ("10.1.2", "not_an_ip"),
        ("10.1.2.14-11", "not_an_ip"),
        ("DHCP", None),
    ],
)
def test_what_names_no_address_says_why(text: str, code: str | None):
    assert network.network(text) == (None, code)


def test_a_range_beyond_256_keeps_its_first_address():
    assert network.network("10.1.0.1-10.1.9.3") == (network.Network(("10.1.0.1",)), "range_not_expanded")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("~4м", 4.0), ("4,5 m", 4.5), ("450 см", 4.5), ("15 ft", 4.572), ("h=4", 4.0), ("близько 5 м", 5.0),
        ("4 м (стовп)", 4.0), ("4.5 метри", 4.5),
    ],
)  # fmt: skip
def test_a_height_is_read_in_metres(text: str, value: float):
    assert numbers.height(text) == (value, None)


def test_a_height_takes_the_unit_of_its_header_and_a_range_its_middle():
    assert numbers.height("450", unit="см") == (4.5, None)
    assert numbers.height("3-4") == (3.5, "range_taken_as_middle")
    assert numbers.height("від 3 до 4 м") == (3.5, "range_taken_as_middle")


@pytest.mark.parametrize(
    ("text", "code"), [("-2", "height_implausible"), ("250", "height_implausible"), ("дах", "not_a_number")]
)
def test_a_height_that_cannot_be_says_why(text: str, code: str):
    assert numbers.height(text) == (None, code)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("30 діб", 30.0),
        ("1 місяць", 30.0),
        ("2 тижні", 14.0),
        ("72 год", 3.0),
        ("30", 30.0),
        ("не менше 30 діб", 30.0),
        ("1 рік", 365.0),
    ],
)
def test_retention_is_read_in_days(text: str, days: float):
    assert numbers.retention(text) == (days, None)


@pytest.mark.parametrize(
    ("text", "value"), [("2.8-12 мм", "2.8-12"), ("2,8", "2.8"), ("f=2.8mm", "2.8"), ("3.6 mm (F1.6)", "3.6")]
)
def test_a_focal_length_is_read(text: str, value: str):
    assert numbers.focal_length(text) == (value, None)


def test_rates_and_angles_are_read():
    assert numbers.frame_rate("25 к/с") == (25.0, None)
    assert numbers.field_of_view("102,5°") == (102.5, None)
    assert numbers.tilt("-15") == (-15.0, None)
    assert numbers.distance("до 30 м") == (30.0, None)


@pytest.mark.parametrize(
    "text",
    [
        "12.03.2021", "2021-03-12", "2021-03-12 00:00:00", "12/03/21", "12 марта 2021 г.", "12 бер 2021",
        "March 12, 2021",
        "12 березня 2021 року", "44267", "20210312", "12 . 03 . 2021", "12/03/2021", "12 mars 2021",
        "12 de marzo de 2021", "12. März 2021", "12 maart 2021",
    ],
)  # fmt: skip
def test_a_day_is_read_in_each_style(text: str):
    assert dates.day(text) == ("2021-03-12", None)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("березень 2021", "2021-03-01", "2021-03-31"),
        ("03.2021", "2021-03-01", "2021-03-31"),
        ("II кв. 2021", "2021-04-01", "2021-06-30"),
        ("Q2 2021", "2021-04-01", "2021-06-30"),
        ("2021", "2021-01-01", "2021-12-31"),
        ("2021 рік", "2021-01-01", "2021-12-31"),
    ],
)
def test_a_period_gives_its_first_or_last_day(text: str, first: str, last: str):
    assert dates.day(text) == (first, "date_imprecise")
    assert dates.day(text, last=True) == (last, "date_imprecise")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.02.2021", "not_a_date"),
        ("вчора", "not_a_date"),
        ("12.03.2121", "date_implausible"),
        ("01.01.1900", "date_implausible"),
    ],
)
def test_a_day_that_cannot_be_says_why(text: str, code: str):
    assert dates.day(text) == (None, code)


@pytest.mark.parametrize(
    ("text", "maker", "model"),
    [
        ("Hikvision DS-2CD2043G0-I", "Hikvision", "DS2CD2043G0I"),
        ("HIKVISION ds 2cd2043g0 i", "Hikvision", "DS2CD2043G0I"),
        ("Хіквіжн DS2CD2043G0I", "Hikvision", "DS2CD2043G0I"),
        ("Хиквижен DS-2СD2043G0-I", "Hikvision", "DS2CD2043G0I"),
        ("DS-2CD2043G0-I (2.8mm)", "Hikvision", "DS2CD2043G0I"),
        ("DS-2CD2043G0-I 4 шт.", "Hikvision", "DS2CD2043G0I"),
        ("DS-2CD2043G0-I/Hikvision", "Hikvision", "DS2CD2043G0I"),
        ("Dahua IPC-HFW2431S", "Dahua", "IPCHFW2431S"),
        ("камера Axis P1448-LE", "Axis", "P1448LE"),
        ("дахуа", "Dahua", None),
        ("Невідома марка", "Невідома марка", None),
    ],
)
def test_maker_and_model_are_told_apart(text: str, maker: str, model: str | None):
    assert models.vendor_model(text) == ((maker, model), None)


@pytest.mark.parametrize("text", ["hikvision", "HIK-VISION", "Хиквижн", "Hikvission", "хіквіжн"])
def test_a_maker_has_one_spelling(text: str):
    assert models.vendor(text) == ("Hikvision", None)


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1920x1080", (1920, 1080)), ("1920х1080", (1920, 1080)), ("2560×1440", (2560, 1440)), ("1080p", (1920, 1080)),
        ("4Мп", (2560, 1440)), ("2 MP", (1920, 1080)), ("8MP", (3840, 2160)), ("4K", (3840, 2160)),
        ("Full HD", (1920, 1080)),
    ],
)  # fmt: skip
def test_a_picture_size_is_read(text: str, size: tuple[int, int]):
    assert resolution.resolution(text)[0] == size


@pytest.mark.parametrize(("text", "number"), [("4", 4), ("4 шт.", 4), ("4.0", 4), ("2 камери", 2), ("чотири", 4)])
def test_a_count_is_read(text: str, number: int):
    assert counts.count(text) == (number, None)


@pytest.mark.parametrize("text", ["0", "250"])
def test_an_implausible_count_is_refused(text: str):
    assert counts.count(text) == (None, "count_implausible")


def test_a_count_said_in_passing_is_told_from_a_number():
    assert counts.count_within("Камери, 4 шт.") == 4
    assert counts.count_within("4 камери на стовпі") == 4
    assert counts.count_within("Камера 4") is None
    assert counts.count_within("вул. Сумська 4") is None


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("rtsp://admin:12345@10.1.2.3:554/Streaming/Channels/101", "rtsp://10.1.2.3:554/Streaming/Channels/101"),
        ("rtsp://admin:p@ss/w?rd@10.1.2.3/x", "rtsp://10.1.2.3/x"),
        ("admin:123@10.1.2.3/live", "10.1.2.3/live"),
        ("http://10.1.2.3/cgi?user=admin&pwd=123&ch=1", "http://10.1.2.3/cgi?user=&pwd=&ch=1"),
        (
            "rtsp://10.1.2.3/user=admin_password=tlJwpbo6_channel=1_stream=0.sdp",
            "rtsp://10.1.2.3/user=_channel=1_stream=0.sdp",
        ),
    ],
)
def test_a_stream_address_loses_its_secrets(text: str, bare: str):
    assert urls.stream_url(text) == (bare, "secret_removed")


def test_a_remark_loses_its_passwords():
    assert urls.free_text("вхід, пароль: qwerty123") == ("вхід, пароль: •••", "secret_removed")
    assert urls.free_text("див. rtsp://u:p@10.1.2.3/1") == ("див. rtsp://10.1.2.3/1", "secret_removed")


@pytest.mark.parametrize(
    "text",
    [
        "{'camera:type': 'dome', 'ref': '5'}",
        '{"camera:type": "dome", "ref": "5"}',
        '"camera:type"=>"dome", "ref"=>"5"',
        "camera:type=dome; ref=5",
    ],
)
def test_tags_are_read_in_each_notation(text: str):
    found, code = tags.tags(text)
    assert code is None
    assert found is not None
    assert tags.by_target(found) == {"kind": "dome", "inventory_number": "5"}


def test_tags_run_nothing():
    assert tags.tags("{'a': __import__('os').getcwd()}") == (None, "not_tags")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("працює", "in_service"), ("не працює", "faulty"), ("Не рабочая", "faulty"), ("демонтована", "retired"),
        ("так", "in_service"),
        ("в ремонті", "faulty"), ("справна", "in_service"), ("несправна", "faulty"), ("запланована", "planned"),
        ("викрадена", "lost"),
        ("in Betrieb", "in_service"), ("встановлена", "installed"), ("offline", "faulty"),
        ("в работе", "in_service"), ("не в роботі", "faulty"), ("на складі", "planned"), ("планується", "planned"),
        ("потребує заміни", "faulty"), ("вийшла з ладу", "faulty"), ("зі збоями", "faulty"), ("демонтаж", "retired"),
    ],
)  # fmt: skip
def test_a_state_is_read(text: str, state: str):
    assert kinds.state(text) == (state, None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("купольна", "dome"),
        ("Dome", "dome"),
        ("PTZ", "ptz"),
        ("поворотна", "ptz"),
        ("speed dome", "ptz"),
        ("bullet", "fixed"),
        ("циліндрична", "fixed"),
    ],
)
def test_a_kind_is_read(text: str, kind: str):
    assert kinds.kind(text) == (kind, None)


@pytest.mark.parametrize(
    ("text", "mount"),
    [
        ("на опорі", "pole"),
        ("фасад", "wall"),
        ("стіна будинку", "wall"),
        ("світлофор", "traffic_signals"),
        ("ліхтарний стовп", "street_lamp"),
        ("дах", "roof"),
    ],
)
def test_a_mount_is_read(text: str, mount: str):
    assert kinds.mount(text) == (mount, None)


@pytest.mark.parametrize(
    ("text", "answer"), [("зовнішня", False), ("внутрішня", True), ("outdoor", False), ("indoor", True), ("так", True)]
)
def test_indoor_is_read(text: str, answer: bool):
    assert kinds.indoor(text) == (answer, None)


def test_a_dash_is_neither_yes_nor_no_and_none_is_no():
    assert kinds.boolean("-") == (None, None)
    assert kinds.boolean("немає") == (False, None)


def test_a_formula_stays_text_and_is_noted():
    assert texts.words("=cmd|'/c calc'!A1") == ("=cmd|'/c calc'!A1", "formula_text")
    assert texts.words("- вхід") == ("- вхід", None)


def test_quotes_and_spaces_have_one_form():
    assert texts.words(" КП\u00a0«Парк»  №1 ") == ('КП "Парк" №1', None)
    assert texts.words("В'язень") == ("В’язень", None)


def test_the_decimal_point_is_placed_where_both_columns_agree():
    assert destroyed.digits_before(["461993881", "462289778"], ["61418784", "61225376"]) == (2, 1, True)
    assert destroyed.digits_before(["499935123"], ["362304456"]) == (2, 2, True)


@pytest.mark.parametrize("text", ["public", "webcam", "Private"])
def test_whose_ground_is_watched_says_nothing_of_walls(text: str):
    assert kinds.indoor(text) == (None, None)
