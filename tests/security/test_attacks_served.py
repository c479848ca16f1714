"""Attacks on the running program, as bytes on its line and in a real browser; docs/guide/security.md tells of them."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.security.conftest import Served
from tests.web.conftest import PASSWORD

CHROMIUM = Path("/usr/bin/chromium")


def test_hosts_that_are_not_ours(served: Served):
    for host in (
        "evil.example",
        "evil.example:80",
        f"127.0.0.1:{served.port}@evil.example",
        "127.0.0.1.evil.example",
        "",
    ):
        said = served.raw(f"GET /sign-in/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 400"), host
        assert b"evil.example" not in said.lower()
    twice = "GET /cameras/ HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert b"evil.example" not in served.raw(twice.encode()).lower()
    forwarded = (
        "GET /cameras/ HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-Host: evil.example\r\nConnection: close\r\n\r\n"
    )
    said = served.raw(forwarded.encode())
    assert said.startswith(b"HTTP/1.1 302")
    assert b"evil.example" not in said.lower()


def test_two_requests_in_the_clothes_of_one(served: Served):
    """Request smuggling: a body whose length is told in two ways is refused, never read in two ways."""
    hidden = b"GET /no-such-page HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    for lengths in (
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", b"Content-Length: 5\r\nContent-Length: 60\r\n",
        b"Transfer-Encoding: chunked, identity\r\n", b"Transfer-Encoding: xchunked\r\n", b"Content-Length: +5\r\n",
        b"Content-Length: -1\r\n",
    ):  # fmt: skip
        said = served.raw(
            b"POST /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + lengths + b"\r\n0\r\n\r\n" + hidden, timeout_s=2
        )
        answers = re.findall(rb"HTTP/1.1 (\d{3})", said)
        refused = not answers or answers[0] == b"400"
        # hyper follows RFC 9112, 6.3: with both told, chunked counts and the connection is ours to close.
        assert refused or b"200" not in answers, (lengths, answers)


def test_lines_smuggled_into_headers(served: Served):
    for target in (
        "/sign-in/?next=%0d%0aX-Evil:%201",
        "/cameras/%0d%0aX-Evil:%201/",
        "/%0aX-Evil:1",
        "/static/%0d%0aX-Evil:1",
    ):
        said = served.raw(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        head = said.partition(b"\r\n\r\n")[0]
        assert not re.search(rb"^x-evil:", head, re.IGNORECASE | re.MULTILINE), target


def test_lines_smuggled_into_the_log(served: Served):
    for target in ("/x%0d%0aERROR%20root%20signed%20in/", "/x%1b[2J/", "/cameras/?text=%0aERROR"):
        served.raw(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
    served.raw(b"GET / HTTP/1.1\r\nHost: evil\x1b[2Jexample\r\nConnection: close\r\n\r\n")
    written = served.log.read_bytes()
    assert not re.search(rb"(?m)^ERROR", written)
    assert b"\x1b[2J" not in written


def test_the_server_says_what_it_is_to_nobody(served: Served):
    said = served.raw(b"GET /sign-in/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    head = said.partition(b"\r\n\r\n")[0].lower()
    assert not re.search(rb"granian/|python|django|wsgi|x-powered-by", head)


def test_lists_of_folders_and_forgotten_files(served: Served):
    for target in (
        "/static/",
        "/static/built/",
        "/.git/config",
        "/.env",
        "/oblik.sqlite3",
        "/secret.key",
        "/admin/",
        "/files/",
    ):
        said = served.raw(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert said.startswith(b"HTTP/1.1 404"), target


def test_raw_paths_that_climb(served: Served):
    climbs = (
        "/static/../../../../etc/passwd", "/static/..%2f..%2f..%2fetc/passwd", "/../etc/passwd", "//etc/passwd",
        "/static/built/..%5c..%5c..%5cetc%5cpasswd", "http://evil.example/cameras/", "*",
    )  # fmt: skip
    for target in climbs:
        said = served.raw(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
        assert b"root:" not in said, target
        assert re.match(rb"HTTP/1.1 (301|302|400|404)", said), (target, said[:60])


def test_only_their_owner_reads_our_files(served: Served):
    assert served.data.stat().st_mode & 0o077 == 0
    assert (served.data / "secret.key").stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def browser() -> Browser:
    if not CHROMIUM.exists():
        pytest.skip("Debian's chromium is not installed")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def page(browser, served) -> Page:
    """Signed in at the town of hostile lists."""
    opened = browser.new_context(base_url=served.address).new_page()
    opened.goto("/sign-in/")
    opened.fill("input[name=username]", "root1")
    opened.fill("input[name=password]", PASSWORD)
    opened.press("input[name=password]", "Enter")
    opened.wait_for_url(re.compile(r"/campaigns/"))
    return opened


def pages_of_the_desk(page: Page) -> list[str]:
    """Every address that links lead to from the first page, one per form of address."""
    seen: dict[str, str] = {}
    waiting = ["/", "/cameras/", "/map/", "/documents/", "/campaigns/C1/rows/?in_all=1"]
    while waiting and len(seen) < 40:
        address = waiting.pop(0)
        form = re.sub(r"[\w%.-]*\d[\w%.-]*", "1", address.partition("?")[0]) + str(
            sorted(re.findall(r"[?&](\w+)=", address))
        )
        if form in seen or "sign-out" in address or address.endswith((".pdf", ".xlsx")):
            continue
        seen[form] = address
        page.goto(address)
        waiting += page.eval_on_selector_all("a[href^='/']", "links => links.map(link => link.getAttribute('href'))")
    return list(seen.values())


@pytest.mark.story
def test_scripts_in_the_cells_of_lists(page: Page, served: Served):
    """Stored XSS: names, addresses, owners and campaigns full of scripts, on each page, in a real browser."""
    wrong: list[str] = []
    page.on("dialog", lambda dialog: (wrong.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        # The browser's own viewer of PDF is made of pages of its own.
        lambda asked: (
            wrong.append(asked.url)
            if not asked.url.startswith((served.address, "data:", "blob:", "chrome-extension:", "chrome:"))
            else None
        ),
    )
    page.on("console", lambda said: wrong.append(said.text) if "Content Security Policy" in said.text else None)
    addresses = pages_of_the_desk(page)
    assert len(addresses) >= 12
    shown = 0
    for address in addresses:
        page.goto(address)
        page.wait_for_load_state()
        assert page.evaluate("window.__hit") is None, address
        assert page.evaluate("document.querySelectorAll('[onerror],[onload],[onclick],img[src=x]').length") == 0, (
            address
        )
        shown += "window.__hit" in page.content()
    assert shown >= 5  # the scripts are there to be read
    assert not wrong, wrong


@pytest.mark.story
def test_a_page_inside_anothers_frame(page: Page, browser: Browser, served: Served):
    """Clickjacking: another site shows ours in a frame."""
    framed = f"<iframe src='{served.address}/sign-in/'></iframe>".encode()

    class Elsewhere(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(framed)

        def log_message(self, *args: object) -> None:
            pass

    site = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    other = browser.new_context().new_page()
    other.goto(f"http://127.0.0.1:{site.server_port}/")
    site.shutdown()
    assert other.frames[1].url.startswith("chrome-error:")
    assert other.frame_locator("iframe").locator("input[name=username]").count() == 0


@pytest.mark.story
def test_what_a_script_could_take_away(page: Page):
    """Were a script to run after all: it reads no session, and may send nothing to another host."""
    page.goto("/cameras/")
    assert "session" not in page.evaluate("document.cookie")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    assert page.evaluate("fetch('http://evil.example/').then(() => 'sent', () => 'stopped')") == "stopped"
    page.evaluate(
        "const one = document.createElement('script'); one.text = 'window.__inline = 1'; document.body.append(one)"
    )
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<b onclick=window.__inline=1 id=trap>x</b>'); trap.click()"
    )
    assert page.evaluate("window.__inline") is None
    assert sum("Content Security Policy" in text for text in said) >= 2
