"""An auditor opens the journal, follows what is unusual to its entries, takes a proof home and shows it holds."""

import json
import subprocess
import sys

import pytest
from playwright.sync_api import Page, expect
from tests.journal.test_journal_proofs import script
from tests.kit.console import ok
from tests.stories.test_first_look import AXE, address, built, page, pytestmark  # noqa: F401  # fixtures

PLACES = ("/audit/", "/audit/?by=nobody", "/audit/unusual/", "/audit/2/")


@pytest.mark.slow
def test_an_auditor_reads_proves_and_exports(installation, address, page: Page, tmp_path):  # noqa: F811  # fixtures
    told = ok(installation, "person", "add", "vira", "--role", "auditor")
    page.goto("/sign-in/")
    page.fill("#id_username", "vira")
    page.fill("#id_password", told.split()[-1])
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_be_visible()
    page.goto("/audit/")
    expect(page.locator("#entries tbody tr").first).to_be_visible()
    page.locator("#audit-subject").fill("campaign:C1")
    page.locator("#audit-what").select_option("matched")
    page.locator("form[role=search] button").click()
    expect(page.locator("#entries tbody tr")).to_have_count(1)
    page.locator("#entries tbody a").click()
    with page.expect_download() as download:
        page.locator("a[href$='proof.json']").click()
    proof = tmp_path / "proof.json"
    download.value.save_as(proof)
    assert json.loads(proof.read_text("utf-8"))["entry"]["what"] == "matched"
    (tmp_path / "verify.py").write_text(script(), encoding="utf-8")
    key = ok(installation, "journal", "key").strip()
    command = [sys.executable, tmp_path / "verify.py", proof, key]
    assert "holds" in subprocess.run(command, capture_output=True, text=True, check=True).stdout
    page.goto("/audit/")
    with page.expect_download() as download:
        page.locator("form[action$='journal.csv'] button").click()
    assert "campaign:C1" in download.value.path().read_text("utf-8-sig")
    page.goto("/audit/?what=exported")
    expect(page.locator("#entries tbody tr")).to_have_count(1)
    nobody_is_shut_out(page)


def nobody_is_shut_out(page: Page) -> None:  # noqa: F811  # a parameter, not the fixture
    """No page is wider than a phone, and axe-core finds nothing serious in either light."""
    engine, found = AXE.read_text(encoding="utf-8"), []
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        for place in PLACES:
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(place)
                assert page.evaluate("document.documentElement.scrollWidth") == width, f"{place} at {width}"
            page.evaluate(f"{engine};0")
            said = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            found += [
                f"{look} {place}: {one['id']} at {one['nodes'][0]['target']}"
                for one in said["violations"]
                if one["impact"] in ("serious", "critical")
            ]
    assert found == []
