"""Which cameras of the register a campaign has found, waits for, disagrees about or misses."""

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final

import polars as pl
from django.db import connection

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.intake import queries as intake
from oblik.inventory import queries
from oblik.inventory.counting import counted
from oblik.registry.logic.wanted import Chosen

# found: some current row counts as it. waiting: a row that waits for review may be it. discrepancy: the lists disagree
# about it. missing: no current row counts as it; all other cameras of the register, so it is the complement of found.
VERDICTS: Final = ("found", "waiting", "discrepancy", "missing")
_KEPT: Final = 12

_lock = threading.Lock()
_kept: "OrderedDict[tuple[object, ...], Chosen]" = OrderedDict()


def cameras_with(verdict: str, *, campaign: str, within: Scope = EVERYWHERE) -> Chosen:
    """The cameras with a verdict in a campaign, from the lists within a scope."""
    if verdict == "missing":
        return replace(cameras_with("found", campaign=campaign, within=within), others=True)
    name = verdict
    if connection.in_atomic_block:
        return Chosen(f"{campaign}:{name}:passing", _codes(name, campaign, within))
    key = (str(connection.settings_dict["NAME"]), campaign, name, within, counted(campaign).version)
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = Chosen(f"{campaign}:{name}:{key[-1]}", _codes(name, campaign, within))
        with _lock:
            _kept[key] = found
            while len(_kept) > _KEPT:
                _kept.popitem(last=False)
    return found


def _codes(verdict: str, campaign: str, within: Scope) -> frozenset[str]:
    queries.require(campaign, within=within)
    if verdict == "waiting":
        asked = intake.proposals(campaign, within=within)
        return frozenset(one.camera for proposals in asked.values() for one in proposals)
    if verdict == "discrepancy":
        return frozenset(part.camera for part in queries.discrepancies(campaign, within=within))
    rows = queries.seen_rows(counted(campaign).rows(), code=campaign, within=within)
    taken = rows.filter(pl.col("category").is_in(["camera", "duplicate"]) & pl.col("current"))
    return frozenset(taken["camera"].drop_nulls().unique().to_list())
