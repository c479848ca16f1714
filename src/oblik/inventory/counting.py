"""A campaign counted once and kept in this process until something is done anywhere: many pages ask for one count.

Where counting takes long, pages are given the last count with its time, while the next is made behind them; see
docs/design/decisions/0011-late-counts.md. Documents and checks count for themselves.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Final

import polars as pl
from django.db import connection

from oblik.base.clock import now
from oblik.intake import queries as intake
from oblik.inventory import sources
from oblik.inventory.logic.cases import Key, Matter, matters_of
from oblik.inventory.logic.discrepancies import Discrepancy, discrepancies_of
from oblik.inventory.logic.figures import Figures, classified, figures_of
from oblik.journal.queries import journal_version
from oblik.registry import queries as registry

_LOG = logging.getLogger(__name__)
_QUICK_S: Final = 0.5  # what counts faster is counted anew before it is shown
_REST: Final = 3  # a process that answers people counts no more than a fourth of its time …
_LONGEST_REST_S: Final = 60.0  # … and at least so often, while somebody asks
_KEPT: Final = 3  # campaigns; one of 100,000 rows takes some 20 MB

# What is done to these changes no count: a comment on a discrepancy must not make everybody wait for a new one.
_BESIDE: Final = ("awaited", "case", "coverage", "journal", "key", "person", "token")
_IDLE: Final = ("asked_for", "documents_printed", "downloaded", "drawn", "frozen", "signed", "signature_unmarked")

Named = tuple[str, str]  # database, campaign

_lock = threading.Lock()
_kept: "OrderedDict[Named, CountedRows]" = OrderedDict()
_behind: "dict[Named, threading.Thread]" = {}


class CountedRows:
    """The rows of a campaign as of one version of the journal, and what follows from them, worked out when asked for.

    Each part is locked while it is worked out: four pages that open at once count once.
    """

    def __init__(self, code: str, *, version: str) -> None:
        self.code = code
        self.version = version
        self.counted_at: datetime = now()
        self.took_s = 0.0
        self.rested_at_s = 0.0  # time.monotonic() from when on it may be counted anew
        self._working = threading.RLock()

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began_s = time.thread_time()  # of computing: a machine that is busy with other things counts no slower
        yield
        self.took_s += time.thread_time() - began_s
        self.rested_at_s = time.monotonic() + min(_REST * self.took_s, _LONGEST_REST_S)

    @cached_property
    def _rows(self) -> pl.DataFrame:
        with self._timed():
            return classified_rows(self.code)

    @cached_property
    def _figures(self) -> Figures:
        rows = self._rows
        with self._timed():
            return figures_of_received(rows)

    @cached_property
    def _discrepancies(self) -> tuple[Discrepancy, ...]:
        rows = self._rows
        with self._timed():
            said = sources.said_of_cameras(sources.standing_claims(rows))
            return discrepancies_in(self.code, rows=rows, said=said)

    @cached_property
    def _matters(self) -> dict[Key, Matter]:
        return {one.key: one for one in matters_of(self.discrepancies())}

    def again(self, version: str) -> "CountedRows":
        """The same parts of the same campaign, counted now."""
        parts = [name for name in ("_rows", "_figures", "_discrepancies", "_matters") if name in vars(self)]
        new = CountedRows(self.code, version=version)
        with new._working:
            for name in parts:
                getattr(new, name)
        return new

    def rows(self) -> pl.DataFrame:
        """Every row with what it counts as, see logic.figures.classified."""
        with self._working:
            return self._rows

    def figures(self) -> Figures:
        """The figures, checked to close; FiguresError where a row was lost."""
        with self._working:
            return self._figures

    def discrepancies(self) -> tuple[Discrepancy, ...]:
        """All discrepancies, ordered by owner, kind, camera and field."""
        with self._working:
            return self._discrepancies

    def matters(self) -> dict[Key, Matter]:
        """The discrepancies, each camera and field once, by what they are found again by."""
        with self._working:
            return self._matters


def data_version() -> str:
    """Changes with every action that may change a count."""
    return journal_version(but=_BESIDE, nor=_IDLE)


def documents_version() -> str:
    """Changes with every action that may change what documents say: they tell how discrepancies were settled too."""
    return journal_version(but=[room for room in _BESIDE if room != "case"], nor=_IDLE)


def counted(code: str) -> CountedRows:
    """The campaign as it stands, or lately stood where counting it takes longer than anybody would wait.

    What has been worked out since the last action is not worked out again.
    """
    if connection.in_atomic_block:
        # What this transaction has written may yet be rolled back: nobody else must be told of it.
        return CountedRows(code, version="")
    version = data_version()
    key = (str(connection.settings_dict["NAME"]), code)
    with _lock:
        found = _kept.get(key)
        if found is None or (found.version != version and found.took_s < _QUICK_S):
            found = _kept[key] = CountedRows(code, version=version)
        elif found.version != version and key not in _behind and time.monotonic() >= found.rested_at_s:
            _behind[key] = threading.Thread(target=_count_behind, args=(key, found), daemon=True)
            _behind[key].start()
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
        return found


def late_since(code: str) -> datetime | None:
    """When what pages tell of a campaign was counted, where something has been done since; None where nothing has."""
    found = counted(code)
    return found.counted_at if found.version and found.version != data_version() else None


def _count_behind(key: Named, before: CountedRows) -> None:
    try:
        after = before.again(data_version())
        with _lock:
            _kept[key] = after
    except Exception:  # noqa: BLE001  # a thread has nobody else to tell; the next who asks tries again
        _LOG.exception("Counting %s behind the pages failed", key[1])
        before.rested_at_s = time.monotonic() + _LONGEST_REST_S
    finally:
        with _lock:
            del _behind[key]
        connection.close()


def classified_rows(code: str) -> pl.DataFrame:
    """Every row of a campaign with what it counts as, see logic.figures.classified.

    Blank lines and the titles of replaced lists are left out: nobody asks after them.
    """
    rows = intake.campaign_rows(code)
    idle = (pl.col("role") == "blank") | (~pl.col("current") & (pl.col("decision") == "not_a_camera"))
    return classified(rows.filter(~idle))


def figures_of_received(rows: pl.DataFrame) -> Figures:
    """The figures, with the rows received counted from what was read as data rather than from records."""
    data = rows.filter((pl.col("role") == "data") & pl.col("current")).select("owner", "submission", "sheet", "row")
    received = dict(data.unique().group_by("owner").len().iter_rows())
    return figures_of(rows, received={owner: received.get(owner, 0) for owner in rows["owner"].unique()})


def discrepancies_in(code: str, *, rows: pl.DataFrame, said: sources.SaidOfCameras) -> tuple[Discrepancy, ...]:
    """The discrepancies of classified rows; a camera that a waiting row may be is not known to be absent."""
    owner_of = dict(rows.select("record", "owner").drop_nulls().iter_rows())
    asked = {
        (owner_of[record], proposal.camera)
        for record, proposals in intake.proposals(code).items()
        for proposal in proposals
        if record in owner_of
    }
    return discrepancies_of(rows, said.claims, owners=registry.owner_names(), retired=said.retired, asked=asked)
