"""What is done on site: rounds handed out and called off, checks taken exactly once, cameras met there settled."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.db import kept_files, turns
from oblik.inventory import queries
from oblik.inventory.logic import field
from oblik.inventory.logic.field import Check, Fix
from oblik.inventory.logic.walk import short_way, way_m
from oblik.inventory.models import Campaign as CampaignTable
from oblik.inventory.models import FieldCheck, FieldPhoto, Round, Stop
from oblik.journal import actions as journal
from oblik.registry import around, attaching
from oblik.registry import queries as registry
from oblik.registry.actions import REGISTER, NewClaim, add_claims, create_cameras, fold_cameras, withdraw_claims
from oblik.registry.logic.photos import photo_of
from oblik.registry.logic.pins import pinned
from oblik.registry.logic.records import Value, dumped

MOST_STOPS: Final = 100
MOST_PHOTOS: Final = 6
PHOTO_BYTES: Final = 15_000_000
_SOURCE: Final = "field_check"
_LONGEST_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a check. known: it had come before. changed: fields of the camera that somebody changed after the
    phone had read them. near: for a camera met on site, those of the register that it may be. gone: the camera is no
    longer in the register, so that nothing was changed."""

    id: UUID
    known: bool
    camera: str
    changed: tuple[str, ...] = ()
    near: tuple[Mapping[str, object], ...] = ()
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """Who walks when, from where (lon_deg, lat_deg), and a word to them."""

    worker: str
    day: date
    start: tuple[float, float] | None = None
    name: str = ""


def make_round(
    campaign: str, *, cameras: Sequence[str], walk: Walk, by: Actor, at: datetime, within: Scope = EVERYWHERE
) -> int:
    """Hands out a round: its number. The cameras are put into the order of a short walk from the start.

    within: where the worker may see; Conflict where a camera lies outside of it, or stands nowhere.
    """
    codes = list(dict.fromkeys(cameras))
    if not 0 < len(codes) <= MOST_STOPS:
        raise InvalidInput(msg("A round has from 1 to {most} cameras, not {value}."), most=MOST_STOPS, value=len(codes))
    queries.require_open(campaign)
    found = {one.code: one for one in around.placed_near(None, most=len(codes), codes=codes, within=within)}
    unseen = [code for code in codes if code not in found]
    if unseen:
        raise Conflict(
            msg("{worker} cannot be sent to {value}: the camera has no place, or lies outside of what they may see."),
            worker=walk.worker, value=unseen[0],
        )  # fmt: skip
    places = [(found[code].lon_deg, found[code].lat_deg) for code in codes]
    order = short_way(places, start=walk.start)
    ids = {code: registry.camera_id(code) for code in codes}
    with turns.turn(f"rounds:{campaign}"):
        made = Round.objects.create(
            campaign=CampaignTable.objects.get(code=campaign), day=walk.day, worker=walk.worker,
            name=walk.name.strip()[:200],
            start_lon_deg=walk.start[0] if walk.start else None, start_lat_deg=walk.start[1] if walk.start else None,
            way_m=way_m([places[n] for n in order], start=walk.start), made_at=at, made_by=str(by),
        )  # fmt: skip
        Stop.objects.bulk_create(
            Stop(round=made, place=place, camera_id=ids[codes[n]]) for place, n in enumerate(order, 1)
        )
        details = {"worker": walk.worker, "day": walk.day.isoformat(), "cameras": len(codes)}
        journal.record(subject=f"round:{made.pk}", what="handed_out", by=by, at=at, details=details)
    return made.pk


def call_off_round(number: int, *, by: Actor, at: datetime, why: str) -> None:
    """Takes a round back; what was checked in it stays. Conflict where it was called off already."""
    if not why.strip():
        raise InvalidInput(msg("Say why: a reason is kept with every change."))
    with turns.turn(f"round:{number}"):
        found = Round.objects.filter(pk=number).first()
        if found is None:
            raise NotFound(msg("There is no round {value}."), value=number)
        if found.called_off_at is not None:
            raise Conflict(msg("The round {value} was called off already."), value=number)
        found.called_off_at = at
        found.save(update_fields=["called_off_at"])
        journal.record(subject=f"round:{number}", what="called_off", by=by, at=at, why=why.strip())


