"""The standing cameras as columns in memory: what tables, maps and searches filter and count without the database.

Read once per process, then kept up with by the versions written since. A register of 325,000 cameras takes some 90 MB
in each process that answers, a million some 280 MB; see docs/design/decisions/0008-search-in-memory.md.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
from django.db import connection

from oblik.accounts.logic.rights import Reach, Scope
from oblik.db import bulk
from oblik.journal.queries import journal_version
from oblik.registry.logic.folding import needles
from oblik.registry.logic.wanted import Flags, Wanted, inside
from oblik.registry.models import Camera, CameraVersion, Claim

_COLUMNS: Final = {
    "id": pl.Int64, "code": pl.String, "owner__code": pl.String, "kind": pl.String, "state": pl.String,
    "purpose": pl.String, "district": pl.String, "place_origin": pl.String, "lon_deg": pl.Float64,
    "lat_deg": pl.Float64, "bearing_deg": pl.Float64, "hfov_deg": pl.Float64, "search_text": pl.String,
}  # fmt: skip
_KEPT: Final = 48  # filters and words in use at once; the flags of a million cameras take 1 MB
_FOLLOWED: Final = 20_000  # changed cameras; where more have changed, everything is read anew
_READ_AT_ONCE: Final = 50_000

Integers = npt.NDArray[np.int64]


@dataclass(eq=False)
class Standing:
    """The cameras that some source stands for as of one version of the register, by code. See _COLUMNS."""

    version: str
    newest: int
    frame: pl.DataFrame
    _kept: "OrderedDict[Hashable, Any]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __len__(self) -> int:
        return self.frame.height

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What was made under the key for this version, or is now; the longest unused is forgotten."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = make()
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return made

    def shown(self, wanted: Wanted, *, within: Scope) -> Flags | None:
        """(n,) which cameras of a scope are wanted; None for all."""
        found: Flags | None = self.kept((wanted, _key(within)), lambda: self._shown(wanted, within))
        return found

    def _shown(self, wanted: Wanted, within: Scope) -> Flags | None:
        parts = [] if within.all else [self.kept(_key(within), lambda: self._reached(within))]
        told = {"owner__code": wanted.owner, "state": wanted.state, "purpose": wanted.purpose, "kind": wanted.kind}
        parts += [self._is(name, "" if value == "unknown" else value) for name, value in told.items() if value]
        if wanted.area:
            lon_deg, lat_deg = (self.frame[name].to_numpy() for name in ("lon_deg", "lat_deg"))
            parts.append(inside(wanted.area, lon_deg=lon_deg, lat_deg=lat_deg))
        if wanted.chosen is not None:
            named = pl.Series(sorted(wanted.chosen.codes), dtype=pl.String)
            parts.append(_flags(self.frame["code"].is_in(named.implode())) != wanted.chosen.others)
        if wanted.text.strip() or wanted.places:
            parts.append(self._found(wanted))
        if not parts:
            return None
        whole: Flags = np.logical_and.reduce(parts)
        return whole

    def _is(self, column: str, value: str) -> Flags:
        return _flags(self.frame[column] == value)

    def _reached(self, within: Scope) -> Flags:
        """As queries.reached, which says the same to the database."""
        covered = np.zeros(len(self), dtype=np.bool_)
        for reach in within.reaches:
            covered |= self._of_reach(reach)
        return covered

    def _of_reach(self, reach: Reach) -> Flags:
        part = np.ones(len(self), dtype=np.bool_)
        limits = {
            "owner__code": reach.owners,
            "district": reach.districts,
            "kind": reach.kinds,
            "purpose": reach.purposes,
        }
        for column, values in limits.items():
            if values:
                part &= _flags(self.frame[column].is_in(sorted(values)))
        if reach.campaigns:
            said = Claim.objects.filter(campaign_code__in=sorted(reach.campaigns), withdrawn_at__isnull=True)
            cameras = np.fromiter(said.values_list("camera_id", flat=True).iterator(chunk_size=20_000), dtype=np.int64)
            part &= np.isin(self.frame["id"].to_numpy(), cameras)
        return part

    def _found(self, wanted: Wanted) -> Flags:
        """The cameras that have every word of the text, or stand in a street that the whole of it means."""
        flags = np.zeros(len(self), dtype=np.bool_)
        words = needles(wanted.text)
        if words is not None and wanted.text.strip():
            flags[self.having(words)] = True
        for mark in wanted.places:
            flags[self.having([(mark,)])] = True
        return flags

    def having(self, words: Iterable[tuple[str, ...]]) -> Integers:
        """Places in the frame of the cameras whose text holds one form of every word, in order."""
        text = self.frame["search_text"]
        found: Integers | None = None
        for forms in words:
            if found is None:
                found = self.kept(("word", forms), partial(_holding, text, forms))
            elif len(found):
                found = found[_holding(text.gather(found), forms)]
        return np.arange(len(self)) if found is None else found


def _holding(text: pl.Series, forms: tuple[str, ...]) -> Integers:
    flags = text.str.contains(forms[0], literal=True)
    for form in forms[1:]:
        flags |= text.str.contains(form, literal=True)
    return flags.arg_true().to_numpy().astype(np.int64)


def _flags(series: pl.Series) -> Flags:
    flags: Flags = series.fill_null(value=False).to_numpy()
    return flags


def _key(within: Scope) -> Hashable:
    """A scope as a key. Which claims a campaign has may change without a camera changing, but never unrecorded."""
    named = any(reach.campaigns for reach in within.reaches)
    return (within, journal_version()) if named else within


# ---------------------------------------------------------------------------------------------- keeping up

_lock = threading.Lock()
_newest: dict[str, Standing] = {}


def standing() -> Standing:
    """The register as it stands. What changed since the last asking is read; the rest is kept."""
    if connection.in_atomic_block:
        # What this transaction has written may yet be rolled back: nobody else must be told of it.
        return _read(*_version())
    name = str(connection.settings_dict["NAME"])
    with _lock:
        version, newest = _version()
        known = _newest.get(name)
        if known is None or known.version != version:
            known = _newest[name] = _followed(known, version, newest) if known else _read(version, newest)
        return known


def _version() -> tuple[str, int]:
    """A rolled-back writer may give its number to the next one, so that who wrote when counts too."""
    row = CameraVersion.objects.order_by("-id").values_list("id", "camera_id", "recorded_at", "number").first()
    return (f"{row[0]}-{row[1]}-{row[2].timestamp():.6f}-{row[3]}", row[0]) if row else ("0", 0)


def _read(version: str, newest: int) -> Standing:
    return Standing(version, newest, _frame(Camera.objects.filter(sources__gt=0)).sort("code"))


def _followed(known: Standing, version: str, newest: int) -> Standing:
    """The columns with the cameras read anew of which versions were written since."""
    # A few versions back as well: whatever was read while they were being written is read again.
    since = CameraVersion.objects.filter(id__gt=min(known.newest, newest) - 50)
    changed = list(since.values_list("camera_id", flat=True).distinct()[: _FOLLOWED + 1])
    if newest < known.newest or len(changed) > _FOLLOWED:
        return _read(version, newest)
    parts = [_frame(Camera.objects.filter(condition, sources__gt=0)) for condition in bulk.named(changed)]
    rest = known.frame.filter(~pl.col("id").is_in(pl.Series(changed, dtype=pl.Int64).implode()))
    return Standing(version, newest, pl.concat([rest, *parts]).sort("code").rechunk())


def _frame(cameras: Any) -> pl.DataFrame:
    rows: list[tuple[Any, ...]] = []
    parts: list[pl.DataFrame] = []
    for row in cameras.values_list(*_COLUMNS).iterator(chunk_size=20_000):
        rows.append(row)
        if len(rows) == _READ_AT_ONCE:
            parts.append(pl.DataFrame(rows, schema=_COLUMNS, orient="row"))
            rows = []
    return pl.concat([*parts, pl.DataFrame(rows, schema=_COLUMNS, orient="row")])
