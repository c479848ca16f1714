"""A map is filtered, its link sent, an area drawn and taken home; a street is found by its old name."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.kit.browser import AXE, CHROMIUM, require_built_pages, served
from tests.kit.console import ok
from tests.kit.lists import camera_row, write_csv
from tests.stories.test_first_look import FLAGS

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
PASSWORD = "sorok-dvi-kamery-na-opori"
POINTS = "kind,street,house,lat,lon\n" + "".join(
    f"вулиця,Григорія Сковороди,{n},49.0{n},34.0{n}\n" for n in range(1, 6)
)
RENAMES = (
    "kind_old,kind_new,old_uk,new_uk,old_ru,new_ru\n"
    "вулиця,вулиця,Пушкінська,Григорія Сковороди,Пушкинская,Григория Сковороды\n"
)


@pytest.fixture
def page(installation, tmp_path) -> Iterator[Page]:
    """Sixty cameras of two owners, one of them in the renamed street, before a browser that asks nobody else."""
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    (tmp_path / "points.csv").write_text(POINTS, "utf-8")
    (tmp_path / "renames.csv").write_text(RENAMES, "utf-8")
    ok(installation, "city", "load", str(tmp_path / "points.csv"), str(tmp_path / "renames.csv"))
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    rows = [camera_row(n) for n in range(40)]
    rows[7]["Адреса"] = "ул. Пушкинская, 3"
    first = write_csv(tmp_path / "first.csv", rows)
    second = write_csv(tmp_path / "second.csv", [camera_row(n) for n in range(100, 120)])
    ok(installation, "intake", "add", str(first), "--owner", "KP", "--campaign", "C1")
    ok(installation, "intake", "add", str(second), "--owner", "POL", "--campaign", "C1")
    ok(installation, "match", "run", "--campaign", "C1")
    asked: list[str] = []
    complaints: list[str] = []
    with served(installation) as port, sync_playwright() as player:
        address = f"http://127.0.0.1:{port}"
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        shown = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}).new_page()
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        shown.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        shown.goto("/sign-in/?next=/map/")
        shown.fill("#id_username", "olena")
        shown.fill("#id_password", PASSWORD)
        shown.keyboard.press("Enter")
        yield shown
        browser.close()
    assert [url for url in asked if not url.startswith((address, "blob:", "data:"))] == []
    assert complaints == []


def test_a_map_is_filtered_drawn_on_and_searched(page: Page) -> None:
    drawn(page, 60)
    link = the_map_is_filtered(page)
    the_link_gives_the_same_in_the_table(page, link)
    count = an_area_is_drawn(page)
    its_cameras_are_taken_home(page, count)
    what_is_visible_is_listed_without_a_mouse(page)
    a_street_is_found_by_its_old_name_in_latin_letters(page)
    nobody_is_shut_out(page)


def drawn(page: Page, cameras: int) -> None:
    expect(page.locator(f"#map[data-cameras='{cameras}']")).to_be_attached(timeout=60_000)


def the_map_is_filtered(page: Page) -> str:
    page.locator(".map-filters summary").click()
    page.locator("#filter-owner").select_option("POL")
    expect(page).to_have_url(re.compile(r"/map/\?owner=POL"))
    drawn(page, 20)
    return page.url.partition("?")[2].partition("#")[0]


def the_link_gives_the_same_in_the_table(page: Page, link: str) -> None:
    page.goto(f"/cameras/?{link}")
    expect(page.locator("#found tbody tr")).to_have_count(20)
    page.locator("#filter-verdict").select_option("found")
    expect(page).to_have_url(re.compile(r"/cameras/\?owner=POL&verdict=found$"))
    expect(page.locator("#found tbody tr")).to_have_count(20)


def an_area_is_drawn(page: Page) -> int:
    page.goto("/map/")
    drawn(page, 60)
    page.locator("[data-area-tool=draw]").click()
    box = page.locator("#map").bounding_box()
    assert box is not None
    for right, down in ((0.35, 0.15), (0.9, 0.15), (0.9, 0.75), (0.35, 0.75)):
        page.mouse.click(box["x"] + box["width"] * right, box["y"] + box["height"] * down)
    page.locator("[data-area-tool=finish]").click()
    expect(page).to_have_url(re.compile(r"area=\d"))
    heading = page.locator("#map-panel h2")
    expect(heading).to_be_visible()
    count = int(re.sub(r"\D", "", heading.inner_text()))
    assert 0 < count < 60
    drawn(page, count)
    return count


def its_cameras_are_taken_home(page: Page, count: int) -> None:
    page.locator("#map-panel [data-bs-toggle=dropdown]").click()
    with page.expect_download() as coming:
        page.locator("#map-panel button[value=csv]").click()
    assert len(Path(coming.value.path()).read_text("utf-8-sig").splitlines()) == count + 1
    page.locator("#map-panel a[href^='/cameras/?area=']").click()
    expect(page.locator("#found .card-title")).to_contain_text(str(count))


def what_is_visible_is_listed_without_a_mouse(page: Page) -> None:
    page.goto("/map/?owner=KP")
    drawn(page, 40)
    page.locator("[data-area-tool=visible]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map-panel h2")).to_be_focused()
    expect(page.locator("#map-panel h2")).to_contain_text("40")


def a_street_is_found_by_its_old_name_in_latin_letters(page: Page) -> None:
    page.keyboard.press("Control+k")
    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    page.keyboard.type("Pushkinska 3")
    first = palette.locator("a.search-hit").first
    expect(first).to_contain_text("Григорія Сковороди, 3")
    expect(first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(palette.locator("[aria-selected=true]")).to_contain_text("KHA-")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/cameras/KHA-"))
    page.keyboard.press("/")
    expect(palette.locator("#hit-recent-0")).to_contain_text("KHA-")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()


def nobody_is_shut_out(page: Page) -> None:
    """axe-core finds nothing serious in either light; nothing is wider than a phone."""
    engine, found = AXE.read_text(encoding="utf-8"), []
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        for place in ("/map/?owner=KP&area=33_48~36_48~36_51~33_51", "/cameras/", "/search/?text=камера"):
            page.set_viewport_size({"width": 360, "height": 740})
            page.goto(place)
            assert page.evaluate("document.documentElement.scrollWidth") == 360, place
            page.set_viewport_size({"width": 1280, "height": 900})
            if place == "/cameras/":
                page.keyboard.press("Control+k")
                expect(page.locator("#palette a.search-hit").first).to_be_visible()
            page.evaluate(f"{engine};0")
            said = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{look} {place}: {one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0]['failureSummary']}"
                for one in said["violations"]
                if one["impact"] in ("serious", "critical")
            ]
    assert found == []
