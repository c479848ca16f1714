"""Our own server and a real browser before it, which is told nothing but the address."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
BUILT = Path(__file__).parents[2] / "src/oblik/web/ui/static/built/app.js"
FLAGS = ("--no-sandbox", "--disable-background-networking", "--disable-component-update", "--no-first-run")


def require_built_pages() -> None:
    if not BUILT.is_file():
        pytest.fail("the pages are not built; run `make setup`")
    if not AXE.is_file():
        pytest.fail("axe-core is not installed; run `make dev`")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def served(installation: Any, **env: str) -> Iterator[int]:
    """`oblik serve` of an installation on a port of its own; env: settings besides."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("oblik")), "serve", "--port", str(port)]
    server = subprocess.Popen(
        command, env=installation.env | env, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
        yield port
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # granian answers from processes of its own
        server.wait(timeout=20)


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(150):
        assert server.poll() is None, "the server stopped"
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    pytest.fail("the server did not answer in 30 s")


def is_complaint(kind: str, said: str) -> bool:
    return kind == "error" and "the server responded with a status of 4" not in said


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """A page of 1280 by 900; what it asks of another host, and what it complains of, fails the story."""
    asked: list[str] = []
    complaints: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.on("request", lambda request: asked.append(request.url))
        # A page that says 400 or 404 is an answer, though browsers call it a failure.
        page.on("console", lambda said: complaints.append(said.text) if is_complaint(said.type, said.text) else None)
        page.on("pageerror", lambda wrong: complaints.append(str(wrong)))
        yield page
        browser.close()
    # The browser's own viewer of PDF is made of pages of its own.
    ours = (address, "blob:", "data:", "chrome-extension:", "chrome:")
    assert [url for url in asked if not url.startswith(ours)] == []
    assert complaints == []


def barriers(page: Page) -> list[str]:
    """What axe-core, the accessibility engine, finds serious on the page as it stands."""
    page.evaluate(f"{AXE.read_text(encoding='utf-8')};0")
    said = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{page.url}: {one['id']} at {one['nodes'][0]['target']}: {one['nodes'][0]['failureSummary']}"
        for one in said["violations"]
        if one["impact"] in ("serious", "critical")
    ]
