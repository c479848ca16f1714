"""Attacks, tried for real on pages, commands and the running program; docs/guide/security.md tells what happened."""

import html
import io
import json
import re
import statistics
import time
import zipfile
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.security.conftest import FORMULAS, SCRIPTS
from tests.web.conftest import PASSWORD
from tests.web.test_headers import every_address

from oblik.accounts import actions as accounts
from oblik.base.errors import OblikError, UnreadableFile
from oblik.db import kept_files as store
from oblik.intake.formats import read_sheets
from oblik.inventory import actions as inventory
from oblik.registry.exporting import EXPORTS
from oblik.registry.logic.export_table import COLUMNS, export_row

QUOTES = (
    "' OR '1'='1", "'; DROP TABLE registry_camera; --", "\" OR 1=1 --",
    "1) UNION SELECT password FROM accounts_person--",
    "%' AND 1=0 UNION ALL SELECT 1--", "\\'; --", "%", "_", "%%%", "\x00", "'\x00", "$$", "{{7*7}}", "%s", "%(x)s",
)  # fmt: skip
NUMBERS = ("-1", "0", "99999999", "9" * 40, "1e9", "١٢", "NaN", "1;2", "\x00", "１")
FOREIGN = (
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "javascript:alert(1)", "http://127.0.0.1:8000@evil.example/", "/%0d%0aSet-Cookie:x=1",
    "\r\nSet-Cookie: x=1", "\thttps://evil.example", "https:/\\evil.example", "data:text/html,x", "%2f%2fevil.example",
)  # fmt: skip


def leads_out(location: str) -> bool:
    """Whether a browser would go to another host; browsers read a backslash as a slash and skip tabs."""
    seen = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    return (
        urlsplit(urljoin("http://ours.example/sign-in/", seen)).netloc != "ours.example" or location != location.strip()
    )


# --- what is asked of pages --------------------------------------------------------------------------------------


def test_sql_injection_through_every_question(officer, register, campaign):
    everything = officer.get("/cameras/").content
    for text in QUOTES:
        for name in ("text", "owner", "kind", "state", "sort", "page"):
            answer = officer.get("/cameras/", {name: text})
            assert answer.status_code == (400 if "\x00" in text else 200), (name, text)
        for address in ("/campaigns/C1/rows/", "/campaigns/C1/discrepancies/", "/map/place/", "/map/tiles/0/0/0.mvt"):
            for name in ("text", "owner", "category", "kind", "problem", "bounds", "page", "in_all"):
                assert officer.get(address, {name: text}).status_code in (200, 400, 404), (address, name, text)
    assert officer.get("/cameras/").content.count(b"KHA-") == everything.count(b"KHA-")


def test_numbers_out_of_every_range(officer, campaign):
    for text in NUMBERS:
        for address in ("/cameras/", "/campaigns/C1/rows/", "/campaigns/C1/discrepancies/"):
            assert officer.get(address, {"page": text}).status_code in (200, 400), (address, text)
        assert officer.get(f"/map/tiles/{text}/0/0.mvt".replace("\x00", "%00")).status_code in (200, 400, 404), text
        assert officer.get("/map/place/", {"bounds": f"{text},{text},{text},{text}"}).status_code in (200, 400), text
    assert officer.get("/cameras/?as_of=0000-00-00").status_code == 200
    for day in ("9999-12-31", "0001-01-01", "2025-02-30", "9" * 30, "\x00"):
        assert officer.get(f"/cameras/{'KHA-000001-1'}/", {"as_of": day}).status_code in (200, 400, 404), day


def test_reflected_scripts(officer, register, campaign):
    for text in SCRIPTS:
        for address, name in (
            ("/cameras/", "text"), ("/cameras/", "owner"), ("/cameras/", "sort"), ("/map/", "text"),
            (f"/cameras/{register[0]}/", "as_of"), ("/campaigns/C1/rows/", "category"), ("/campaigns/C1/rows/", "text"),
            ("/campaigns/C1/discrepancies/", "kind"), ("/documents/", "language"),
            ("/campaigns/C1/documents/", "language"),
        ):  # fmt: skip
            page = officer.get(address, {name: text}, follow=True).content.decode()
            assert text not in page or html.escape(text) == text, (address, name, text)
        page = officer.get(f"/cameras/{text.replace('/', '')}/").content.decode()
        assert "<script>window" not in page
        assert "<img src=x" not in page


