"""Fetching from typed addresses: a real server on this machine, resolvers that lie, redirects that lead inside."""

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from oblik.base import addresses
from oblik.base.errors import InvalidInput
from oblik.net.fetching import fetch

PUBLIC = "93.184.216.34"


class Town(BaseHTTPRequestHandler):
    """What different paths answer."""

    asked: list[tuple[str, str]] = []

    def do_GET(self) -> None:
        self.asked.append((self.headers["Host"], self.path))
        places = {
            "/inside": "http://169.254.169.254/latest/",
            "/file": "file:///etc/passwd",
            "/loop": "/loop",
            "/on": "/style",
        }
        if self.path in places:
            self.send_response(302)
            self.send_header("Location", places[self.path])
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        try:
            for _ in range({"/large": 4_000, "/slow": 40}.get(self.path, 1)):
                self.wfile.write(b"{}" * (1_000 if self.path == "/large" else 1))
                if self.path == "/slow":
                    self.wfile.flush()
                    time.sleep(0.05)
        except OSError:
            pass  # hung up on us, as it should

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def town() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Town)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://camera.example:{server.server_port}"
    server.shutdown()


@pytest.fixture
def open_here(monkeypatch) -> None:
    """A purpose that may open this very machine, so that a server of the test can stand for the world."""
    here = replace(addresses.POLICIES["camera"], nets=frozenset({"loopback"}), most_bytes=100_000, timeout_s=1.0)
    monkeypatch.setitem(addresses.POLICIES, "here", here)


def here(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def test_what_stands_there_is_fetched_under_the_typed_name(town, open_here):
    Town.asked.clear()
    found = fetch(f"{town}/style?x=1", purpose="here", resolver=here)
    assert (found.status, found.media_type, found.body) == (200, "application/json", b"{}")
    assert Town.asked == [(town.removeprefix("http://"), "/style?x=1")]
    assert fetch(f"{town}/on", purpose="here", resolver=here).address == f"{town}/style"


def test_a_name_that_leads_to_this_machine_is_never_asked(town):
    Town.asked.clear()
    for answers in (["127.0.0.1"], ["::1"], [PUBLIC, "127.0.0.1"], ["::ffff:127.0.0.1"], ["169.254.169.254"], []):
        with pytest.raises(InvalidInput):
            fetch(f"{town}/style", purpose="camera", resolver=lambda host, port, said=answers: said)
    assert not Town.asked


def test_a_resolver_that_changes_its_mind_is_asked_once(town, open_here):
    """DNS rebinding: allowed at the check, another address at the connection."""
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    assert fetch(f"{town}/style", purpose="here", resolver=lambda host, port: next(answers)).status == 200
    assert next(answers) == ["169.254.169.254"]  # nobody asked a second time


@pytest.mark.parametrize("path", ["/inside", "/file", "/loop"])
def test_redirects_are_judged_like_typed_addresses(town, open_here, path):
    Town.asked.clear()
    with pytest.raises(InvalidInput):
        fetch(town + path, purpose="here", resolver=here)
    assert len(Town.asked) == (4 if path == "/loop" else 1)


def test_too_much_and_too_slow_end_early(town, open_here):
    with pytest.raises(InvalidInput, match="100000 bytes"):
        fetch(f"{town}/large", purpose="here", resolver=here)
    began = time.monotonic()
    with pytest.raises(InvalidInput):
        fetch(f"{town}/slow", purpose="here", resolver=here)
    assert time.monotonic() - began < 2


def test_nobody_at_home_is_a_sentence(open_here):
    with pytest.raises(InvalidInput, match=r"camera\.example"):
        fetch("http://camera.example:9/", purpose="here", resolver=here)
    with pytest.raises(InvalidInput):
        fetch("http://no-such-host.invalid/", purpose="camera")
