"""The chairperson reminds a late owner, settles a discrepancy, prepares, looks at, freezes and takes home."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.kit.browser import CHROMIUM, barriers, opened, require_built_pages, served
from tests.kit.console import ok, ok_json
from tests.kit.lists import camera_row, write_csv

PASSWORD = "sorok-dvi-kamery-na-opori"
CODE = "C1"

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def town(installation, tmp_path):
    """Two owners handed in lists that differ, a third did not; the commission has its chair."""
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "person", "role", "olena", "officer", "--besides")
    ok(installation, "person", "role", "olena", "commission", "--besides")
    for code, name in (("KP", "КП «Світло»"), ("POL", "Поліція"), ("LATE", "КП «Пізно»")):
        ok(installation, "owner", "add", code, "--name", name, "--kind", "enterprise")
    ok(installation, "campaign", "open", CODE, "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    ok(installation, "campaign", "member", CODE, "--name", "О. Коваль", "--role", "chair")
    rows = [camera_row(n) for n in range(12)]
    changed = [camera_row(n, **{"Інв. номер": f"П-{n}", "Тип": "поворотна"}) for n in range(4, 10)]
    for owner, lines in (("KP", rows), ("POL", changed)):
        path = write_csv(tmp_path / f"{owner}.csv", lines)
        ok(installation, "intake", "add", str(path), "--owner", owner, "--campaign", CODE)
    ok(installation, "match", "run", "--campaign", CODE)
    return installation


@pytest.fixture
def page(town) -> Iterator[Page]:
    with served(town) as port, opened(f"http://127.0.0.1:{port}") as page:
        yield page


def test_the_chairperson_brings_a_count_to_its_end(town, page: Page) -> None:
    page.goto("/sign-in/")
    page.fill("#id_username", "olena")
    page.fill("#id_password", PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator(".equation")).to_be_visible()
    the_numbers_are_those_of_the_console(town, page)
    a_late_owner_is_reminded(page)
    a_discrepancy_is_settled(page)
    the_act_is_prepared_and_looked_at(page)
    the_chair_has_signed(page)
    hashes = frozen_for_good(page)
    what_comes_down_has_these_hashes(page, hashes)
    assert ok_json(town, "campaign", "show", CODE)["state"] == "frozen"


def the_numbers_are_those_of_the_console(town, page: Page) -> None:
    total = ok_json(town, "campaign", "show", CODE)["total"]
    shown = [int(text) for text in page.locator(".sum-of-cards .value").all_inner_texts()]
    names = ("received", "cameras", "duplicates_inside", "repeats_between", "broken", "waiting")
    assert shown == [total[name] for name in names]
    assert barriers(page) == []


def a_late_owner_is_reminded(page: Page) -> None:
    page.goto(f"/campaigns/{CODE}/asked/")
    for box in page.locator("#ask input[type=checkbox]").all():
        box.check()
    page.fill("#due_on", "2025-02-01")
    page.locator("#ask button").click()
    late = page.locator("#asked tbody tr", has_text="LATE")
    expect(late).to_contain_text("запізнення")
    expect(page.locator("#asked tbody tr", has_text="POL")).to_contain_text("подано із запізненням")
    assert barriers(page) == []
    page.goto(f"/campaigns/{CODE}/")
    page.get_by_role("link", name=re.compile("Нагадати")).click()
    expect(page.locator("textarea")).to_have_value(re.compile("КП «Пізно»"))
    page.locator("input[type=email]").fill("tetiana@light.example")
    assert barriers(page) == []
    page.get_by_role("button", name="Надіслати").click()
    expect(page.locator("#letters")).to_contain_text("КП «Пізно»")
    page.goto(f"/campaigns/{CODE}/remind/?owner=LATE")
    page.locator("input[type=email]").fill("tetiana@light.example")
    page.get_by_role("button", name="Надіслати").click()
    expect(page.get_by_role("alert")).to_contain_text("менш ніж добу")


def a_discrepancy_is_settled(page: Page) -> None:
    page.goto(f"/campaigns/{CODE}/discrepancies/")
    assert barriers(page) == []
    first = page.locator("#found tbody tr a.code").first
    first.click()
    expect(page.locator("#said")).to_contain_text("KP.csv")
    assert barriers(page) == []
    page.get_by_label("Прийняти як є").check()
    page.fill("#document", "лист № 7 від 03.02.2025")
    page.locator("#file").set_input_files(
        {"name": "лист.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 letter"}
    )
    page.locator("#settle button").click()
    expect(page.locator("#steps")).to_contain_text("лист.pdf")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Владнано")


def the_act_is_prepared_and_looked_at(page: Page) -> None:
    page.goto(f"/campaigns/{CODE}/documents/")
    page.locator("#prepare button").click()
    act = page.get_by_role("link", name="Акт інвентаризації", exact=True)
    expect(act).to_be_visible(timeout=60_000)
    assert barriers(page) == []
    act.click()
    frame = page.locator("iframe")
    expect(frame).to_be_visible()
    seen = page.request.get(str(frame.get_attribute("src")))
    assert seen.body().startswith(b"%PDF-")
    assert seen.headers["content-disposition"].startswith("inline")


def the_chair_has_signed(page: Page) -> None:
    page.goto(f"/campaigns/{CODE}/documents/")
    page.locator("#commission").get_by_role("button", name=re.compile("Підписано")).click()
    expect(page.locator("#commission")).to_contain_text("підписано")


def frozen_for_good(page: Page) -> dict[str, str]:
    page.locator("#freeze a").click()
    assert barriers(page) == []
    page.fill("#why", "Акт № 4 від 01.03.2025")
    page.locator("input[name=sure]").check()
    page.locator("form .btn.grave").click()
    expect(page.locator(".frozen")).to_contain_text("Акт № 4")
    expect(page.locator("#prepare")).to_have_count(0)
    page.get_by_role("link", name="Звірити з хешами").click()
    states = page.locator("#hashes tbody tr td")
    expect(states.first).to_be_visible()
    assert {text.strip() for text in states.all_inner_texts()} == {"без змін"}
    return {
        str(one.locator("a.btn").get_attribute("href")): one.locator(".hash").inner_text().split()[-1]
        for one in page.locator(".document").all()
    }


def what_comes_down_has_these_hashes(page: Page, hashes: dict[str, str]) -> None:
    assert len(hashes) >= 7  # two owners' lists and statements, protocol, act, workbook
    with page.expect_download() as coming:
        page.locator(".document a.btn").first.click()
    first = next(iter(hashes))
    assert hashlib.sha256(Path(coming.value.path()).read_bytes()).hexdigest() == hashes[first]
    for address, expected in hashes.items():
        assert hashlib.sha256(page.request.get(address).body()).hexdigest() == expected