def test_a_request_from_another_site(officer, campaign):
    """CSRF: every address, written to with the person's cookies and without our token."""
    browser = Client(enforce_csrf_checks=True)
    browser.cookies = officer.cookies
    done = {}
    for address in every_address():
        for ask in (browser.post, browser.put, browser.patch, browser.delete):
            done[address, ask.__name__] = ask(address).status_code
    # The address of tokens takes no cookies: 401 there.
    assert set(done.values()) <= {401, 403, 404, 405, 415}, {k: c for k, c in done.items() if c < 400}
    assert officer.get("/cameras/").status_code == 200  # nobody was signed out


@pytest.mark.django_db
def test_a_session_chosen_by_the_attacker(client, register):
    """Session fixation: the cookie that was there before signing in is worth nothing after it."""
    accounts.add_person("olena", role="officer", password=PASSWORD)
    planted = SessionStore()
    planted["planted"] = "yes"
    planted.create()
    client.cookies["sessionid"] = planted.session_key
    assert client.post("/sign-in/", {"username": "olena", "password": PASSWORD}).status_code == 302
    assert client.cookies["sessionid"].value != planted.session_key
    assert client.get("/cameras/").status_code == 200
    thief = Client()
    thief.cookies["sessionid"] = planted.session_key
    assert thief.get("/cameras/").status_code == 302


def test_cookies_that_were_tampered_with(officer, register):
    real = officer.cookies["sessionid"].value
    for value in (
        real[:-1] + ("a" if real[-1] != "a" else "b"),
        real.upper(),
        "",
        "0" * 32,
        "../../x",
        "\x00",
        real + " x",
    ):
        stranger = Client()
        stranger.cookies["sessionid"] = value
        assert stranger.get("/cameras/").status_code == 302, value
    for name in ("theme", "django_language", "csrftoken", "seen", "messages"):
        for text in SCRIPTS[:3]:
            browser = Client()
            browser.cookies["sessionid"] = real
            browser.cookies[name] = text
            answer = browser.get("/cameras/")
            assert answer.status_code in (200, 302), (name, text)
            assert text not in answer.content.decode()


def test_a_session_after_signing_out(officer):
    kept = officer.cookies["sessionid"].value
    assert officer.post("/sign-out/").status_code == 302
    thief = Client()
    thief.cookies["sessionid"] = kept
    assert thief.get("/cameras/").status_code == 302


def test_ids_of_other_organisations(clerk, register, campaign):
    """IDOR: a clerk of one owner asks for what belongs to another, by each address that takes a code."""
    for code in (register[1], register[3], register[1].lower(), f"{register[1]}%20"):
        for address in (f"/cameras/{code}/", f"/cameras/{code}/panel/"):
            answer = clerk.get(address)
            assert answer.status_code in (403, 404), address
            assert "Садова" not in answer.content.decode()
    there, nowhere = register[1], "KHA-999999-9"
    said = [
        re.sub(r'value="\w{64}"', "", clerk.get(f"/cameras/{code}/").content.decode()).replace(code, "CODE")
        for code in (there, nowhere)
    ]
    assert said[0] == said[1]  # what is another's answers like what is not there


def test_one_question_with_two_answers(clerk, register):
    """Parameters said twice, as a list, or in another case widen nothing."""
    for query in (
        "owner=POL&owner=KP",
        "owner[]=KP",
        "OWNER=KP",
        "owner=KP&owner=",
        "owner=POL,KP",
        "owner=*",
        "owner=%25",
    ):
        page = clerk.get(f"/cameras/?{query}").content.decode()
        assert register[0] not in page, query


def test_paths_that_climb(officer, campaign, data_dir):
    folder = data_dir / "documents" / "C1" / "uk"
    folder.mkdir(parents=True)
    (folder / "4-act.pdf").write_bytes(b"%PDF")
    (data_dir / "secret.key").write_text("the-key-itself")
    climbs = (
        "..%2f..%2f..%2fsecret.key", "....//....//secret.key", "..%5c..%5csecret.key", "%2e%2e/%2e%2e/secret.key",
        "..%252f..%252fsecret.key", "/etc/passwd", "%2fetc%2fpasswd", "4-act.pdf%00.html", "..%c0%af..%c0%afsecret.key",
        "4-act.pdf/", "./4-act.pdf", "~/.ssh/id_rsa", "file:%2f%2f%2fetc%2fpasswd",
    )  # fmt: skip
    for climb in climbs:
        for start in (
            "/campaigns/C1/documents/uk/",
            "/campaigns/C1/documents/",
            "/campaigns/",
            "/static/",
            "/static/built/",
        ):
            answer = officer.get(start + climb)
            body = b"".join(answer) if answer.streaming else answer.content
            assert b"the-key-itself" not in body, start + climb
            assert b"root:" not in body, start + climb
            assert answer.status_code in (302, 301, 400, 404), start + climb
    assert officer.get("/campaigns/C1/documents/..%2f..%2f/secret.key").status_code == 404


