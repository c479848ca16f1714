"""`oblik work`: does the long work that pages ask for."""

import os
import signal
import threading
from types import FrameType

import click

from oblik.config.kinds_of_work import KINDS
from oblik.intake import jobs

_LOOK_S = 1.0  # how soon the death of the parent is noticed


@click.command()
@click.option("--once", is_flag=True, help="Do what waits now, and end.")
@click.option("--parent", type=int, hidden=True, help="End when this process is no longer our parent.")
def work(once: bool, parent: int | None) -> None:
    """Do the long work that pages ask for: read lists, run matching, print documents; stop with Ctrl-C.

    `oblik serve` starts one by itself. Several may run: no two do the same work. What is cut short begins anew.
    """
    stopped = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if once:
        click.echo(f"{jobs.work_off(KINDS, stopped=stopped)} done")
        return
    if parent is not None:
        threading.Thread(target=_watch, args=(parent, stopped), daemon=True).start()
    jobs.work(KINDS, stopped=stopped)


def _watch(parent: int, stopped: threading.Event) -> None:
    """A killed parent tells nobody; its children are then given to another."""
    while not stopped.wait(_LOOK_S):
        if os.getppid() != parent:
            stopped.set()
