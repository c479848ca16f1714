"""The small register of the page tests, and a whole town of hostile lists served by the real program."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.kit.lists import camera_row, write_csv
from tests.web.conftest import PASSWORD, campaign, clerk, officer, register

__all__ = ["campaign", "clerk", "officer", "register"]

# What somebody may write into a cell in the hope that a page runs it.
SCRIPTS = (
    "<script>window.__hit=1</script>",
    '"><img src=x onerror=window.__hit=1>',
    "'><svg onload=window.__hit=1>",
    "</title></textarea><script>window.__hit=1</script>",
    "javascript:window.__hit=1",
    "{{ 7*7 }}{% debug %}${7*7}",
    "<style>*{background:url(http://evil.example/)}</style>",
    "<a href=//evil.example onclick=window.__hit=1>x</a>",
    "[](){}&lt;script&gt;",
)
FORMULAS = ("=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "\t=1", '=HYPERLINK("http://evil.example")')
_MAKE = """
import sys
from oblik.config.cli import main
import oblik.config.commands.root as root
import os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
import django
django.setup()
for words in eval(sys.argv[1]):
    root.oblik.main(args=words, standalone_mode=False)
"""


@dataclass(frozen=True)
class Served:
    """A running `oblik serve`: its port, its data folder, and where its output goes."""

    port: int
    data: Path
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def raw(self, request: bytes, *, timeout_s: float = 5) -> bytes:
        """The whole answer to bytes sent as they are: what no well-behaved client would send."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout_s) as line:
            line.sendall(request)
            parts = []
            try:
                while part := line.recv(65536):
                    parts.append(part)
            except (TimeoutError, ConnectionResetError):
                pass
        return b"".join(parts)


@pytest.fixture(scope="session")
def served(tmp_path_factory) -> Iterator[Served]:
    """A town whose owners write scripts and formulas into every cell, matched and served by the real program."""
    folder = tmp_path_factory.mktemp("served")
    env = {name: value for name, value in os.environ.items() if not name.startswith("OBLIK_")}
    env |= {"OBLIK_DATA": str(folder / "data"), "OBLIK_LIMITS": "0"}
    hostile = [
        camera_row(n, **{"Інв. номер": f"{text}{n}", "Адреса": f"вул. Садова, {n} {text}", "Тип": text, "Назва": text})
        for n, text in enumerate((*SCRIPTS, *FORMULAS))
    ]
    first = write_csv(folder / f"{SCRIPTS[1][:20]!r}.csv".replace("/", ""), hostile, columns=(*camera_row(0), "Назва"))
    second = write_csv(folder / "second.csv", hostile[3:], columns=(*camera_row(0), "Назва"))
    commands = [
        ["init", "--admin", "root1", "--password", PASSWORD],
        ["owner", "add", "KP", "--name", SCRIPTS[0], "--kind", "enterprise"],
        ["owner", "add", "..%2F..%2FPOL", "--name", SCRIPTS[1], "--kind", "state"],
        ["campaign", "open", "C1", "--name", SCRIPTS[3], "--from", "2025-01-01", "--until", "2025-12-31"],
        ["intake", "add", str(first), "--owner", "KP", "--campaign", "C1"],
        ["intake", "add", str(second), "--owner", "..%2F..%2FPOL", "--campaign", "C1"],
        ["match", "run", "--campaign", "C1"],
        ["inventory", "act", "--campaign", "C1", "--output", str(folder / "data" / "documents" / "C1" / "uk")],
    ]
    made = subprocess.run(
        [sys.executable, "-c", _MAKE, repr(commands)], env=env, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "serve.log"
    command = [str(Path(sys.executable).with_name("oblik")), "serve", "--port", str(port)]
    with log.open("wb") as output:
        server = subprocess.Popen(command, env=env, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _wait_for(f"http://127.0.0.1:{port}/sign-in/", server)
        yield Served(port, folder / "data", log)
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # granian answers from processes of its own
        server.wait(timeout=20)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not answer")
