"""Which cells of a list are taken for secrets, and what is left of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.base.veiling import secrets_in, veiled
from oblik.intake.logic.secret_cells import hidden, is_secret_header, secrets_of_column
from oblik.intake.logic.shapes import Sheet
from oblik.intake.logic.tables import understand

TOLD = [
    # text, what is left of it, what it must no longer hold
    ("rtsp://admin:Zx9!kL@192.0.2.7:554/Streaming/Channels/101", "rtsp://•••", "Zx9"),
    ("rtsp://192.0.2.7/live", "rtsp://•••", "192.0.2.7"),
    ("Камера біля входу, rtsp://u:Zx9kL@192.0.2.7/1 поворотна", "Камера біля входу, rtsp://••• поворотна", "Zx9kL"),
    ("http://user:Zx9kL@192.0.2.7/mjpg", "http://•••@192.0.2.7/mjpg", "Zx9kL"),
    ("http://192.0.2.7/cgi?usr=admin&pwd=Zx9kL", "http://192.0.2.7/cgi?usr=•••&pwd=•••", "Zx9kL"),
    ("admin:Zx9kL@192.0.2.7:554/1", "•••:•••@192.0.2.7:554/1", "Zx9kL"),
    ("логін: admin пароль: Zx9kL", "логін: ••• пароль: •••", "Zx9kL"),
    ("login admin password Zx9kL", "login ••• password: •••", "Zx9kL"),
    ("лог./пароль admin/Zx9kL", "лог./пароль: •••", "Zx9kL"),
    ("Пароль на реєстратор - Zx9 kL, не змінювати", "Пароль: •••", "kL"),
    ("Zx9kL - пароль", "••• пароль", "Zx9kL"),
    ("пароль:\nZx9kL", "пароль:\n•••", "Zx9kL"),
    ("pass=Zx9 kL", "pass: •••", "kL"),
    ("Pwd Zx9kL", "Pwd: •••", "Zx9kL"),
    ("login: oper", "login: •••", "oper"),
    ("•sealed••s1.0001-abc.def", "•••", "abc"),
]
PLAIN = [
    "вул. Сумська, 25", "Пароль", "Логін / Пароль", "https://example.org/map?ll=36.2,50.0",
    "DS-2CD2143G2-I", "admin@example.org",
    "Камера №3 (вхід)", "10.1.2.3:554", "00:1A:2B:3C:4D:5E", "mailto:a@example.org",
    "проїзд Пасажирський, 3", "12:30 - 14:00",
]  # fmt: skip


@pytest.mark.parametrize(("text", "left", "gone"), TOLD)
def test_a_secret_is_veiled(text, left, gone):
    assert veiled(text) == left
    assert gone not in veiled(text)


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_secret_stays(text):
    assert veiled(text) == text


@pytest.mark.parametrize("text", [text for text, *_ in TOLD])
def test_whatever_is_veiled_is_looked_at_in_a_list(text):
    rows = [("Адреса", "Примітка"), *[(f"вул. Сумська, {i}", "дах") for i in range(1, 6)], ("вул. Сумська, 9", text)]
    assert [cell.text for cell in hidden(table(*rows))[1].values()] == [text]


@given(st.text(alphabet=" :/@=.-\nпарольloginpasswrtщ123•", max_size=60) | st.sampled_from([t for t, *_ in TOLD]))
def test_veiling_twice_changes_nothing_more(text):
    assert veiled(veiled(text)) == veiled(text)


@pytest.mark.parametrize(
    "header",
    ["Пароль", "логін/пароль", "Пароль адміністратора", "ПАРОЛЬ", "Password", "admin_password", "pwd", "Пароли камер",
     "учётные данные", "Облікові дані", "Credentials", "Дані для входу", "login / pass", "PIN", "Mot de passe"],
)  # fmt: skip
def test_columns_of_passwords_are_known_by_their_name(header):
    assert is_secret_header(header)


@pytest.mark.parametrize("header", ["Адреса", "Passage", "Паспорт", "Passport No", "Примітка", "Пінський район"])
def test_other_columns_are_not(header):
    assert not is_secret_header(header)


def table(*rows):
    return understand(Sheet("", [list(row) for row in rows], list(range(1, len(rows) + 1))))


HEAD = ("№", "Адреса", "IP", "RTSP", "Логін/пароль", "Примітка")


def list_with_secrets():
    body = [
        (str(i), f"вул. Сумська, {i}", f"192.0.2.{i}", f"rtsp://admin:Zx9kL{i}@192.0.2.{i}/1", f"admin/Qw8rT{i}", "дах")
        for i in range(1, 6)
    ]
    body[2] = (*body[2][:5], "на даху, пароль: Nb5vC")
    return table(("Паролі нікому не давати, пароль до архіву: Hh7jU", "", "", "", "", ""), HEAD, *body)


def test_no_secret_is_left_in_the_table():
    fresh, secret = hidden(list_with_secrets())
    left = repr(fresh)
    assert not [word for word in ("Zx9kL", "Qw8rT", "Nb5vC", "Hh7jU") if word in left]
    assert {text.text for text in secret.values()} >= {"rtsp://admin:Zx9kL1@192.0.2.1/1", "admin/Qw8rT5"}
    assert len(secret) == 12
    addresses = {cell.address for cell in secret.values()} - {""}
    assert addresses == {f"rtsp://192.0.2.{i}/1" for i in range(1, 6)}
    assert fresh.sheet.rows[1] == list(HEAD)  # names of columns stay


def test_a_table_without_secrets_is_left_as_it_is():
    plain = table(HEAD[:3], *[(str(i), f"вул. Сумська, {i}", f"192.0.2.{i}") for i in range(1, 6)])
    fresh, secret = hidden(plain)
    assert fresh is plain
    assert not secret


def test_a_mapping_does_not_turn_passwords_into_values():
    sheet = Sheet(
        "", [["Адреса", "Пароль"], *[[f"вул. Сумська, {i}", f"Qw8rT{i}"] for i in range(1, 6)]], list(range(1, 7))
    )
    fresh, secret = hidden(understand(sheet, mapped={"Пароль": "note"}))
    assert "Qw8rT" not in repr(fresh)
    assert len(secret) == 5
    assert fresh.columns[1].target == "password"


def test_an_address_in_the_network_is_found_beside_a_password():
    rows = [("Адреса", "IP, логін, пароль")]
    rows += [(f"вул. Сумська, {i}", f"192.0.2.{i} admin Qw8rT{i}") for i in range(1, 6)]
    fresh, _ = hidden(table(*rows))
    assert "Qw8rT" not in repr(fresh)


def test_what_a_cell_tells_of_a_device():
    assert secrets_in("на даху, rtsp://a:b@192.0.2.1/1, логін: admin пароль: Zx9kL") == {
        "stream_url": "rtsp://a:b@192.0.2.1/1", "device_login": "admin", "device_password": "Zx9kL",
    }  # fmt: skip
    assert secrets_of_column("admin/Zx9kL", target="password", header="Логін/пароль") == {
        "device_login": "admin", "device_password": "Zx9kL",
    }  # fmt: skip
    assert secrets_of_column("Zx/9kL", target="password", header="Пароль") == {"device_password": "Zx/9kL"}
    assert secrets_of_column("oper", target="login", header="Логін") == {"device_login": "oper"}
    assert secrets_in("вул. Сумська, 5") == {}
