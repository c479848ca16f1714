"""A clerk hands in a messy workbook, puts a column right, looks at the doubtful cells, and accepts."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect, sync_playwright
from tests.kit.console import ok
from tests.stories.test_first_look import AXE, CHROMIUM, FLAGS, wait_for

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
HEADER = ("№ з/п", "Що це", "Місце встановлення", "Шир.", "Довг.", "Куди дивиться", "Висота", "Пароль")


def messy_workbook(path: Path) -> Path:
    """Titles above, a merged heading, a column whose name says nothing, odd cells, a sum and a signature below."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Камери"
    sheet.append(["ПЕРЕЛІК КАМЕР СПОСТЕРЕЖЕННЯ"])
    sheet.append(["станом на 01.03.2025"])
    sheet.merge_cells("A1:H1")
    sheet.append([])
    sheet.append(list(HEADER))
    for n in range(24):
        sheet.append(
            [n + 1, f"Щит-{n:03d}/К", f"вул. Садова, {n + 1}", f"49,{100 + n}", f"34,{200 + n}", "на північ", "4 м",
             f"tajna-{n}"]
        )  # fmt: skip
    sheet["D8"], sheet["E8"] = "десь тут", "не знаю"  # no coordinates
    sheet["F9"] = "вбік"
    sheet["G10"] = "400 м"
    sheet["C12"] = sheet["D12"] = sheet["E12"] = sheet["B12"] = None  # nothing that finds the camera
    sheet.append(["Всього:", None, 24])
    sheet.append([])
    sheet.append(["Склав: ____________"])
    book.create_sheet("Довідка").append(["Телефон", "відділ"])
    book.save(path)
    return path


@pytest.fixture
def address(installation, tmp_path) -> Iterator[str]:
    ok(installation, "init")
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    told = ok(installation, "person", "add", "petro", "--role", "clerk", "--owner", "KP")
    (tmp_path / "password").write_text(told.split()[-1])
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
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
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(timeout=20)


@pytest.fixture
def page(address) -> Iterator[Page]:
    complaints: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900}, accept_downloads=True)
        shown = context.new_page()
        shown.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        shown.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        yield shown
        browser.close()
    assert complaints == []


def test_a_messy_list_is_handed_in(page: Page, tmp_path: Path) -> None:
    page.goto("/lists/")
    page.fill("#id_username", "petro")
    page.fill("#id_password", (tmp_path / "password").read_text())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/campaigns/C1/lists/$"))
    nobody_is_shut_out(page)
    the_file_is_looked_at(page, messy_workbook(tmp_path / "Камери 2025 остаточний.xlsx"))
    a_column_is_put_right(page)
    the_list_is_read(page)
    doubtful_cells_are_marked(page, tmp_path)
    it_is_accepted_and_found_again(page)


def nobody_is_shut_out(page: Page) -> None:
    found = page.evaluate(AXE.read_text(encoding="utf-8") + "; axe.run().then(r => r.violations)")
    assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []


def the_file_is_looked_at(page: Page, path: Path) -> None:
    expect(page.locator("#owner")).to_have_count(0)  # a clerk hands in for the own organisation
    page.set_input_files("#file", path)
    expect(page).to_have_url(re.compile(r"/lists/desk/1/$"), timeout=20_000)
    expect(page.locator("#understood")).to_be_visible(timeout=20_000)
    rows = page.locator(".understood-table tbody tr")
    expect(rows.nth(0)).to_have_class(re.compile("left-out"))  # the title
    expect(page.locator("#header-row option").first).to_contain_text("4")
    expect(page.locator(".understood-table tbody")).not_to_contain_text("tajna")
    nobody_is_shut_out(page)


def a_column_is_put_right(page: Page) -> None:
    head = page.locator("th.column-head", has_text="Що це")
    head.locator("select").select_option("inventory_number")
    expect(page.locator("th.column-head", has_text="Що це").locator(".badge")).to_have_text(
        "вибрано вами", timeout=10_000
    )


def the_list_is_read(page: Page) -> None:
    page.get_by_role("button", name="Прочитати список").click()
    expect(page).to_have_url(re.compile(r"/lists/1/$"))
    expect(page.locator(".verdicts")).to_be_visible(timeout=20_000)


def doubtful_cells_are_marked(page: Page, tmp_path: Path) -> None:
    expect(page.locator(".verdict-broken .value")).to_have_text("1")
    page.locator(".verdict-doubtful").click()
    expect(page.locator("td.marked-doubt", has_text="десь тут")).to_have_count(1)
    expect(page.locator(".said-list").first).to_contain_text("координат")
    nobody_is_shut_out(page)
    with page.expect_download() as coming:
        page.locator("#rows .card-header a.btn").click()
    text = Path(coming.value.path()).read_text(encoding="utf-8-sig")
    assert "десь тут" in text
    assert "tajna" not in text


def it_is_accepted_and_found_again(page: Page) -> None:
    page.get_by_role("button", name="Прийняти список").click()
    expect(page.locator(".page-title .badge")).to_have_text("прийнято")
    page.goto("/lists/")
    expect(page.locator("#lists tbody tr")).to_have_count(1)
    page.get_by_role("link", name="Камери 2025 остаточний.xlsx").click()
    page.get_by_role("button", name="Забрати прийняття назад").click()
    expect(page.locator(".page-title .badge")).to_have_text("очікує прийняття")
