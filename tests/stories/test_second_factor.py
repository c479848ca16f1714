"""Somebody is invited, chooses a password, sets up an app and a key, signs in with each; the policy stays strict."""

import re
import struct
import time
from base64 import b32decode
from hashlib import sha1
from hmac import digest

import pytest
from playwright.sync_api import Page, expect
from tests.kit.browser import CHROMIUM, barriers, opened, require_built_pages, served
from tests.kit.console import ok

PASSWORD = "sorok-dvi-kamery-na-opori"
CHOSEN = "troie-kotiv-na-pidvikonni"

pytestmark = [
    pytest.mark.story,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


def test_a_second_factor(installation) -> None:
    require_built_pages()
    ok(installation, "init", "--admin", "olena", "--password", PASSWORD)
    ok(installation, "owner", "add", "KP", "--name", "КП «Світло»", "--kind", "enterprise")
    # Browsers allow keys on plain http only where the name is localhost.
    with served(installation) as port, opened(f"http://localhost:{port}") as page:
        link = an_administrator_invites(page)
        the_invited_choose_a_password(page, link)
        secret = an_app_is_set_up(page)
        a_key_is_added(page)
        both_open_the_account(page, secret)
        every_page_can_be_used_by_all(page)


def an_administrator_invites(page: Page) -> str:
    page.goto("/people/")
    sign_in(page, "olena", PASSWORD)
    expect(page.locator(".factor-note")).to_be_visible()  # administrators may see secrets
    page.locator("a[href='/people/invite/']").click()
    page.fill("#username", "ihor")
    page.fill("#name", "Ігор Слідчий")
    page.select_option("#role", "investigator")
    page.locator("#content form button.btn-primary").click()
    link = page.locator("#invitation-link").inner_text()
    assert re.fullmatch(rf"{re.escape(page.url.partition('/people')[0])}/invitation/[\w-]{{43}}/", link)
    page.goto("/people/")
    expect(page.locator("#people")).to_contain_text("Ігор Слідчий")
    sign_out(page)
    return link


def the_invited_choose_a_password(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("#password1", "password12345")
    page.fill("#password2", "password12345")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()  # a known password
    page.fill("#password1", CHOSEN)
    page.fill("#password2", CHOSEN)
    page.keyboard.press("Enter")
    page.locator("a.btn[href='/sign-in/']").click()
    sign_in(page, "ihor", CHOSEN)
    expect(page.locator(".factor-note")).to_be_visible()


def an_app_is_set_up(page: Page) -> str:
    page.locator(".factor-note a").click()
    page.locator("a[href$='/app/']").click()
    page.locator("summary").click()
    secret = page.locator("#totp-secret").inner_text()
    page.fill("#id_code", code(secret))
    page.keyboard.press("Enter")
    expect(page.locator("#recovery-codes li")).to_have_count(10)
    page.reload()
    expect(page.locator("#recovery-codes")).to_have_count(0)  # shown once
    expect(page.locator(".factor-note")).to_have_count(0)
    return secret


def a_key_is_added(page: Page) -> None:
    """A key that Chromium plays: created and asked by the real interface, signed with a real key pair."""
    player = page.context.new_cdp_session(page)
    player.send("WebAuthn.enable")
    player.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}},
    )
    page.goto("/me/second-factor/keys/add/")
    page.fill("#id_name", "синій ключ")
    page.locator("[data-key=add]").click()
    expect(page.locator(".key-line")).to_contain_text("синій ключ")


def both_open_the_account(page: Page, secret: str) -> None:
    sign_out(page)
    sign_in(page, "ihor", CHOSEN)
    page.goto("/cameras/")
    expect(page).to_have_url(re.compile("/sign-in/"))  # half a sign-in opens nothing
    page.goto("/sign-in/code/")
    page.fill("#id_code", "000000")
    page.keyboard.press("Enter")
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("[data-key=use]").click()
    expect(page.locator("#person")).to_be_visible()
    page.goto("/me/")
    expect(page.locator("#factor .badge.bg-green-lt")).to_be_visible()
    expect(page.locator("#sessions tbody tr").first).to_contain_text("Chrome")
    sign_out(page)
    sign_in(page, "ihor", CHOSEN)
    page.fill("#id_code", code(secret, ahead=1))  # the present one may have been used for setting up
    page.keyboard.press("Enter")
    expect(page.locator("#person")).to_be_visible()


def every_page_can_be_used_by_all(page: Page) -> None:
    found = []
    mine = (
        "/me/",
        "/me/second-factor/",
        "/me/second-factor/keys/add/",
        "/me/second-factor/codes/new/",
        "/me/password/",
    )
    found += barriers_in_both_lights(page, mine)
    sign_out(page)
    found += barriers_in_both_lights(page, ("/sign-in/", "/password/lost/", "/invitation/none/"))
    page.goto("/sign-in/")
    sign_in(page, "olena", PASSWORD)
    hers = ("/people/", "/people/invite/", "/people/ihor/", "/people/olena/", "/me/second-factor/app/")
    found += barriers_in_both_lights(page, hers)
    assert found == []
    page.set_viewport_size({"width": 360, "height": 740})
    for place in (*mine, *hers):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth") == 360, f"{place} is wider than a phone"


def barriers_in_both_lights(page: Page, places: tuple[str, ...]) -> list[str]:
    found = []
    for look in ("light", "dark"):
        page.context.add_cookies([{"name": "theme", "value": look, "url": page.url}])
        for place in places:
            page.goto(place)
            found += [f"{look} {said}" for said in barriers(page)]
    return found


def code(secret: str, *, ahead: int = 0) -> str:
    """What an authenticator app shows now, or `ahead` half minutes later (RFC 6238)."""
    told = digest(b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + ahead), sha1)
    start = told[-1] & 15
    return f"{(struct.unpack('>I', told[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(page: Page, name: str, password: str) -> None:
    page.fill("#id_username", name)
    page.fill("#id_password", password)
    page.keyboard.press("Enter")
    expect(page.locator("#id_password")).to_have_count(0)


def sign_out(page: Page) -> None:
    if page.locator("#person").count() == 0:
        page.goto("/me/")
    page.locator("#person").click()
    page.locator("#sign-out").click()
    expect(page).to_have_url(re.compile(r"/sign-in/$"))
