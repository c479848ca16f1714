"""What the first visitor of a large city would wait for, made as soon as the program serves."""

import logging
import threading

from django.db import connections

from oblik.accounts.queries import EVERYWHERE
from oblik.inventory import queries as inventory
from oblik.inventory.counting import counted
from oblik.web.desk.tiles import snapshot

_LOG = logging.getLogger(__name__)


def begin_warming() -> threading.Thread:
    """Starts making it beside the first answers; what fails here is met, and told, by whoever opens the page."""
    thread = threading.Thread(target=_warm, daemon=True)
    thread.start()
    return thread


def _warm() -> None:
    try:
        snapshot()
        newest = next((one.code for one in inventory.campaigns(within=EVERYWHERE) if one.state == "open"), "")
        if newest:
            count = counted(newest)
            count.figures()
            count.matters()
    except Exception:  # noqa: BLE001  # nothing is lost: the first page makes it
        _LOG.info("Nothing could be made ready", exc_info=True)
    finally:
        connections.close_all()