@pytest.mark.django_db
def test_codes_that_climb(data_dir):
    """A campaign's code becomes a folder and an owner's a file: neither may leave the data folder."""
    from tests.web.conftest import BY, SINCE

    for code in ("..", ".", "../x", "a/b", "C1/..", "a\\b", "a\x00b", "a\nb", "-rf", ""):
        with pytest.raises(OblikError):
            inventory.open_campaign(code, name="x", since=SINCE.date(), until=SINCE.date(), by=BY, at=SINCE)
    for name in ("x.csv/../../../y", "../../evil.sh", "a.<b>", "a." + "x" * 300, "c:\\evil.exe", "a.\x00csv"):
        kept = store.kept_path("ab" * 32, file_name=name)
        assert kept.resolve().is_relative_to(data_dir / "files")
        assert re.fullmatch(r"[0-9a-f]{64}(\.[a-z0-9]{1,7})?(\.sealed)?", kept.name)


def test_foreign_addresses_after_signing_in(db, register):
    """Open redirect, and headers smuggled in through it."""
    accounts.add_person("olena", role="officer", password=PASSWORD)
    for target in FOREIGN:
        answer = Client().post(f"/sign-in/?next={target}", {"username": "olena", "password": PASSWORD, "next": target})
        assert answer.status_code == 302
        assert not leads_out(answer["Location"]), (target, answer["Location"])
        assert "x" not in answer.cookies
        answer = Client().post("/language/", {"language": "en", "next": target})
        assert not leads_out(answer["Location"]), (target, answer["Location"])
        answer = Client(HTTP_REFERER=target).post("/language/", {"language": "en"})
        assert not leads_out(answer["Location"]), (target, answer["Location"])


def test_fields_that_no_form_offers(db, register):
    """Mass assignment: what stands in a request beside a form's own fields changes nobody."""
    accounts.add_person("olena", role="clerk", owner_code="POL", password=PASSWORD)
    browser = Client()
    more = {
        "is_superuser": "1",
        "is_staff": "1",
        "role": "administrator",
        "owner_code": "KP",
        "second_factor_given": "1",
    }
    browser.post("/sign-in/", {"username": "olena", "password": PASSWORD, **more})
    browser.post("/language/", {"language": "en", **more})
    assert register[0] not in browser.get("/cameras/", more).content.decode()
    from django.contrib.auth import get_user_model

    person = get_user_model().objects.get(username="olena")
    assert not person.is_superuser
    assert not person.is_staff
    assert person.role == "clerk"


@pytest.mark.django_db
def test_other_verbs_than_the_pages_own(client, register):
    for address in every_address():
        for verb in ("PUT", "DELETE", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "PROPFIND", "get", "FOO"):
            answer = client.generic(verb, address)
            assert answer.status_code < 500, (verb, address)
            assert "Садова" not in answer.content.decode(errors="ignore"), (verb, address)


def test_verbs_hidden_in_headers(officer, register):
    """A proxy may let GET pass and look no further; we must not read another verb out of it."""
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        assert officer.get("/sign-out/", headers={name: "POST"}).status_code == 405
        assert officer.get("/cameras/", {"_method": "DELETE"}, headers={name: "DELETE"}).status_code == 200
    assert officer.get("/cameras/").status_code == 200


def test_headers_that_rewrite_the_address(officer, register):
    for name in ("X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Path", "X-Forwarded-Prefix"):
        assert "/sign-in/" in Client().get("/cameras/", headers={name: "/sign-in/"})["Location"]
        assert officer.get("/no/such/", headers={name: "/cameras/"}).status_code == 404


