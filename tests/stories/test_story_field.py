"""A field worker walks a round without a network, and everything arrives exactly once: a camera not found, one with a
photo, one turned elsewhere, and one that nobody knew."""

import io
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect, sync_playwright
from tests.kit.browser import CHROMIUM, FLAGS, barriers, require_built_pages, served
from tests.kit.console import ok, ok_json
from tests.kit.lists import camera_row, write_csv

PASSWORD = "sorok-dvi-kamery-na-opori"
DRAWS = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def address(installation, tmp_path) -> Iterator[str]:
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2030-12-31")
    rows = write_csv(tmp_path / "list.csv", [camera_row(n) for n in range(6)])
    ok(installation, "intake", "add", str(rows), "--owner", "KP", "--campaign", "C1")
    ok(installation, "match", "run", "--campaign", "C1")
    ok(installation, "person", "add", "ivan", "--role", "field", "--full-name", "Іван Польовий")
    ok(installation, "person", "password", "ivan", "--password", PASSWORD)
    today = datetime.now(ZoneInfo("Europe/Kyiv")).date().isoformat()
    ok(installation, "campaign", "round", "C1", "--worker", "ivan", "--day", today, "--cameras", "4")
    with served(installation) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def phone(address) -> Iterator[Page]:
    """A phone of 360 by 740 that tells where it is. Being without a network is no complaint."""
    complaints: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *DRAWS])
        context = browser.new_context(
            base_url=address, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True,
            permissions=["geolocation", "accelerometer", "gyroscope", "magnetometer"],
            geolocation={"longitude": 36.2, "latitude": 50.0, "accuracy": 8},
        )  # fmt: skip
        page = context.new_page()
        page.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        page.on("dialog", lambda asked: asked.accept())
        yield page
        browser.close()
    assert complaints == []


