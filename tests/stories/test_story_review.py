"""A reviewer settles doubtful pairs by the keyboard alone, takes one answer back, and the count agrees."""

import re
import statistics
import time

import pytest
from playwright.sync_api import Page, expect
from tests.kit.browser import CHROMIUM, barriers, opened, require_built_pages, served
from tests.kit.console import ok, ok_json
from tests.kit.doubts import write_doubts

PASSWORD = "sorok-dvi-kamery-na-opori"
DOUBTS = 10  # as many as the model asks in a small town
KEYS = "sd1uns2s"  # one of them leaves a question for later

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.fixture
def town(installation, tmp_path):
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    ok(installation, "owner", "add", "POL", "--name", "Поліція", "--kind", "state")
    ok(installation, "campaign", "open", "C1", "--name", "Перша", "--from", "2025-01-01", "--until", "2025-12-31")
    sure, doubts = write_doubts(tmp_path, count=DOUBTS)
    ok(installation, "intake", "add", str(sure), "--owner", "KP", "--campaign", "C1")
    ok(installation, "intake", "add", str(doubts), "--owner", "POL", "--campaign", "C1")
    ok(installation, "match", "run", "--campaign", "C1")
    return installation


def left(page: Page) -> int:
    return int(page.locator("#review-progress [data-left]").inner_text())


def on_screen(page: Page) -> str:
    return page.locator("form.review-question").get_attribute("data-record") or ""


def press(page: Page, key: str) -> float:
    """Milliseconds from the key to the next question."""
    before = on_screen(page)
    start = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function(
        "was => (document.querySelector('form.review-question')?.dataset.record ?? was) !== was", arg=before
    )
    return (time.perf_counter() - start) * 1000


def settle(page: Page) -> list[float]:
    """Answers one question with each key; milliseconds from each key to the next question."""
    page.wait_for_timeout(300)  # the first two questions are fetched while a person reads
    return [press(page, key) for key in KEYS]


def waiting_by_console(town) -> int:
    return ok_json(town, "campaign", "show", "C1")["waiting"]


@pytest.mark.slow
def test_a_reviewer_settles_pairs_by_keyboard(town):
    with served(town) as port, opened(f"http://127.0.0.1:{port}") as page:
        page.goto("/sign-in/?next=/review/")
        page.fill("#id_username", "olena")
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("form.review-question")).to_be_visible()
        assert left(page) == DOUBTS
        assert barriers(page) == []
        page.keyboard.press("?")
        expect(page.locator("#review-help")).to_be_visible()
        page.keyboard.press("Escape")

        took = settle(page)
        answered = len(KEYS.replace("n", ""))
        expect(page.locator("#review-progress [data-left]")).to_have_text(str(DOUBTS - answered))
        expect(page.locator("#review-progress [data-mine]")).to_have_text(str(answered))
        assert waiting_by_console(town) == DOUBTS - len(re.sub("[nu]", "", KEYS))

        page.keyboard.press("w")
        page.keyboard.type("bolted to the wall: s, d, z")
        page.keyboard.press("Escape")
        last = on_screen(page)
        press(page, "s")
        press(page, "z")
        assert on_screen(page) == last
        expect(page.locator("#review-progress [data-left]")).to_have_text(str(DOUBTS - answered))
        assert waiting_by_console(town) == DOUBTS - len(re.sub("[nu]", "", KEYS))
        press(page, "1")
        expect(page.locator("#review-progress [data-mine]")).to_have_text(str(answered + 1))
        ok(town, "check-data")

        page.goto("/review/decided/?mine=1")
        expect(page.locator("#answers tbody tr")).to_have_count(answered + 1)
        assert barriers(page) == []
    pace = 60_000 / statistics.mean(took)
    print(f"\n{pace:.0f} decisions a minute, key to next question: median {statistics.median(took):.0f} ms")
    assert pace > 20