@pytest.mark.django_db
def test_bodies_beyond_measure(client):
    assert client.post("/sign-in/", {"username": "a" * 3_000_000, "password": "b"}).status_code in (400, 413)
    assert client.post("/sign-in/", {f"f{n}": "1" for n in range(2_000)}).status_code == 400
    many = {f"f{n}": io.BytesIO(b"x") for n in range(40)}
    assert client.post("/sign-in/", many).status_code == 400
    deep = b"[" * 100_000
    assert client.post("/sign-in/", deep, content_type="application/json").status_code < 500
    assert client.post("/sign-in/", b"\xff\xfe", content_type="multipart/form-data; boundary=\xff").status_code < 500


def test_a_page_in_anothers_cache(officer, clerk_browser, register):
    """Cache poisoning and deception: nothing unkeyed comes back in an answer, and no answer may be shared."""
    for name in (
        "X-Forwarded-Host",
        "X-Host",
        "X-Forwarded-Scheme",
        "Forwarded",
        "X-Forwarded-Port",
        "X-Original-Host",
    ):
        answer = officer.get("/cameras/", headers={name: "evil.example"})
        assert "evil.example" not in answer.content.decode() + str(answer.headers)
    assert officer.get("/cameras/")["Cache-Control"] == "no-store"
    assert officer.get("/cameras/x.css", follow=True).status_code == 404
    assert "KHA-" not in officer.get(f"/cameras/{register[0]}/x.css", follow=True).content.decode()
    mine, theirs = (one.get("/map/tiles/0/0/0.mvt") for one in (officer, clerk_browser))
    assert mine["ETag"] != theirs["ETag"]
    again = clerk_browser.get("/map/tiles/0/0/0.mvt", headers={"If-None-Match": mine["ETag"]})
    assert again.status_code == 200


@pytest.fixture
def clerk_browser(register):
    accounts.add_person("petro", role="clerk", password=PASSWORD, owner_code="POL")
    browser = Client()
    assert browser.login(username="petro", password=PASSWORD)
    return browser


def test_an_error_that_tells_too_much(officer, register, monkeypatch):
    def fails(*args, **kwargs):
        password = "rtsp://admin:hunter2@10.0.0.1/"
        raise RuntimeError(f"cannot open {password}")

    monkeypatch.setattr("oblik.registry.searching.found_cameras", fails)
    officer.raise_request_exception = False
    answer = officer.get("/cameras/")
    assert answer.status_code == 500
    said = answer.content.decode() + str(answer.headers)
    assert not re.search(r"hunter2|Traceback|RuntimeError|registry|/src/|django", said, re.IGNORECASE)


