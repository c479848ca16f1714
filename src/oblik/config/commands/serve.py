"""`oblik serve`: the pages in a browser."""

import socket

import click
from django.conf import settings
from granian import Granian
from granian.constants import Interfaces

from oblik.base.errors import Conflict, InvalidInput, msg


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
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages; stop with Ctrl-C."""
    _require_safe(host)
    _require_free(host, port)
    click.echo(f"Oblik answers on http://{host}:{port} (stop with Ctrl-C)")
    Granian(
        "oblik.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        log_access=False,
    ).serve()
