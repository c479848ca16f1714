"""Everything a campaign's documents are printed from, in one value with one fingerprint."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Final

import polars as pl

from oblik.inventory.logic.campaigns import Campaign
from oblik.inventory.logic.cases import Key, Resolution
from oblik.inventory.logic.discrepancies import Discrepancy
from oblik.inventory.logic.figures import Figures

# What documents print of a camera, by its code.
CAMERA_SCHEMA: Final = {
    "camera": pl.String,
    "owner": pl.String,
    "state": pl.String,
    "inventory_number": pl.String,
    "serial": pl.String,
    "kind": pl.String,
    "vendor": pl.String,
    "model": pl.String,
    "address": pl.String,
    "street": pl.String,
    "house": pl.String,
    "district": pl.String,
    "site": pl.String,
    "lon_deg": pl.Float64,
    "lat_deg": pl.Float64,
    "bearing_deg": pl.Float64,
    "sources": pl.Int64,
}


@dataclass(frozen=True, slots=True)
class ListReceived:
    """One file as handed in; current is False where a newer one replaced it, is_read False where it is no list."""

    submission: int
    owner: str
    file: str
    received_on: date
    sha256: str
    current: bool
    is_read: bool = True


@dataclass(frozen=True, eq=False)
class Count:
    """rows: classified, all owners. cameras: CAMERA_SCHEMA, those that rows name and those of discrepancies.

    own_numbers: (owner, camera) -> inventory number as that owner's list has it. own_words: (owner, camera) -> what
    that owner's list says of a camera on another's books, for CAMERA_SCHEMA. owners: code -> name. resolutions: how
    discrepancies were settled, where that still stands.
    """

    campaign: Campaign
    owners: Mapping[str, str]
    lists: tuple[ListReceived, ...]
    rows: pl.DataFrame
    cameras: pl.DataFrame
    own_numbers: Mapping[tuple[str, str], str]
    figures: Figures
    discrepancies: tuple[Discrepancy, ...]
    own_words: Mapping[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)
    resolutions: Mapping[Key, Resolution] = field(default_factory=dict)

    def camera_for(self, owner: str, *, camera: Mapping[str, object]) -> Mapping[str, object]:
        """A camera as an owner may know it: as the register has it where it stands on the owner's books, else in the
        words of the owner's own list."""
        if camera.get("owner") == owner:
            return camera
        words = self.own_words.get((owner, str(camera.get("camera"))), {})
        return {**camera, **{name: words.get(name) for name in CAMERA_SCHEMA if name not in ("camera", "sources")}}

    def resolution_of(self, part: Discrepancy) -> Resolution | None:
        """How a discrepancy was settled; None while it is not."""
        return self.resolutions.get((part.kind, part.camera, part.field))

    def owner_codes(self) -> list[str]:
        """Owners who handed something in or whom a discrepancy concerns, in the order of their documents' numbers."""
        handed = {line.owner for line in self.figures.owners} | {line.owner for line in self.lists}
        return sorted(handed | {part.owner for part in self.discrepancies})

    def owner_name(self, code: str) -> str:
        """The name of an owner, or its code where it has none."""
        return self.owners.get(code) or code


def aligned(cameras: pl.DataFrame) -> pl.DataFrame:
    """The cameras with exactly the columns of CAMERA_SCHEMA, absent ones null, by code."""
    columns = [
        (pl.col(name) if name in cameras.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
        for name, dtype in CAMERA_SCHEMA.items()
    ]
    return cameras.select(columns).sort("camera")


def fingerprint(count: Count) -> str:
    """SHA-256 in hex of all that documents are printed from; the same data give the same fingerprint on any machine."""
    digest = hashlib.sha256()
    loose = {
        "campaign": asdict(count.campaign),
        "lists": [asdict(line) for line in count.lists],
        "owners": dict(sorted(count.owners.items())),
        "numbers": sorted((*key, number) for key, number in count.own_numbers.items()),
        "words": sorted((*key, sorted(words.items())) for key, words in count.own_words.items()),
        "discrepancies": [asdict(part) for part in count.discrepancies],
        "resolutions": sorted((*key, one.outcome, one.document) for key, one in count.resolutions.items()),
    }
    digest.update(json.dumps(loose, ensure_ascii=False, sort_keys=True, default=str).encode())
    for frame in (count.rows, count.cameras):
        digest.update(frame.select(sorted(frame.columns)).write_csv(float_precision=9).encode())
    return digest.hexdigest()
