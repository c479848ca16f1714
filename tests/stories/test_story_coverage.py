"""Somebody looks at what the cameras see, asks who sees a place, loads incidents and opens a table whole."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect
from tests.kit.browser import CHROMIUM, barriers, opened, require_built_pages, served
from tests.kit.console import ok
from tests.kit.lists import camera_row, write_csv

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
PASSWORD = "sorok-dvi-kamery-na-opori"


@pytest.fixture
def page(installation, tmp_path) -> Iterator[Page]:
    """Forty cameras of one owner, added up."""
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    rows = write_csv(tmp_path / "first.csv", [camera_row(n) for n in range(40)])
    ok(installation, "intake", "add", str(rows), "--owner", "KP", "--campaign", "C1")
    ok(installation, "match", "run", "--campaign", "C1")
    ok(installation, "coverage", "update")
    with served(installation) as port, opened(f"http://127.0.0.1:{port}") as shown:
        shown.goto("/sign-in/?next=/coverage/")
        shown.fill("#id_username", "olena")
        shown.fill("#id_password", PASSWORD)
        shown.keyboard.press("Enter")
        yield shown


@pytest.mark.slow
def test_what_is_seen_is_looked_at_asked_and_weighed(page: Page, tmp_path):
    box = page.locator("#map")
    expect(box).to_have_attribute("data-drawn", re.compile(r"[1-9]"), timeout=30_000)
    expect(page.locator("[data-legend=coverage]")).to_be_visible()
    page.locator("label[for=layer-overlap]").click()
    expect(page.locator("[data-legend=overlap]")).to_be_visible()
    expect(page.locator("[data-legend=coverage]")).to_be_hidden()
    box.click(position={"x": 500, "y": 300})
    expect(page.locator("#map-panel-body h2")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#map-panel")).to_be_hidden()

    incidents = tmp_path / "incidents.csv"
    incidents.write_text("lon,lat,weight\n34.001,49.002,9\n", encoding="utf-8")
    page.locator("#incidents summary").click()
    page.set_input_files("#incidents-file", incidents)
    page.locator("#incidents button.btn-primary").click()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator("#layer-blind")).to_be_checked()

    page.goto("/coverage/tables/failures/")
    expect(page.locator("tbody tr")).not_to_have_count(0)
    found = barriers(page)
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        page.goto("/coverage/")
        expect(page.locator("#map")).to_have_attribute("data-drawn", re.compile(r"\d"), timeout=30_000)
        found += barriers(page)
        page.set_viewport_size({"width": 360, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        page.set_viewport_size({"width": 1280, "height": 900})
    assert found == []
