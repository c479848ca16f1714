"""Pages of the desk: who may open them, what they show, what an address reproduces."""

import re
from pathlib import Path

import mapbox_vector_tile
import pytest
from django.test import Client, RequestFactory

from oblik.accounts import actions as accounts
from oblik.web.desk.documents import MEDIA_TYPES
from oblik.web.ui import middleware

TEMPLATES = Path(middleware.__file__).parent / "templates"
PAGES = ("/", "/campaigns/", "/cameras/", "/map/", "/documents/", "/map/tiles/0/0/0.mvt")


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_a_stranger_is_asked_to_sign_in_and_brought_back(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"] == f"/sign-in/?next={address}"


@pytest.mark.django_db
@pytest.mark.parametrize("address", PAGES)
def test_somebody_without_a_role_is_told_whom_to_ask(client, address):
    accounts.add_person("nobody", role="nobody", password="sorok-dvi-kamery-na-opori")
    client.login(username="nobody", password="sorok-dvi-kamery-na-opori")
    answer = client.get(address)
    assert answer.status_code == 403
    assert "403" in answer.content.decode()


def test_signing_in_leads_only_to_our_own_pages(client, register):
    accounts.add_person("olena", role="officer", password="sorok-dvi-kamery-na-opori")
    form = {"username": "olena", "password": "sorok-dvi-kamery-na-opori", "next": "https://example.org/"}
    assert client.post("/sign-in/", form)["Location"] == "/"


def test_the_table_searches_and_filters(officer, register):
    def codes(query):
        return re.findall(
            r'<th scope="row"><a class="code" href="/cameras/([^/]+)/',
            officer.get(f"/cameras/?{query}").content.decode(),
        )

    assert codes("") == register
    assert codes("owner=POL") == [register[2]]
    assert codes("state=faulty") == [register[1]]
    assert codes("kind=unknown") == register[2:]
    assert codes("text=садова+2") == [register[1]]
    assert codes("owner=POL&text=садова") == []
    assert codes("kind=nonsense&page=999&sort=nonsense") == register


def test_an_answer_in_place_names_the_short_address(officer, register):
    answer = officer.get(
        "/cameras/", {"text": "", "owner": "POL", "kind": "", "state": ""}, headers={"HX-Request": "true"}
    )
    assert answer["HX-Push-Url"] == "/cameras/?owner=POL"
    assert "<html" not in answer.content.decode()


def test_one_camera_shows_what_won_and_what_others_said(officer, register):
    page = officer.get(f"/cameras/{register[0]}/").content.decode()
    assert "КП «Світло»" in page
    assert "Поліція" in page
    assert 'class="differs"' in page
    assert "Виміряно" in page  # why the person's word was put above the lists
    assert "rtsp://" not in page  # stream addresses are secrets


def test_one_camera_as_of_a_day_is_what_it_was(officer, register):
    now = officer.get(f"/cameras/{register[0]}/").content.decode()
    then = officer.get(f"/cameras/{register[0]}/?as_of=2025-03-15").content.decode()
    assert "6" in _register_value(now, "Висота|Mounting height")
    assert "4" in _register_value(then, "Висота|Mounting height")
    assert officer.get(f"/cameras/{register[0]}/?as_of=2001-01-01").status_code == 404
    assert officer.get(f"/cameras/{register[0]}/?as_of=yesterday").status_code == 400


def _register_value(page: str, label: str) -> str:
    found = re.search(rf'class="field">(?:{label})[^<]*</th>\s*<td class="register"><div>([^<]*)</div>', page)
    assert found, label
    return found[1]


def test_a_camera_that_is_not_there_is_a_plain_404(officer, register):
    answer = officer.get("/cameras/KHA-999999-9/")
    assert answer.status_code == 404
    assert "KHA-999999-9" in answer.content.decode()


def test_a_clerk_sees_the_own_owner_alone(clerk, register):
    mine, others = register[2], register[1]
    table = clerk.get("/cameras/").content.decode()
    assert mine in table
    assert others not in table
    assert "КП «Світло»" not in table  # not even in the filter
    assert clerk.get(f"/cameras/{mine}/").status_code == 200
    assert clerk.get(f"/cameras/{others}/").status_code == 404
    assert clerk.get(f"/cameras/{others}/panel/").status_code == 404
    assert tile_count(clerk, "") == 1
    assert others not in clerk.get("/map/place/?bounds=33,48,35,50").content.decode()


def test_of_anothers_camera_a_clerk_reads_what_the_own_list_says(clerk, register):
    page = clerk.get(f"/cameras/{register[0]}/").content.decode()  # the police's older list names it too
    assert "PTZ" in page and "80" in page
    assert "КП «Світло»" not in page and "Садова" not in page and "secret" not in page
    assert "Виміряно" not in page  # the reason in its history
    panel = clerk.get(f"/cameras/{register[0]}/panel/").content.decode()
    assert "КП «Світло»" not in panel and "Садова" not in panel


def tile_count(client: Client, query: str) -> int:
    answer = client.get(f"/map/tiles/0/0/0.mvt?{query}")
    layers = mapbox_vector_tile.decode(answer.content)
    clusters = [mark["properties"]["count"] for mark in layers.get("clusters", {}).get("features", [])]
    return sum(clusters) + len(layers.get("cameras", {}).get("features", []))


def test_tiles_count_what_the_filters_keep(officer, register):
    assert tile_count(officer, "") == 3  # the fourth has no place
    assert tile_count(officer, "owner=KP") == 2
    assert tile_count(officer, "kind=unknown") == 1
    assert tile_count(officer, "text=садова&state=faulty") == 1
    assert tile_count(officer, "state=retired") == 0


def test_a_tile_that_has_not_changed_is_not_sent_again(officer, register):
    first = officer.get("/map/tiles/3/4/2.mvt")
    again = officer.get("/map/tiles/3/4/2.mvt", headers={"If-None-Match": first["ETag"]})
    other = officer.get("/map/tiles/3/4/2.mvt?owner=KP", headers={"If-None-Match": first["ETag"]})
    assert (first.status_code, again.status_code, other.status_code) == (200, 304, 200)
    assert officer.get("/map/tiles/1/7/7.mvt").status_code == 404


def test_the_cameras_of_one_place_are_listed(officer, register):
    page = officer.get("/map/place/?bounds=34,49,34,49").content.decode()
    assert register[0] in page
    assert register[1] in page
    assert register[2] not in page
    assert officer.get("/map/place/?bounds=here").status_code == 400


def test_a_campaign_without_lists_says_what_to_do(officer, campaign):
    assert officer.get("/")["Location"] == "/campaigns/C1/"
    assert 'href="/campaigns/C1/asked/"' in officer.get("/campaigns/C1/").content.decode()
    assert officer.get("/campaigns/C2/").status_code == 404
    assert officer.get("/campaigns/C1/rows/?category=nonsense").status_code == 400


def test_documents_are_listed_and_come_down(officer, campaign, data_dir):
    assert 'name="do" value="prepare"' in officer.get("/campaigns/C1/documents/").content.decode()
    folder = data_dir / "documents" / "C1" / "uk"
    folder.mkdir(parents=True)
    (folder / "4-act.pdf").write_bytes(b"%PDF-1.7 act")
    (folder / "1-inventory-list-01-KP.pdf").write_bytes(b"%PDF-1.7 list")
    assert officer.get("/documents/")["Location"] == "/campaigns/C1/documents/"
    assert "4-act.pdf" in officer.get("/campaigns/C1/documents/").content.decode()
    answer = officer.get("/campaigns/C1/documents/uk/4-act.pdf")
    assert (answer["Content-Type"], b"".join(answer)) == (MEDIA_TYPES["pdf"], b"%PDF-1.7 act")
    for stray in ("..%2F..%2Fsecret.key", "nothing.pdf"):
        assert officer.get(f"/campaigns/C1/documents/uk/{stray}").status_code == 404
    assert officer.get("/campaigns/C1/documents/xx/4-act.pdf").status_code == 404


def test_a_clerk_reads_the_own_documents_alone(clerk, campaign, data_dir):
    folder = data_dir / "documents" / "C1" / "uk"
    folder.mkdir(parents=True)
    for name in ("4-act.pdf", "1-inventory-list-01-KP.pdf", "1-inventory-list-02-POL.pdf"):
        (folder / name).write_bytes(b"%PDF")
    page = clerk.get("/campaigns/C1/documents/").content.decode()
    assert set(re.findall(r"[\w-]+\.pdf(?=[\"/])", page)) == {"1-inventory-list-02-POL.pdf"}
    assert clerk.get("/campaigns/C1/documents/uk/4-act.pdf").status_code == 404
    for what in ("rows", "discrepancies"):
        assert clerk.get(f"/campaigns/C1/{what}/?owner=KP").status_code == 404
        assert clerk.get(f"/campaigns/C1/{what}/?owner=XX").status_code == 404


@pytest.mark.django_db
def test_every_language_and_look_is_kept_by_a_cookie(client):
    client.cookies["django_language"] = "uk"
    assert "Увійти" in client.get("/sign-in/").content.decode()
    client.post("/language/", {"language": "ru", "next": "/sign-in/"})
    assert "Войти" in client.get("/sign-in/").content.decode()
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/sign-in/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert 'data-theme="auto"' in client.get("/sign-in/").content.decode()


def test_the_language_is_ukrainian_unless_chosen_whatever_the_browser_says():
    seen = []
    answer = middleware.chosen_language(lambda request: seen.append(request.LANGUAGE_CODE) or _Answer())
    browser = RequestFactory(headers={"accept-language": "en-US"})
    answer(browser.get("/"))
    chosen = browser.get("/")
    chosen.COOKIES["django_language"] = "en"
    answer(chosen)
    unknown = browser.get("/")
    unknown.COOKIES["django_language"] = "xx"
    answer(unknown)
    assert seen == ["uk", "en", "uk"]


class _Answer:
    def __init__(self) -> None:
        self.headers: dict[str, str] = {}


def test_the_policy_lets_nothing_foreign_or_inline_in():
    answer = middleware.content_policy(lambda _request: _Answer())(RequestFactory().get("/"))
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_templates_hold_no_inline_script_style_or_foreign_address(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\son[a-z]+=", text), "an inline handler"
    assert not re.search(r"\sstyle\s*=", text), "an inline style"
    assert not re.search(r"<style|<script(?![^>]*\ssrc=)", text), "an inline block"
    assert not re.search(r"https?://", text), "a foreign address"