def take_check(
    check: Check, *, photos: Sequence[Path] = (), worker: str, by: Actor, at: datetime, within: Scope
) -> Taken:
    """Takes what somebody said on site, exactly once: sent again it changes nothing and is answered as before.

    within: where the worker may hand in. A round is the worker's own or it is not there. Conflict where the same id
    comes with other content, where the round was called off, or where the campaign is frozen.
    """
    digest = field.digest(check, photos=[kept_files.sha256_of(path) for path in photos])
    known = _known(check.id, digest=digest, by=by)
    if known is not None:
        return known
    checked = _checked_input(check, photos=photos)
    near = _near(checked, within=within) if checked.answer == "new" else ()
    with turns.turn(REGISTER):
        known = _known(check.id, digest=digest, by=by)  # the same, sent twice at once
        if known is not None:
            return known
        of = _own_round(checked.round, worker=worker)
        happened_at = field.happened_at(checked, received_at=at)
        seen = None
        if checked.answer != "new":
            seen = around.at_version(checked.camera, version=checked.seen_version, within=within)
        made = FieldCheck.objects.create(
            uuid=checked.id, digest=digest, campaign_id=of.campaign_id, round=of, camera_id=seen.id if seen else None,
            answer=checked.answer, said_at=happened_at, received_at=at, by=str(by), note=checked.note,
            said=json.dumps(asdict(checked), default=str, ensure_ascii=False, sort_keys=True),
        )  # fmt: skip
        with journal.gathered():
            taken = _applied(checked, made, seen=seen, by=by, at=at) if seen else Taken(checked.id, False, "", (), near)
            _keep_photos(made, photos, camera="" if taken.gone else taken.camera, by=by, at=at)
            made.told = json.dumps(asdict(taken), default=str, ensure_ascii=False)
            made.save(update_fields=["told"])
            journal.record(
                subject=f"camera:{taken.camera}" if taken.camera else f"check:{checked.id}", what="checked_on_site",
                by=by, at=at, why=checked.note, details={"check": str(checked.id), "answer": checked.answer,
                                                         "round": of.pk, "photos": len(photos)},
            )  # fmt: skip
    return taken


def _known(number: UUID, *, digest: str, by: Actor) -> Taken | None:
    found = FieldCheck.objects.filter(uuid=number).first()
    if found is None:
        return None
    if found.digest != digest or found.by != str(by):
        raise Conflict(
            msg("The check {value} was sent before with other content; make it anew."), code="other_content",
            value=number,
        )  # fmt: skip
    told = json.loads(found.told)
    return Taken(number, True, told["camera"], tuple(told["changed"]), tuple(told["near"]), told["gone"])


def _checked_input(check: Check, *, photos: Sequence[Path]) -> Check:
    """The check with values as the register keeps them; InvalidInput names what cannot be."""
    if check.answer not in field.ANSWERS:
        raise InvalidInput(msg("“{value}” is no answer of a check."), value=check.answer)
    if check.answer == "new" and check.place is None:
        raise InvalidInput(msg("Say where the new camera is: wait for a position, or set it on the map."))
    if len(photos) > MOST_PHOTOS or any(path.stat().st_size > PHOTO_BYTES for path in photos):
        raise InvalidInput(
            msg("A check takes {most} photos of up to {size} MB."), most=MOST_PHOTOS, size=PHOTO_BYTES // 1_000_000
        )
    for fix in (check.stood, check.place):
        if fix is not None:
            for name in ("lon_deg", "lat_deg", "accuracy_m"):
                pinned(name, getattr(fix, name))
    if check.bearing_deg is not None:
        check = replace(check, bearing_deg=float(pinned("bearing_deg", check.bearing_deg)))
    values = {name: pinned(name, value) for name, value in check.values.items() if name in field.TOLD}
    return replace(check, values=values, note=check.note.strip()[:_LONGEST_NOTE])


def _own_round(number: int, *, worker: str) -> Round:
    found = Round.objects.select_related("campaign").filter(pk=number, worker=worker).first()
    if found is None:
        raise NotFound(msg("There is no round {value} of yours."), value=number)
    if found.called_off_at is not None:
        raise Conflict(msg("The round {value} was called off; ask who gave it to you."), value=number)
    if found.campaign.state != "open":
        raise Conflict(msg("The campaign {value} is frozen: nothing more is taken."), value=found.campaign.code)
    return found


def _near(check: Check, *, within: Scope) -> tuple[Mapping[str, object], ...]:
    assert check.place is not None
    place = check.place.lon_deg, check.place.lat_deg
    found = around.placed_near(place, most=5, within=within)
    reach_m = max(field.DOUBLES_M, check.place.accuracy_m)
    return tuple({"code": one.code, "distance_m": round(one.distance_m)} for one in found if one.distance_m <= reach_m)


