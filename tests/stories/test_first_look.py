"""Somebody signs in, follows a number to its rows, finds a camera, sees its sources, and takes a document home."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.kit.console import ok
from tests.kit.lists import HEADER, camera_row, write_csv

CHROMIUM = Path("/usr/bin/chromium")
PASSWORD = "sorok-dvi-kamery-na-opori"
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
PLACES = (
    "/", "/campaigns/", "/campaigns/C1/rows/?in_all=1", "/campaigns/C1/rows/?category=waiting",
    "/campaigns/C1/discrepancies/", "/cameras/", "/cameras/?text=nothing-like-this", "/map/",
    "/documents/",
)  # fmt: skip
FLAGS = (
    "--no-sandbox",
    "--use-angle=swiftshader",  # draws the map without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture(scope="module")
def built() -> None:
    folder = Path(__file__).parents[2] / "src/oblik/web/ui/static/built"
    if not (folder / "app.js").is_file():
        pytest.fail("the pages are not built; run `make setup`")
    if not AXE.is_file():
        pytest.fail("axe-core is not installed; run `make dev`")


@pytest.fixture
def address(installation, tmp_path, built) -> Iterator[str]:
    """A town of two owners whose lists overlap, matched, printed and served."""
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    first = write_csv(tmp_path / "first.csv", [camera_row(n) for n in range(150)])
    changed = [camera_row(n, **{"Інв. номер": f"П-{n}", "Тип": "поворотна"}) for n in range(20, 80)]
    second = write_csv(tmp_path / "second.csv", changed, columns=HEADER)
    ok(installation, "intake", "add", str(first), "--owner", "KP", "--campaign", "C1")
    ok(installation, "intake", "add", str(second), "--owner", "POL", "--campaign", "C1")
    ok(installation, "match", "run", "--campaign", "C1")
    papers = installation.data / "documents" / "C1" / "uk"
    ok(installation, "inventory", "act", "--campaign", "C1", "--output", str(papers))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("oblik")), "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=installation.env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # granian answers from processes of its own
        server.wait(timeout=20)


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(150):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer in 30 s")


@pytest.fixture
def page(address) -> Iterator[Page]:
    """A browser that is told nothing but the address; whatever it asks of another host fails the story."""
    strangers: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, accept_downloads=True)
        shown = context.new_page()
        shown.on("request", lambda request: strangers.append(request.url))
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        shown.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        yield shown
        browser.close()
    assert [url for url in strangers if not url.startswith((address, "blob:", "data:"))] == []
    assert complaints == []


def test_a_first_look(page: Page) -> None:
    sign_in(page)
    a_number_opens_to_its_rows(page)
    code = a_camera_is_found_in_the_table(page)
    its_sources_stand_side_by_side(page, code)
    the_map_shows_clusters_and_opens_a_camera(page)
    a_map_that_cannot_be_drawn_says_so(page)
    a_document_comes_down(page)
    the_language_and_the_look_stay_chosen(page)
    nobody_is_shut_out(page, code)
    sign_out(page)


def sign_in(page: Page) -> None:
    page.goto("/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    expect(page.get_by_role("heading", name="Увійти")).to_be_visible()  # Ukrainian unless another language is chosen
    page.fill("#id_username", "olena")
    page.fill("#id_password", "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("не підходять")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/campaigns/C1/$"))


def a_number_opens_to_its_rows(page: Page) -> None:
    expect(page.locator(".equation")).to_contain_text("210 = 150 + ")
    expect(page.locator("#discrepancies-body .value").first).to_be_visible()
    row = page.locator("#owners tr", has_text="КП «Світло»")
    row.get_by_role("link").first.click()
    expect(page.locator("#rows tbody tr")).to_have_count(100)  # the first page of 150
    expect(page.locator("#rows tbody tr").first).to_contain_text("first.csv")


def a_camera_is_found_in_the_table(page: Page) -> str:
    page.get_by_role("link", name="Камери", exact=True).click()
    expect(page.locator("#found tbody tr")).to_have_count(50)  # the first page of 150
    first = page.locator("#found tbody th a").first.inner_text()
    page.get_by_role("link", name="Далі").click()
    expect(page.locator("#found tbody th a").first).not_to_have_text(first)
    page.fill("#filter-text", "001a2b00001e")
    expect(page.locator("#found tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile(r"/cameras/\?text=001a2b00001e$"))
    page.reload()
    expect(page.locator("#found tbody tr")).to_have_count(1)
    return page.locator("#found tbody th a").inner_text()


def its_sources_stand_side_by_side(page: Page, code: str) -> None:
    page.get_by_role("link", name=code).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    sources = page.locator("#sources")
    sources.locator("summary").click()
    expect(sources.locator("thead th")).to_have_count(4)  # field, register, two lists
    expect(sources).to_contain_text("first.csv")
    expect(sources).to_contain_text("second.csv")
    differing = sources.locator("tr.differs", has_text="Інвентарний номер")
    expect(differing.locator("td.won")).to_have_count(1)
    expect(differing.locator("td.differs")).to_have_count(1)
    page.locator("#only-differing").check()
    expect(sources.locator("tr", has_text="MAC-адреса")).to_be_hidden()
    expect(page.locator("#history .timeline-event").first).to_be_visible()


def the_map_shows_clusters_and_opens_a_camera(page: Page) -> None:
    page.get_by_role("link", name="Карта", exact=True).click()
    drawn = page.locator("#map[data-cameras]")
    expect(drawn).to_be_attached(timeout=60_000)
    expect(drawn).to_have_attribute("data-cameras", "150")
    assert int(drawn.get_attribute("data-marks") or 0) < 150  # clusters, not 150 dots
    page.goto("/map/?text=001a2b00001e")
    expect(page.locator("#map[data-cameras='1']")).to_be_attached(timeout=60_000)
    box = page.locator("#map").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)  # the map fits what the filter keeps
    panel = page.locator("#map-panel")
    expect(panel.get_by_role("link").first).to_be_visible()
    expect(panel).to_contain_text("КП «Світло»")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def a_map_that_cannot_be_drawn_says_so(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    poor = browser.browser_type.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    try:
        other = poor.new_context(storage_state=page.context.storage_state()).new_page()
        other.goto(page.url.partition("/map/")[0] + "/map/?owner=KP")
        expect(other.locator("#map-unsupported")).to_be_visible()
        other.locator("#map-unsupported a").click()
        expect(other.locator("#found tbody tr").first).to_be_visible()
    finally:
        poor.close()


def a_document_comes_down(page: Page) -> None:
    page.get_by_role("link", name="Документи", exact=True).click()
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("Завантажити: Акт інвентаризації")).click()
    assert Path(coming.value.path()).read_bytes().startswith(b"%PDF-")
    with page.expect_download() as coming:
        page.get_by_role("link", name=re.compile("xlsx")).click()
    assert Path(coming.value.path()).read_bytes().startswith(b"PK")


def the_language_and_the_look_stay_chosen(page: Page) -> None:
    for language, word in (("en", "Documents"), ("ru", "Документы"), ("uk", "Документи")):
        page.locator("#person").click()
        page.locator(f"button[name=language][value={language}]").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(word)
    page.locator("#person").click()
    page.locator("[data-set-theme=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.set_viewport_size({"width": 360, "height": 740})
    for place in ("/", "/cameras/", "/map/", "/documents/"):
        page.goto(place)
        expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
        assert page.evaluate("document.documentElement.scrollWidth") == 360, f"{place} is wider than a phone"
    page.set_viewport_size({"width": 1280, "height": 900})


def nobody_is_shut_out(page: Page, code: str) -> None:
    """axe-core, the accessibility engine, finds nothing serious on any page in either light."""
    engine = AXE.read_text(encoding="utf-8")
    found = []
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        for place in (*PLACES, f"/cameras/{code}/?as_of=2100-01-01"):
            page.goto(place)
            if place == "/documents/":
                page.locator("#person").click()
            page.evaluate(f"{engine};0")
            said = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{look} {place}: {one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0]['failureSummary']}"
                for one in said["violations"]
                if one["impact"] in ("serious", "critical")
            ]
    assert found == []


def sign_out(page: Page) -> None:
    page.locator("#person").click()
    page.locator("#sign-out").click()
    expect(page).to_have_url(re.compile(r"/sign-in/$"))
    page.goto("/cameras/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
