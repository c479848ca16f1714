"""A campaign counted once and kept in this process until something is done anywhere: many pages ask for one count."""

import threading
from collections import OrderedDict
from functools import cached_property
from typing import Final

import polars as pl
from django.db import connection

from oblik.intake import queries as intake
from oblik.inventory import sources
from oblik.inventory.logic.cases import Key, Matter, matters_of
from oblik.inventory.logic.discrepancies import Discrepancy, discrepancies_of
from oblik.inventory.logic.figures import Figures, classified, figures_of
from oblik.journal.queries import journal_version
from oblik.registry import queries as registry

_KEPT: Final = 3  # campaigns; one of 100,000 rows takes some 20 MB

# What is done to these changes no count: a comment on a discrepancy must not make everybody wait for a new one.
_BESIDE: Final = ("awaited", "case", "journal", "key", "person", "token")
_IDLE: Final = ("asked_for", "documents_printed", "downloaded", "frozen", "signed", "signature_unmarked")

_lock = threading.Lock()
_kept: "OrderedDict[tuple[str, str], CountedRows]" = OrderedDict()


class CountedRows:
    """The rows of a campaign as of one version of the journal, and what follows from them, worked out when asked for.

    Each part is locked while it is worked out: four pages that open at once count once.
    """

    def __init__(self, code: str, *, version: str) -> None:
        self.code = code
        self.version = version
        self._working = threading.RLock()

    @cached_property
    def _rows(self) -> pl.DataFrame:
        return classified_rows(self.code)

    @cached_property
    def _figures(self) -> Figures:
        return figures_of_received(self._rows)

    @cached_property
    def _discrepancies(self) -> tuple[Discrepancy, ...]:
        return discrepancies_in(self.code, rows=self._rows, said=sources.said_of_cameras(self._rows))

    @cached_property
    def _matters(self) -> dict[Key, Matter]:
        return {one.key: one for one in matters_of(self.discrepancies())}

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
    """The campaign as it stands; what has been worked out since the last action is not worked out again."""
    if connection.in_atomic_block:
        # What this transaction has written may yet be rolled back: nobody else must be told of it.
        return CountedRows(code, version="")
    version = data_version()
    key = (str(connection.settings_dict["NAME"]), code)
    with _lock:
        found = _kept.get(key)
        if found is None or found.version != version:
            found = _kept[key] = CountedRows(code, version=version)
        _kept.move_to_end(key)
        while len(_kept) > _KEPT:
            _kept.popitem(last=False)
        return found


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
