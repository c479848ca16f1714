"""How decisions become claims on cameras: the last step from a list to the register, shared by model and people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from oblik.base.actors import Actor
from oblik.intake.models import Judgement, Record
from oblik.registry import actions as registry

SOURCE_OF_ORIGIN = {"osm": "osm"}  # place_origin -> kind of source, where a list is not an owner's own word


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record brings into the register."""

    record: int
    owner_id: int
    said_at: datetime
    values: str
    camera: int | None


def standing_records(ids: Sequence[int]) -> dict[int, Standing]:
    """These records with what their claims need."""
    found: dict[int, Standing] = {}
    wanted = sorted(set(ids))
    for start in range(0, len(wanted), 20_000):
        chunk = wanted[start : start + 20_000]
        keep = set(chunk)
        rows = Record.objects.filter(pk__gte=chunk[0], pk__lte=chunk[-1]).values_list(
            "id", "submission__owner_id", "submission__received_at", "values", "camera_id"
        )
        found.update((row[0], Standing(*row)) for row in rows.iterator(chunk_size=20_000) if row[0] in keep)
    return found


def claim_all(links: Mapping[int, int], *, at: datetime, by: Actor, why: str) -> int:
    """Puts each record's word (record -> camera) beside its camera and folds those cameras; how many changed.

    The records must have no standing claim. Inside the caller's transaction.
    """
    records = standing_records(list(links))
    registry.add_claims(
        [
            registry.NewClaim(
                links[record], _source_kind(standing.values), f"record:{record}", standing.owner_id, standing.said_at,
                standing.values,
            )
            for record, standing in sorted(records.items())
        ],
        at=at,
    )  # fmt: skip
    happened = max((standing.said_at for standing in records.values()), default=at)
    return registry.fold_cameras(sorted(set(links.values())), happened_at=happened, at=at, by=by, why=why)


def _source_kind(values: str) -> str:
    """A list taken from OpenStreetMap stands behind every owner's own list."""
    return "osm" if '"place_origin":"osm"' in values else "owner_list"


def release(record: Record, *, at: datetime, by: Actor, why: str) -> int | None:
    """Takes a record off its camera: claim and judgements withdrawn, camera folded again; the camera it left.

    A camera that nothing stands for any more keeps its code and is counted no longer.
    """
    if record.camera_id is None:
        return None
    left = record.camera_id
    for kind in ("owner_list", "osm"):
        registry.withdraw_claims([f"record:{record.pk}"], source_kind=kind, at=at)
    Judgement.objects.filter(record=record, camera_id=left, verdict="same", withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=str(by)
    )
    registry.fold_cameras([left], happened_at=at, at=at, by=by, why=why)
    record.camera_id = None
    record.save(update_fields=["camera"])
    return left