# --- signing in --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_names_guessed_by_their_timing(settings):
    """An unknown name takes as long as a wrong password: both run the slow hash once."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    accounts.add_person("olena", role="officer", password=PASSWORD)

    def seconds(name: str) -> float:
        began = time.thread_time()  # of computing: what else runs on the machine is no difference
        assert authenticate(HttpRequest(), username=name, password="not-the-password") is None
        return time.thread_time() - began

    seconds("olena")
    known = statistics.median(seconds("olena") for _ in range(3))
    unknown = statistics.median(seconds("nobody-of-that-name") for _ in range(3))
    assert 0.5 < known / unknown < 2


@pytest.mark.django_db
def test_names_guessed_by_what_is_said(client):
    accounts.add_person("olena", role="officer", password=PASSWORD)

    def said(name: str) -> str:
        page = client.post("/sign-in/", {"username": name, "password": "not-the-password"}).content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page).replace(name, "")

    assert said("olena") == said("pavlo")


@pytest.mark.django_db
def test_passwords_tried_one_after_the_other(client):
    accounts.add_person("olena", role="officer", password=PASSWORD)
    answers = [client.post("/sign-in/", {"username": "olena", "password": f"guess-{n}"}) for n in range(12)]
    assert len({answer.status_code for answer in answers[:3]}) == 1
    locked = client.post("/sign-in/", {"username": "olena", "password": PASSWORD})
    assert locked.status_code in (200, 429)  # even the right password is not taken now
    assert client.get("/cameras/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["оlena", "olena\u200b", "olena\u202e", "OLENA", "ｏlena", "olena ", "ole\u0301na\x00", ""]
)
def test_names_that_look_like_anothers(name):
    accounts.add_person("olena", role="officer", password=PASSWORD)
    with pytest.raises(OblikError):
        accounts.add_person(name, role="clerk", owner_code="POL", password=PASSWORD)


# --- files -------------------------------------------------------------------------------------------------------

ENTITY = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
LAUGHS = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
MARKUPS = {
    "a.kml": "<?xml version='1.0'?>{}<kml><Placemark><name>&e;&a9;</name></Placemark></kml>",
    "a.osm": "<?xml version='1.0'?>{}<osm version='0.6'><node id='1' lat='1' lon='1'>"
    "<tag k='name' v='&e;&a9;'/></node></osm>",
    "a.xml": "<?xml version='1.0'?>{}<Workbook><Worksheet><Table><Row><Cell><Data>&e;&a9;</Data></Cell></Row>"
    "</Table></Worksheet></Workbook>",
    "a.gpx": "<?xml version='1.0'?>{}<gpx><wpt lat='1' lon='1'><name>&e;&a9;</name></wpt></gpx>",
    "a.html": "{}<html><table><tr><td>&e;&a9;</td></tr></table></html>",
}
PACKAGES = {
    "a.docx": "word/document.xml", "a.xlsx": "xl/workbook.xml", "a.ods": "content.xml", "a.kmz": "doc.kml",
}  # fmt: skip


def package(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as whole:
        for name, text in members.items():
            whole.writestr(name, text)
    return path


def texts_of(path: Path) -> str:
    """Everything that was read out of a file; empty where it was refused with a sentence."""
    try:
        return json.dumps([sheet.rows for sheet in read_sheets(path)], default=str)
    except UnreadableFile as refused:
        assert str(refused)
        return ""


@pytest.mark.parametrize("trick", [ENTITY, LAUGHS], ids=["external entity", "billion laughs"])
def test_entities_in_xml(tmp_path, trick):
    for name, text in MARKUPS.items():
        path = tmp_path / name
        path.write_text(text.format(trick).replace("&e;" if trick is LAUGHS else "&a9;", ""), encoding="utf-8")
        began = time.perf_counter()
        read = texts_of(path)
        assert "root:" not in read, name
        assert "haha" not in read, name
        assert time.perf_counter() - began < 5, name
    for name, member in PACKAGES.items():
        path = package(
            tmp_path / name, {"[Content_Types].xml": "<Types/>", member: f"<?xml version='1.0'?>{trick}<a>&e;</a>"}
        )
        assert "root:" not in texts_of(path), name


def test_packages_that_unpack_outside(tmp_path):
    """Zip slip: nothing is ever unpacked to the disk by its own name."""
    inside = tmp_path / "inside"
    inside.mkdir()
    climbs = ("../evil.txt", "../../evil.txt", "/tmp/oblik-evil.txt", "..\\evil.txt", "a/../../evil.txt")
    for name, member in PACKAGES.items():
        texts_of(package(inside / name, {member: "<a/>", **dict.fromkeys(climbs, "evil")}))
    found = [path.name for path in tmp_path.rglob("*") if "evil" in path.name]
    assert not found
    assert not Path("/tmp/oblik-evil.txt").exists()


def test_packages_that_grow(tmp_path):
    for name, member in PACKAGES.items():
        with (
            zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as whole,
            whole.open(member, "w", force_zip64=True) as stream,
        ):
            for _ in range(80):
                stream.write(b"\0" * 1_000_000)
        with pytest.raises(UnreadableFile):
            read_sheets(tmp_path / name)


def test_formulas_in_what_we_hand_out(tmp_path):
    import openpyxl

    rows = [
        export_row(f"KHA-{n:06}-1", owner="KP", owner_name=text, state="faulty", values={"name": text, "note": text})
        for n, text in enumerate(FORMULAS)
    ]
    EXPORTS["csv"](tmp_path / "a.csv", rows)
    cells = re.split(r"[,\n]", (tmp_path / "a.csv").read_text(encoding="utf-8-sig"))
    assert not [
        cell for cell in cells if re.match(r'"?[=+@\t\r-]', cell) and not re.fullmatch(r'"?-?\d+(\.\d+)?', cell)
    ]
    EXPORTS["xlsx"](tmp_path / "a.xlsx", rows)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["cameras"]
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None} == {"s"}
    assert [row[COLUMNS.index("name")].value for row in sheet.iter_rows(min_row=2)] == list(FORMULAS)


@settings(max_examples=60)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00"), max_size=20))
def test_no_text_becomes_a_formula(tmp_path_factory, text):
    from oblik.registry.logic.export_table import harmless

    assert not harmless(text).startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
