"""`oblik serve`: the pages in a browser."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import click
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from oblik.base.errors import Conflict, InvalidInput, msg

_OBLIK: Final = "from oblik.config.cli import main; main()"
_AGAIN_S: Final = 2.0  # until a worker that died is started again
_PATIENCE_S: Final = 8.0  # for a worker to end by itself


def _require_free(host: str, port: int) -> None:
    """The server itself would end in a trace; a person wants to know which port and what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as wrong:
            raise Conflict(
                msg("Cannot listen on {host}:{port}: {reason}. Stop what listens there, or choose another --port."),
                host=host,
                port=port,
                reason=wrong.strerror or str(wrong),
            ) from wrong


def _require_safe(host: str) -> None:
    """What is harmless on one's own machine is refused where others reach it."""
    if "*" in settings.ALLOWED_HOSTS:
        raise InvalidInput(msg("OBLIK_HOSTS may not be “*”: name the hosts under which people open the pages."))
    if settings.DEBUG and host.strip("[]") not in ("127.0.0.1", "::1", "localhost"):
        raise InvalidInput(
            msg("OBLIK_DEBUG shows traces and settings to everybody who reaches {host}. Unset it, or serve 127.0.0.1."),
            host=host,
        )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
@click.option("--without-work", is_flag=True, help="Start no `oblik work` beside; one has to run elsewhere.")
def serve(host: str, port: int, workers: int, without_work: bool) -> None:
    """Serve the pages, and do the long work that they ask for; stop with Ctrl-C."""
    _require_safe(host)
    _require_free(host, port)
    click.echo(f"Oblik answers on http://{host}:{port} (stop with Ctrl-C)")
    server = Granian(
        "oblik.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # Whoever watches work being done holds a thread, asleep; web.desk.jobs has seats for less than half of them.
        blocking_threads=2 * (os.cpu_count() or 1) + 1,
        log_access=False,
    )
    with nullcontext() if without_work else _worker():
        server.serve()


@contextmanager
def _worker() -> Iterator[None]:
    """A process beside ours that does the long work; started again where it dies, ended with us."""
    ended = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ended.is_set():
            command = [sys.executable, "-c", _OBLIK, "work", "--parent", str(os.getpid())]
            running[:] = [subprocess.Popen(command, stdin=subprocess.DEVNULL)]
            running[0].wait()
            ended.wait(_AGAIN_S)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        for process in running:
            process.terminate()
        keeper.join(timeout=_PATIENCE_S)
        for process in running:
            process.kill()  # What it was doing begins anew with the next worker.
