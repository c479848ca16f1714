"""Cameras found by filters and words: pages of a table, counts, codes, and what the filters may be set to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db.models import Q

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.registry import queries
from oblik.registry.logic.wanted import Wanted
from oblik.registry.models import Camera, Owner
from oblik.registry.points import Standing, standing

_FEW: Final = 5_000  # of so many the database is asked one by one, of more it walks an index
_PURPOSES: Final = 200
_IN_MEMORY: Final = {"owner": "owner__code", "state": "state", "kind": "kind"}


@dataclass(frozen=True, slots=True)
class FilterChoices:
    """What filters can be set to within a scope. purposes: with their numbers of cameras, the most frequent first."""

    owners: list[queries.OwnerLine]
    purposes: list[tuple[str, int]]


def found_cameras(
    wanted: Wanted, *, page: int = 1, per_page: int = 50, sort: str = "code", within: Scope = EVERYWHERE
) -> queries.Page:
    """One page of the wanted cameras in a stable order; a page past the end is the last one. As search_cameras."""
    now = standing()
    hits = _hits(now, wanted, within=within)
    if not within.all and sort in ("sources", "updated"):
        sort = "code"
    pages = max(1, -(-len(hits) // max(1, per_page)))
    number = min(max(page, 1), pages)
    first, last = (number - 1) * per_page, number * per_page
    if sort in ("sources", "updated"):
        ids = _by_database(now, hits, order=queries.SORTS[sort], first=first, last=last)
    else:
        ids = now.frame["id"].gather(_ordered(now, hits, sort=sort)[first:last]).to_list()
    return queries.Page(queries.camera_lines(ids, within=within), len(hits), number, pages)


def _hits(now: Standing, wanted: Wanted, *, within: Scope) -> npt.NDArray[np.int64]:
    """Places in the frame of the wanted cameras, by code."""
    shown = now.shown(wanted, within=within)
    return np.arange(len(now)) if shown is None else np.flatnonzero(shown)


def _ordered(now: Standing, hits: npt.NDArray[np.int64], *, sort: str) -> npt.NDArray[np.int64]:
    column = _IN_MEMORY.get(sort)
    if column is None:
        return hits

    def ranks() -> npt.NDArray[np.int64]:
        found: npt.NDArray[np.int64] = now.frame[column].rank("dense").to_numpy().astype(np.int64)
        return found

    rank = now.kept(("rank", column), ranks)
    ordered: npt.NDArray[np.int64] = hits[np.argsort(rank[hits], kind="stable")]
    return ordered


def _by_database(now: Standing, hits: npt.NDArray[np.int64], *, order: str, first: int, last: int) -> list[int]:
    """Numbers of sources and times of change are not kept in memory: they change without a camera changing."""
    descending = order.startswith("-")
    ids = now.frame["id"].gather(hits).to_list()
    column = order.lstrip("-")
    if len(ids) <= _FEW:
        found = Camera.objects.filter(pk__in=ids).order_by(order, "-pk" if descending else "pk")
        return list(found.values_list("pk", flat=True)[first:last])
    # Walks the index from its end that is asked for; those not wanted are passed over.
    wanted = set(ids) if len(ids) < len(now) else None
    walk = Camera.objects.filter(Q(sources__gt=0)).order_by(
        f"-{column}" if descending else column, "-pk" if descending else "pk"
    )
    if wanted is None:
        return list(walk.values_list("pk", flat=True)[first:last])
    taken: list[int] = []
    for pk in walk.values_list("pk", flat=True).iterator(chunk_size=5_000):
        if pk in wanted:
            taken.append(pk)
            if len(taken) >= last:
                break
    return taken[first:]


def count_cameras(wanted: Wanted, *, within: Scope = EVERYWHERE) -> int:
    """How many cameras are wanted."""
    return len(_hits(standing(), wanted, within=within))


def found_codes(wanted: Wanted, *, within: Scope = EVERYWHERE, most: int | None = None) -> list[str]:
    """Codes of the wanted cameras in their order, at most so many."""
    now = standing()
    return [str(code) for code in now.frame["code"].gather(_hits(now, wanted, within=within)[:most])]


def found_lines(wanted: Wanted, *, within: Scope = EVERYWHERE) -> Iterator[queries.CameraLine]:
    """Every wanted camera by code, streamed; sources are those of everybody, as in all_cameras."""
    now = standing()
    ids = now.frame["id"].gather(_hits(now, wanted, within=within)).to_list()
    for start in range(0, len(ids), _FEW):
        yield from queries.camera_lines(ids[start : start + _FEW], within=within)


def filter_choices(*, within: Scope = EVERYWHERE) -> FilterChoices:
    """The owners within a scope with their numbers of standing cameras, by code, and the purposes told."""
    now = standing()
    shown = now.shown(Wanted(), within=within)
    frame = now.frame if shown is None else now.frame.filter(pl.Series(shown))
    counts = dict(frame["owner__code"].value_counts().iter_rows())
    found = Owner.objects.order_by("code")
    if not within.all:
        found = found.filter(Q(code__in=sorted(within.owners)) | Q(code__in=list(counts)))
    owners = [queries.OwnerLine(o.pk, o.code, o.name, o.kind, counts.get(o.code, 0)) for o in found]
    told = frame["purpose"].drop_nulls().value_counts().sort(["count", "purpose"], descending=[True, False])
    return FilterChoices(owners, [(str(name), int(n)) for name, n in told.head(_PURPOSES).iter_rows()])


def suggested(wanted: Wanted, *, most: int, within: Scope = EVERYWHERE) -> tuple[list[queries.CameraLine], int]:
    """The first cameras that a text finds, those whose code or identifier it begins first, and how many it finds."""
    now = standing()
    hits = _hits(now, wanted, within=within)
    ids = now.frame["id"].gather(hits[:most]).to_list()
    return queries.camera_lines(ids, within=within), len(hits)
