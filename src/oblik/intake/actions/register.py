"""How decisions become claims on cameras: the last step from a list to the register, shared by model and people."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q

from oblik.base.actors import Actor
from oblik.db import bulk
from oblik.intake.actions import depositing
from oblik.intake.logic.quoting import CITY_CODE, news_of
from oblik.intake.models import Judgement, Record
from oblik.registry import actions as registry
from oblik.registry import queries, vault
from oblik.registry.logic.records import dumped, loaded

_SOURCES: Final = ("owner_list", "osm")  # what a list can be to the register


@dataclass(frozen=True, slots=True)
class Standing:
    """What a record brings into the register."""

    record: int
    owner_id: int
    said_at: datetime
    values: str
    camera: int | None
    campaign: str


@dataclass(frozen=True, slots=True)
class Link:
    """A record comes to stand for a camera: as what, and how sure that is."""

    camera: int
    decision: str
    probability: float = 1.0


def standing_records(ids: Sequence[int]) -> dict[int, Standing]:
    """These records with what their claims need."""
    columns = (
        "id", "submission__owner_id", "submission__received_at", "values", "camera_id", "submission__campaign_code",
    )  # fmt: skip
    return {
        row[0]: Standing(*row)
        for condition in bulk.named(ids)
        for row in Record.objects.filter(condition).values_list(*columns).iterator(chunk_size=20_000)
    }


def attach(
    links: Mapping[int, Link], *, at: datetime, by: Actor, why: str, words: Mapping[str, str], run: int | None = None
) -> None:
    """Records come to stand for cameras: questions withdrawn, claims made, the word of the model kept, all settled.

    words: decision -> why the model says so. The records must stand for no camera. Inside the register's turn.
    """
    withdraw_questions(list(links), at=at, by=by)
    claim_all({record: link.camera for record, link in links.items()}, at=at, by=by, why=why)
    judge_all(
        ((record, link.camera, "same", link.probability, words[link.decision]) for record, link in links.items()),
        at=at, by=by, run=run,
    )  # fmt: skip
    settle({record: (link.decision, link.camera, link.probability) for record, link in links.items()})


def claim_all(links: Mapping[int, int], *, at: datetime, by: Actor, why: str) -> int:
    """Puts each record's word (record -> camera) beside its camera and folds those cameras; how many changed.

    The records must have no standing claim. Inside the register's turn.
    """
    records = standing_records(list(links))
    said = {record: standing.values for record, standing in records.items()} | _unquoted(records, links)
    registry.add_claims(
        [
            registry.NewClaim(
                links[record], _source_kind(standing.values), f"record:{record}", standing.owner_id, standing.said_at,
                said[record], standing.campaign,
            )
            for record, standing in sorted(records.items())
        ],
        at=at,
    )  # fmt: skip
    depositing.deposit(links, at=at)
    happened: dict[int, datetime] = {}
    for record, standing in records.items():
        camera = links[record]
        happened[camera] = max(standing.said_at, happened.get(camera, standing.said_at))
    return registry.fold_cameras(sorted(happened), happened_at=happened, at=at, by=by, why=why)


def _unquoted(records: Mapping[int, Standing], links: Mapping[int, int]) -> dict[int, str]:
    """What rows that quote a city code say besides: our own words read back are no second witness of them."""
    quoting = {r: loaded(s.values) for r, s in records.items() if f'"{CITY_CODE}":' in s.values}
    cameras = queries.cameras_quoted({str(values[CITY_CODE]) for values in quoting.values() if CITY_CODE in values})
    answer: dict[int, str] = {}
    for record, values in quoting.items():
        quoted = cameras.get(queries.plain_code(str(values.pop(CITY_CODE, ""))))
        if quoted is not None and quoted.id == links[record]:
            own = {name for name, owner in quoted.keepers.items() if owner == records[record].owner_id}
            values = news_of(values, held=quoted.values, own=own, owner_names=quoted.owner_names)
        answer[record] = dumped(values)
    return answer


def _source_kind(values: str) -> str:
    """A list taken from OpenStreetMap stands behind every owner's own list."""
    return "osm" if '"place_origin":"osm"' in values else "owner_list"


def release(record: Record, *, at: datetime, by: Actor, why: str) -> int | None:
    """Takes a record off its camera: claim and judgements withdrawn, camera folded again; the camera it left.

    A camera that nothing stands for any more keeps its code and is counted no longer. Where the record was the one
    row of its list that stood for the camera, and others were its duplicates, the first of those takes its place.
    """
    if record.camera_id is None:
        return None
    left = record.camera_id
    for kind in _SOURCES:
        registry.withdraw_claims([f"record:{record.pk}"], source_kind=kind, at=at)
    vault.withdraw_secrets([f"record:{record.pk}"], at=at)
    Judgement.objects.filter(record=record, camera_id=left, verdict="same", withdrawn_at__isnull=True).update(
        withdrawn_at=at, withdrawn_by=str(by)
    )
    registry.fold_cameras([left], happened_at=at, at=at, by=by, why=why)
    record.camera_id = None
    record.decision = ""
    record.probability = None
    record.save(update_fields=["camera", "decision", "probability"])
    others = Record.objects.filter(submission_id=record.submission_id, camera_id=left).order_by("id")
    first = others.values_list("pk", flat=True).first()
    if first is not None and not others.exclude(decision="duplicate").exists():
        Record.objects.filter(pk=first).update(decision="matched")
    return left


def withdraw_questions(record_ids: Sequence[int], *, at: datetime, by: Actor) -> None:
    """What a person was asked about these records is answered."""
    for condition in bulk.named(record_ids, column="record_id"):
        Judgement.objects.filter(
            condition, ~Q(verdict="same"), by_kind="model", withdrawn_at__isnull=True
        ).update(withdrawn_at=at, withdrawn_by=str(by))  # fmt: skip


def judge_all(
    said: Iterable[tuple[int, int, str, float, str]], *, at: datetime, by: Actor, run: int | None = None
) -> None:
    """Keeps the model's words: record, camera, verdict, probability, why."""
    rows = list(said)
    first = bulk.reserve_ids(Judgement, count=len(rows))
    made = bulk.instant(at)
    bulk.insert_rows(
        Judgement,
        columns=["id", "record_id", "camera_id", "verdict", "by_kind", "by", "run_id", "probability", "why", "made_at",
                 "withdrawn_by"],
        rows=(
            (first + i, record, camera, verdict, "model", str(by), run, probability, why, made, "")
            for i, (record, camera, verdict, probability, why) in enumerate(rows)
        ),
    )  # fmt: skip


def settle(outcome: Mapping[int, tuple[str, int | None, float]]) -> None:
    """Writes what became of records: record -> decision, camera, probability."""
    bulk.update_rows(
        Record,
        columns=["decision", "camera_id", "probability"],
        rows=((decision, camera, probability, record) for record, (decision, camera, probability) in outcome.items()),
    )
