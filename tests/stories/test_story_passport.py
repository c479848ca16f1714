"""Somebody corrects a camera with a reason, looks at last month, prints its passport, and enters one that is known."""

import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from tests.kit.browser import CHROMIUM, barriers, opened, require_built_pages, served
from tests.kit.console import ok, ok_json

ROOT = Path(__file__).parents[2]
PASSWORD = "sorok-dvi-kamery-na-opori"
PAST = "import django; django.setup(); from tests.kit.past import main; main()"

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(installation) -> Iterator[str]:
    """A small register that began sixty days ago; one of its cameras was renamed twenty days ago."""
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    env = os.environ | installation.env | {"DJANGO_SETTINGS_MODULE": "oblik.config.settings"}
    subprocess.run([sys.executable, "-c", PAST], env=env, cwd=ROOT, check=True, timeout=60)
    with served(installation) as port:
        yield f"http://127.0.0.1:{port}"


def test_a_camera_is_corrected_printed_and_not_entered_twice(address, installation) -> None:
    code = ok_json(installation, "camera", "list")[3]["code"]
    with opened(address) as page:
        sign_in(page)
        its_values_are_corrected_with_a_reason(page, code)
        a_photo_is_added(page)
        last_month_shows_what_was(page, code)
        the_edit_is_undone(page, code)
        the_passport_is_printed(page, code)
        one_that_is_known_is_not_entered_again(page, code)
        nobody_is_shut_out(page, code)


def sign_in(page: Page) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", "olena")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(re.compile("sign-in"))


def its_values_are_corrected_with_a_reason(page: Page, code: str) -> None:
    page.goto(f"/cameras/{code}/")
    expect(page.locator("#values .value.differs", has_text="111")).to_contain_text("200°")  # what the police say
    page.locator("a[href$='/edit/']").click()
    page.fill("#f-height_m", "високо")
    expect(page.locator("[data-field]:has(#f-height_m)")).to_have_class(re.compile("changed"))
    page.locator("form[data-edit] button.btn-primary").click()
    expect(page.locator(".edit-field.wrong")).to_have_count(2)  # the height, and the reason that is missing
    expect(page.locator("#f-height_m")).to_have_value("високо")
    page.fill("#f-height_m", "6.5")
    page.fill("#why", "Виміряно на обході")
    page.fill("#document", "Акт № 7")
    page.locator("form[data-edit] button.btn-primary").click()
    expect(page).to_have_url(re.compile(f"/cameras/{code}/$"))
    height = page.locator("#values .value", has_text="6,5")
    expect(height.locator(".badge")).to_be_visible()  # pinned
    expect(page.locator("#history")).to_contain_text("Виміряно на обході · Акт № 7")


def a_photo_is_added(page: Page) -> None:
    drawn = io.BytesIO()
    Image.new("RGB", (640, 400), "teal").save(drawn, "JPEG")
    page.set_input_files("#attach-file", {"name": "вхід.jpg", "mimeType": "image/jpeg", "buffer": drawn.getvalue()})
    page.fill("#attach-what", "Вхід у двір")
    page.locator(".attach button").click()
    shown = page.locator("#attachments img[alt='Вхід у двір']")
    expect(shown).to_be_visible()
    shown.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('#attachments img').naturalWidth > 0")


def last_month_shows_what_was(page: Page, code: str) -> None:
    slider = page.locator("#as-of-slider")
    expect(slider).to_be_visible()
    slider.focus()
    page.keyboard.press("Home")  # the first of the days on which something changed
    expect(page.locator("#as-of-note")).to_be_visible()
    expect(page.locator("#values .value", has_text="Камера 3")).to_be_visible()
    expect(page.locator("a[href$='/edit/']")).to_have_count(0)
    month_ago = (datetime.now(UTC) - timedelta(days=10)).date().isoformat()
    page.goto(f"/cameras/{code}/?as_of={month_ago}")
    expect(page.locator("#values .value", has_text="Брама")).to_be_visible()
    expect(page.locator("#values")).not_to_contain_text("6,5")


def the_edit_is_undone(page: Page, code: str) -> None:
    page.goto(f"/cameras/{code}/")
    page.locator(".undo-edit button").click()
    expect(page.locator("#values")).not_to_contain_text("6,5")
    expect(page.locator("#values .value", has_text="Брама")).to_be_visible()


def the_passport_is_printed(page: Page, code: str) -> None:
    page.locator("#papers").click()
    links = page.locator("[aria-labelledby=papers] a")
    expect(links).to_have_count(4)  # three languages and the label
    for address in links.evaluate_all("links => links.map(link => link.href)"):
        answer = page.request.get(address)
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.body().startswith(b"%PDF-")


def one_that_is_known_is_not_entered_again(page: Page, code: str) -> None:
    page.goto("/cameras/new/")
    page.select_option("#owner", "POL")
    page.fill("#why", "Знайдено на обході")
    page.fill("#f-lat_deg", "49.00001")
    page.fill("#f-lon_deg", "34.006")
    page.fill("#f-mac", "00:1A:2B:00:00:03")
    known = page.locator("#alike .alike.likely")
    expect(known).to_contain_text(code)
    page.locator("form[data-new] .btn-primary").click()
    expect(page.locator("#another")).to_be_visible()  # asked, not entered
    page.locator("#alike").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(f"/cameras/{code}/$"))


def nobody_is_shut_out(page: Page, code: str) -> None:
    found = []
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        for place in (f"/cameras/{code}/", f"/cameras/{code}/edit/", "/cameras/new/"):
            page.goto(place)
            found += barriers(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for place in (f"/cameras/{code}/", f"/cameras/{code}/edit/", "/cameras/new/"):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, f"{place} is wider than a phone"
    assert found == []
