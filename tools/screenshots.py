"""Takes pictures of every screen, in three languages and two widths, of the demo city in a real browser.

Usage: .venv/bin/python -m tools.screenshots [--only PART] [--languages uk,en,ru] [--widths 1280,360] [--guide]
[--again]
Pictures go to var/screenshots/, the city is kept beside them in var/screenshots/data; --again makes it anew. --guide
draws the few pictures of docs/guide/pictures instead. Ends with 1 where a screen failed: an error of the server or of a
script, a page wider than its window, something that never came.
"""

import argparse
import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Geolocation, Page, sync_playwright
from playwright.sync_api import Error as BrowserError
from tests.kit.browser import CHROMIUM, FLAGS, is_complaint, require_built_pages, served
from tools.demo_dress import WALKER, dressed, run
from tools.guide_pictures import take_guide
from tools.screens import SCREENS, Screen

ROOT: Final = Path(__file__).resolve().parent.parent
FOLDER: Final = ROOT / "var" / "screenshots"
LANGUAGES: Final = ("uk", "en", "ru")
HEIGHTS: Final = {1280: 900, 360: 740}
DRAWS: Final = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")  # the map, without a graphics card
WAIT_MS: Final = 20_000
START: Final[Geolocation] = {"longitude": 34.283, "latitude": 49.045, "accuracy": 8}