def _applied(check: Check, made: FieldCheck, *, seen: around.AtVersion, by: Actor, at: datetime) -> Taken:
    """Writes the check's claim and folds its camera. The newest word on site replaces older ones: each says all that
    is visible; that a camera was not found leaves what was seen of it before."""
    if not seen.sources:
        return Taken(check.id, False, seen.code, gone=True)
    values = field.claim_of(check, seen=seen.seen, now=seen.values)
    changed = field.changed_since(seen.seen, seen.values)
    if values is None:
        return Taken(check.id, False, seen.code, changed)
    states = ("lost",) if check.answer == "not_found" else ()
    _claim(seen.id, made, values, replaced=around.field_sources(seen.id, states=states), by=by, at=at)
    return Taken(check.id, False, seen.code, changed)


def _claim(
    camera: int, made: FieldCheck, values: Mapping[str, Value], *, replaced: Sequence[str], by: Actor, at: datetime
) -> None:
    withdraw_claims(replaced, source_kind=_SOURCE, at=at)
    add_claims([NewClaim(camera, _SOURCE, f"check:{made.uuid}", None, made.said_at, dumped(values))], at=at)
    fold_cameras([camera], happened_at=made.said_at, at=at, by=by, why=made.note)


def _keep_photos(made: FieldCheck, photos: Sequence[Path], *, camera: str, by: Actor, at: datetime) -> None:
    """Seals each photo as it came and what is shown of it; with a camera they stand in its passport too."""
    for path in photos:
        photo, sha256 = photo_of(path.read_bytes(), name=path.name), kept_files.sha256_of(path)
        kept_files.keep(path, sha256=sha256)
        FieldPhoto.objects.get_or_create(
            check_made=made, sha256=sha256,
            defaults={"file_name": path.name, "shown_sha256": kept_files.keep_bytes(photo.shown),
                      "lon_deg": photo.lon_deg, "lat_deg": photo.lat_deg},
        )  # fmt: skip
        if camera:
            attaching.attach(camera, path=path, what=made.note, by=by, at=at)


def settle_met(
    number: UUID, *, how: str, by: Actor, at: datetime, why: str = "", camera: str = "", owner: str = "",
    within: Scope = EVERYWHERE,
) -> str:  # fmt: skip
    """Says what a camera met on site is: the code of the camera that it was taken for, "" where it was dismissed.

    how: "same" as a known camera, "entered" as a new one of an owner, or "dismissed" with a reason.
    """
    if how not in field.SETTLED or (how == "dismissed" and not why.strip()):
        raise InvalidInput(msg("Choose what it is; say why where it is no camera."))
    with turns.turn(REGISTER):
        made = FieldCheck.objects.select_related("campaign").filter(uuid=number, answer="new").first()
        if made is None:
            raise NotFound(msg("There is no check {value}."), value=number)
        if made.settled_how:
            raise Conflict(msg("Somebody has settled this already."))
        check = _said(made)
        found = 0
        if how == "same":
            found = registry.standing_id(camera, within=within)
        elif how == "entered":
            found, _codes = create_cameras([registry.owner_id(owner)], at=at)
        code = registry.codes_of([found])[found] if found else ""
        with journal.gathered():
            if found:
                values = field.claim_of(check, seen={}, now={}) or {}
                _claim(found, made, values, replaced=(), by=by, at=at)
                _attach_kept(made, code, by=by, at=at)
            made.camera_id, made.settled_how, made.settled_at, made.settled_by = found or None, how, at, str(by)
            made.save(update_fields=["camera", "settled_how", "settled_at", "settled_by"])
            journal.record(
                subject=f"camera:{code}" if code else f"check:{number}", what="met_on_site_settled", by=by, at=at,
                why=why.strip(), details={"check": str(number), "how": how, "owner": owner},
            )  # fmt: skip
    return code


def _attach_kept(made: FieldCheck, code: str, *, by: Actor, at: datetime) -> None:
    for photo in made.photos.order_by("pk"):
        with kept_files.opened(photo.sha256, file_name=photo.file_name) as path:
            attaching.attach(code, path=path, what=made.note, by=by, at=at, file_name=photo.file_name)


def _said(made: FieldCheck) -> Check:
    """The check as it was sent, read back."""
    said = json.loads(made.said)
    place = Fix(**said["place"]) if said["place"] else None
    return Check(
        id=made.uuid, round=made.round_id, answer="new", said_at=made.said_at, place=place,
        bearing_deg=said["bearing_deg"], values=said["values"], note=made.note,
    )  # fmt: skip
