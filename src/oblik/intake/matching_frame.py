"""Records as the frame that matching works on."""

from collections.abc import Sequence
from itertools import chain, islice
from typing import Final

import polars as pl
from django.db.models import Exists, OuterRef

from oblik.intake.logic.matching.frame import NUMBERS, TEXTS, WHOLES
from oblik.intake.models import Judgement, Record

_HEAD: Final = ("record_id", "list_id", "owner", "camera", "part", "parts", "row_id")
_COLUMNS: Final = ("id", "submission_id", "submission__owner__code", "camera_id", "part", "parts", "row_id", "values")
_CHUNK: Final = 50_000
_VALUES: Final = {
    **dict.fromkeys(TEXTS, pl.String),
    **dict.fromkeys(NUMBERS, pl.Float64),
    **{name: pl.Int64 for name in WHOLES if name not in _HEAD},
}


def campaign_frame(campaign: str) -> pl.DataFrame:
    """The records that a run over a campaign looks at, by record.

    Of the campaign: every record that is not broken. Of other campaigns: those that stand for a camera, as what the
    register already knows. A record that a newer list of its owner repeats is left out: the newer one speaks for both.
    """
    newer = Record.objects.filter(previous=OuterRef("pk")).exclude(verdict="broken")
    found = Record.objects.exclude(verdict="broken").filter(~Exists(newer))
    mine = found.filter(submission__campaign_code=campaign)
    known = found.exclude(submission__campaign_code=campaign).filter(camera__isnull=False)
    rows = chain(
        mine.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK),
        known.order_by("id").values_list(*_COLUMNS).iterator(chunk_size=_CHUNK),
    )
    # Text by text into columns: a million rows as tuples would need more memory than everything that follows.
    parts = [_decoded(part) for part in iter(lambda: list(islice(rows, _CHUNK)), [])]
    return pl.concat(parts or [_decoded([])]).sort("record_id")


def record_frame(ids: Sequence[int]) -> pl.DataFrame:
    """Some records, for one explanation."""
    return _decoded(list(Record.objects.filter(pk__in=list(ids)).order_by("id").values_list(*_COLUMNS)))


def _decoded(rows: Sequence[tuple[object, ...]]) -> pl.DataFrame:
    """The JSON texts as columns, decoded by polars in one go."""
    schema = {name: pl.String if name == "owner" else pl.Int64 for name in _HEAD} | {"values": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    if not frame.height:
        return frame.drop("values").with_columns([pl.lit(None, kind).alias(name) for name, kind in _VALUES.items()])
    decoded = frame["values"].str.json_decode(pl.Struct(_VALUES)).struct.unnest()
    return frame.drop("values").hstack(decoded)


def judged_frame(campaign: str) -> pl.DataFrame:
    """What people said of the campaign's records: record, camera, verdict."""
    rows = list(
        Judgement.objects.filter(
            by_kind="human", withdrawn_at__isnull=True, record__submission__campaign_code=campaign
        ).values_list("record_id", "camera_id", "verdict")
    )
    return pl.DataFrame(rows, schema={"record": pl.Int64, "camera": pl.Int64, "verdict": pl.String}, orient="row")