def main() -> int:
    """0 when every screen came out."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", default="", help="screens whose name holds this")
    options.add_argument("--languages", default=",".join(LANGUAGES))
    options.add_argument("--widths", default=",".join(map(str, HEIGHTS)))
    options.add_argument("--guide", action="store_true", help="the pictures of docs/guide alone")
    options.add_argument("--again", action="store_true", help="make the demo city anew")
    given = options.parse_args()
    require_built_pages()
    data = FOLDER / "data"
    if given.again:
        shutil.rmtree(data, ignore_errors=True)
    told = dressed(data)
    run(data, "person", "second-factor", "admin", "--why", "new pictures", heard=False)  # there may be none
    wanted = list(takes(given.only, given.languages.split(","), [int(one) for one in given.widths.split(",")]))
    folder = SimpleNamespace(env=os.environ | {"OBLIK_DATA": str(data)})
    with served(folder, OBLIK_LIMITS="0") as port, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *DRAWS])
        walk = Walk(browser, f"http://localhost:{port}", told)
        return take_guide(walk, only=given.only) if given.guide else walk.take(wanted)


def takes(only: str, languages: list[str], widths: list[int]) -> Iterator[tuple[str, str, int, str, Screen]]:
    """(who, language, width, theme, screen) of every picture; the dark ones in the first language alone."""
    chosen = [screen for screen in SCREENS if only in screen.name]
    for who, screens in groupby(sorted(chosen, key=lambda screen: screen.who), key=lambda screen: screen.who):
        named = list(screens)
        for width in widths:
            for language in languages:
                yield from ((who, language, width, "light", screen) for screen in named)
            yield from ((who, languages[0], width, "dark", screen) for screen in named if screen.dark)


class Walk:
    """A browser that goes from screen to screen, as one person after the other."""

    def __init__(self, browser: Browser, address: str, told: dict[str, str]) -> None:
        self.browser, self.address, self.told = browser, address, told
        self.signed_in: dict[str, Any] = {}
        self.failed: list[str] = []

    def take(self, wanted: list[tuple[str, str, int, str, Screen]]) -> int:
        """Takes all pictures that are wanted and says how it went; 0 when all came out."""
        began, written = time.monotonic(), 0
        for view, of_view in groupby(enumerate(wanted, 1), key=lambda one: one[1][:4]):
            who, language, width, theme = view
            with self.opened(who, language=language, width=width, theme=theme) as page:
                for n, (*_view, screen) in of_view:
                    name = f"{language}-{width}{'-dark' if theme == 'dark' else ''}/{screen.name}"
                    progress(f"[{n}/{len(wanted)}] {name}")
                    written += self._picture(page, screen, FOLDER / f"{name}.png")
        progress("")
        print(f"{written} pictures in {FOLDER} in {time.monotonic() - began:.0f} s, {len(self.failed)} failed")
        for line in self.failed:
            print(f"  {line}")
        return 1 if self.failed else 0

    def _picture(self, page: Page, screen: Screen, path: Path) -> bool:
        path.parent.mkdir(parents=True, exist_ok=True)
        trouble = self.shown(page, screen)
        try:
            taken(page, path)
        except BrowserError as wrong:
            trouble.append(first_line(wrong))
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if wide > 0:
            trouble.append(f"is {wide} px wider than the window")
        self.failed += [f"{path.relative_to(FOLDER)}: {one}" for one in trouble]
        return path.is_file()

    def shown(self, page: Page, screen: Screen) -> list[str]:
        """Opens a screen until it stands as it is to be taken; what went wrong on the way."""
        complaints: list[str] = []

        def note(said: Any) -> None:
            if is_complaint(said.type, said.text):
                complaints.append(said.text)

        def wrong(error: Any) -> None:
            complaints.append(str(error))

        page.on("console", note)
        page.on("pageerror", wrong)
        try:
            address = screen.address.format(**self.told)
            if not address.startswith("/sign-in/code"):
                page.goto("about:blank")  # an address that differs in its # alone would not be loaded
            answer = page.goto(address)
            if answer is not None and answer.status != screen.status:
                complaints.append(f"answered {answer.status}")
            if screen.ready:
                page.wait_for_selector(screen.ready, state="attached")
            page.wait_for_load_state("load")
            for step in screen.press:
                press(page, step.format(**self.told))
            page.wait_for_timeout(screen.settle_ms or (350 if screen.press else 60))
        except BrowserError as error:
            complaints.append(first_line(error))
        page.remove_listener("console", note)
        page.remove_listener("pageerror", wrong)
        return complaints

    @contextmanager
    def opened(self, who: str, *, language: str, width: int, theme: str, scale: float = 1.0) -> Iterator[Page]:
        """A window of somebody who has signed in, in their language and light."""
        if who and who not in self.signed_in:
            self.signed_in[who] = self._sign_in(who)
        context = self._context(width=width, language=language, scale=scale, storage_state=self.signed_in.get(who))
        cookies = {"django_language": language, "theme": theme}
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.on("dialog", lambda asked: asked.accept())
        yield page
        context.close()

    def _context(
        self, *, width: int, language: str = "", scale: float = 1.0, storage_state: Any = None
    ) -> BrowserContext:
        return self.browser.new_context(
            base_url=self.address, viewport={"width": width, "height": HEIGHTS[width]}, device_scale_factor=scale,
            storage_state=storage_state, permissions=["geolocation"], geolocation=START, has_touch=width < 500,
            locale=language or LANGUAGES[0],
        )  # fmt: skip

    def _sign_in(self, who: str) -> Any:
        """The cookies of somebody signed in; "half" is the administrator before the second factor."""
        from oblik.demo.loading import PASSWORD

        if who == "half" and "admin" not in self.signed_in:
            self.signed_in["admin"] = self._sign_in("admin")
        context = self._context(width=1280)
        page = context.new_page()
        page.set_default_timeout(WAIT_MS)
        page.goto("/sign-in/?next=/field/" if who == WALKER else "/sign-in/")
        page.fill("#id_username", "admin" if who == "half" else who)
        page.fill("#id_password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: not url.rstrip("/").endswith("/sign-in") and "next=" not in url)
        if who == "admin":
            self.told["key"] = add_factor(page)
        state = context.storage_state()
        context.close()
        return state


def press(page: Page, step: str) -> None:
    """One thing done on a page, written as `screens.Screen.press` says."""
    if step.startswith("+"):
        page.keyboard.press(step[1:])
        page.wait_for_timeout(300)
    elif step.startswith("keyboard "):
        page.keyboard.type(step.removeprefix("keyboard "))
    elif step == "redrawn":
        page.evaluate("delete document.querySelector('#map').dataset.drawn")
        page.wait_for_selector("#map[data-drawn]", state="attached")
    elif step.startswith("focus "):
        page.locator(step.removeprefix("focus ")).first.focus()
    elif step.startswith("at "):
        x, y = (float(part) for part in step.split()[1:])
        box = page.locator("#map").bounding_box() or {"width": 0, "height": 0}
        page.locator("#map").click(position={"x": box["width"] * x, "y": box["height"] * y})
    elif not step.startswith("?") or page.locator(step[1:]).first.is_visible():
        page.locator(step.removeprefix("?")).first.click()
        page.wait_for_timeout(300 if step.startswith("?") else 0)


def add_factor(page: Page) -> str:
    """Gives whoever is signed in an app and a key, both real; the number of the key."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    page.goto("/me/second-factor/app/")
    page.locator("summary").first.click()
    secret = page.locator("#totp-secret").inner_text().strip()
    page.fill("#id_code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    page.keyboard.press("Enter")
    page.wait_for_selector("#recovery-codes")
    player = page.context.new_cdp_session(page)
    player.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    player.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.goto("/me/second-factor/keys/add/")
    page.fill("#id_name", "синій ключ")
    page.locator("[data-key=add]").click()
    page.wait_for_selector(".key-line")
    found = re.search(r"/keys/(\d+)/", page.content())
    return found[1] if found else "0"


def taken(page: Page, path: Path) -> None:
    """The page in its whole height; once more where the drawing of a map came in between."""
    try:
        page.screenshot(path=path, full_page=True, animations="disabled")
    except BrowserError:
        page.wait_for_timeout(500)
        page.screenshot(path=path, full_page=True, animations="disabled")


def first_line(wrong: Exception) -> str:
    return str(wrong).strip().partition("\n")[0]


def progress(text: str) -> None:
    """One line that is written over on a terminal; elsewhere every tenth."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif re.match(r"\[\d*[05]/", text):
        print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