def photo(folder: Path) -> str:
    """A large photo with the place that a phone wrote into it, held upright though its chip lay on its side."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x8825] = {1: "N", 2: (50, 0, 36.0), 3: "E", 4: (36, 12, 0.0)}
    out = io.BytesIO()
    Image.new("RGB", (3000, 2000), "teal").save(out, "JPEG", exif=exif)
    path = folder / "photo.jpg"
    path.write_bytes(out.getvalue())
    return str(path)


def test_a_round_without_a_network(phone: Page, installation, tmp_path) -> None:
    sign_in(phone)
    open_the_round(phone)
    codes = the_phone_goes_offline_and_opens_again(phone)
    one_is_not_found(phone)
    one_is_as_listed_with_a_photo(phone, photo(tmp_path))
    one_looks_elsewhere(phone)
    expect(phone.locator("#state")).to_contain_text("3")
    sent = everything_is_sent_once_though_an_answer_is_lost(phone)
    assert len(sent) == 4 and len(set(sent)) == 3  # one was sent again: its answer never came
    the_register_shows_it(installation, codes, sent)
    a_label_opens_its_camera(phone, codes[3])
    signing_out_takes_the_round_away(phone)


def sign_in(page: Page) -> None:
    page.goto("/field/")
    expect(page).to_have_url(re.compile(r"/sign-in/\?next="))
    page.fill("#id_username", "ivan")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/field/$"))


def open_the_round(page: Page) -> None:
    expect(page.locator(".stop")).to_have_count(4)
    expect(page.locator("body[data-kept='1']")).to_be_attached()
    assert barriers(page) == []


def the_phone_goes_offline_and_opens_again(page: Page) -> list[str]:
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".stop")).to_have_count(4)
    page.click("#as-map")
    expect(page.locator("#round-map")).to_have_attribute("data-marks", re.compile("[1-9]"))
    page.click("#as-list")
    return [str(one.get_attribute("data-code")) for one in page.locator(".stop").all()]


def keep(page: Page) -> None:
    page.click("#save")
    expect(page.locator("#view-round")).to_be_visible()
    expect(page.locator("#note")).to_be_visible()


def one_is_not_found(page: Page) -> None:
    page.locator(".stop").nth(0).click()
    page.click("#save")
    expect(page.locator("#wrong")).to_be_visible()  # an answer first
    page.get_by_role("radio").nth(2).check(force=True)
    page.fill("#words-said", "Стовпа немає")
    assert barriers(page) == []
    keep(page)


def one_is_as_listed_with_a_photo(page: Page, path: str) -> None:
    page.locator(".stop").nth(1).click()
    page.locator("input[value=found]").check(force=True)
    page.set_input_files("#photo", path)
    expect(page.locator(".shot img")).to_have_count(1)
    keep(page)


def one_looks_elsewhere(page: Page) -> None:
    page.locator(".stop").nth(2).click()
    page.locator("input[value=different]").check(force=True)
    expect(page.locator("#fix")).to_have_attribute("data-good", "1")
    page.click("#place-here")
    page.click("#place-map")
    expect(page.locator("#aim-map")).to_have_attribute("data-ready", "1")
    page.locator("#hand").focus()
    before = int(page.locator("#hand").get_attribute("aria-valuenow") or 0)
    page.keyboard.press("PageUp")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#bearing")).to_have_value(str((before + 46) % 360))
    turned = "new DeviceOrientationEvent('deviceorientationabsolute', {absolute: true, alpha: 90, beta: 0, gamma: 0})"
    page.evaluate(f"void setInterval(() => window.dispatchEvent({turned}), 100)")  # as phones do, again and again
    page.click("#compass")
    # West by the compass; at 50° N, 36° E magnetic north lies some nine degrees east of the true one.
    expect(page.locator("#bearing")).to_have_value(re.compile("27[6-9]|28[0-4]"))
    page.fill("#bearing", "123")
    keep(page)


def everything_is_sent_once_though_an_answer_is_lost(page: Page) -> list[str]:
    """The first answer is thrown away on its way: the phone does not know that the check has arrived."""
    sent: list[str] = []

    def on_the_way(route: Route) -> None:
        body = route.request.post_data_buffer or b""
        found = re.search(rb'\{"id":"[^\r]+\}', body)
        sent.append(str(json.loads(found[0])["id"]) if found else "")
        if len(sent) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()

    page.context.route("**/field/checks/", on_the_way)
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("#state")).to_have_attribute("data-state", "waiting")
    page.click("#state")
    if page.locator("#send").is_visible():
        page.click("#send")
    expect(page.locator("#sent [data-state=sent]")).to_have_count(3, timeout=15_000)
    expect(page.locator("#state")).to_have_attribute("data-state", "sent")
    page.context.unroute("**/field/checks/")
    page.click("#back")
    return sent


def the_register_shows_it(installation, codes: list[str], sent: list[str]) -> None:
    lost, seen, turned, _ = (ok_json(installation, "camera", "show", code) for code in codes)
    assert lost["state"] == "lost"
    assert turned["values"]["bearing_deg"] == 123.0
    assert turned["values"]["place_origin"] == "field"
    for one in (lost, seen, turned):
        checks = [source for source in one["sources"] if source["kind"] == "field_check"]
        assert len(checks) == 1
    listed = ok_json(installation, "journal", "list", "--subject", f"camera:{codes[0]}")
    assert [one["what"] for one in listed].count("checked_on_site") == 1


def a_label_opens_its_camera(page: Page, code: str) -> None:
    page.click("#to-scan")
    page.fill("#typed-code", code[:-1] + str((int(code[-1]) + 1) % 10))
    page.keyboard.press("Enter")
    expect(page.locator("#scan-said")).to_be_visible()  # the check digit tells
    page.fill("#typed-code", code.lower())
    page.keyboard.press("Enter")
    expect(page.locator("#listed-code")).to_have_text(code)
    page.click("#back")


def signing_out_takes_the_round_away(page: Page) -> None:
    page.locator(".field-menu summary").click()
    page.locator("#leave button").click()
    expect(page).to_have_url(re.compile("/sign-in/"))
    kept = page.evaluate(
        """new Promise((resolve) => {
            const asked = indexedDB.open("oblik-round", 1);
            asked.onsuccess = () => {
                const rounds = asked.result.transaction("day").objectStore("day").getAll();
                rounds.onsuccess = () => resolve(rounds.result.length);
            };
        })"""
    )
    assert kept == 0
    assert page.evaluate("caches.has('oblik-shell')") is False
