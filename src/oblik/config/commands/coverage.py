"""`oblik coverage`: what cameras see."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import shapely
from django.utils import timezone

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, UnreadableFile, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table, progress_bar
from oblik.config.commands.rights import within
from oblik.coverage import actions, queries
from oblik.coverage.logic.density import DEFAULT_SCALE, SCALES
from oblik.coverage.queries import Freshness, Seen

_WHY_NOT: Final = {
    "": "",
    "too_far": "too far",
    "outside_view": "outside the field of view",
    "dead_zone": "in the dead zone under the mount",
    "behind_wall": "behind a wall",
    "above_view": "above the field of view",
    "not_in_service": "was not in service",
    "not_there_then": "was not there then",
}
_scale = click.option("--scale", type=click.Choice(list(SCALES)), default=DEFAULT_SCALE, show_default=True,
                      help="Scale of the bands: dori (IEC/EN 62676-4:2014) or tasks (the newer one).")  # fmt: skip
_at = click.option(
    "--at", "at_text", default="", metavar="INSTANT", help="As it was then: 2026-05-01T12:00 (default now)."
)


@click.group()
def coverage() -> None:
    """What cameras see: footprints, who sees a place or a way."""


@coverage.command()
@click.option("--anew", is_flag=True, help="Compute today's footprints again, changed or not.")
@as_json
def update(anew: bool, json_wanted: bool) -> None:
    """Bring footprints up to date with the register and the map; only what changed is computed. Can be stopped and run
    again."""
    with progress_bar("Coverage") as report:
        done = actions.update(by=console_actor(), at=now(), report=report, anew=anew)
    if json_wanted:
        print_json(done)
        return
    click.echo(
        f"{done.versions} versions followed, {done.checked} footprints checked against a newer map: "
        f"{done.computed} written, {done.ended} ended."
    )


@coverage.command()
@click.argument("code")
@click.option("--geojson", "output", required=True, type=click.Path(path_type=Path), help="File to write.")
@_scale
@_at
def footprint(code: str, output: Path, scale: str, at_text: str) -> None:
    """Write what a camera sees as GeoJSON, one feature per band; `certain` is false where it only may see."""
    grounds = queries.ground_of(code, at=_instant(at_text), scale=scale, within=within())
    features = [
        {
            "type": "Feature",
            "properties": {
                "camera": one.camera, "band": one.band, "scale": one.scale, "certain": one.certain,
                "time_share": round(one.share, 3), "assumed": list(one.assumed),
            },
            "geometry": json.loads(shapely.to_geojson(shapely.set_precision(one.area, 1e-8))),
        }
        for one in grounds
    ]  # fmt: skip
    output.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    output.write_text(text, encoding="utf-8")
    click.echo(f"{len(features)} bands of {code} written to {output}")
    _warn(queries.freshness())


@coverage.command()
@click.option("--lon", required=True, type=float, help="Longitude, degrees.")
@click.option("--lat", required=True, type=float, help="Latitude, degrees.")
@_at
@_scale
@as_json
def seeing(lon: float, lat: float, at_text: str, scale: str, json_wanted: bool) -> None:
    """Tell which cameras see a place, and why others near it do not."""
    at = _instant(at_text)
    seen = queries.cameras_seeing((lon, lat), at=at, scale=scale, within=within())
    missed = queries.near_misses(lon, lat, at=at, scale=scale, within=within())
    if json_wanted:
        print_json([_told(one) for one in (*seen, *missed)])
        return
    print_table(
        ["Camera", "Band", "px/m", "Distance, m", "Bearing, °", "Line of sight", "Certain", "Why not"],
        rows=[
            (one.camera, "" if one.why_not else one.band, "" if one.why_not else round(one.px_per_m),
             round(one.distance_m, 1), round(one.bearing_deg), _word(one.line_of_sight), _word(one.certain), _why(one))
            for one in (*seen, *missed)
        ],
        title=f"{len(seen)} cameras see {lon}, {lat}",
    )  # fmt: skip
    _warn(queries.freshness())


@coverage.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--speed-kmh", required=True, type=float, help="Speed along the route.")
@_at
@_scale
@as_json
def route(file: Path, speed_kmh: float, at_text: str, scale: str, json_wanted: bool) -> None:
    """Tell which cameras see a route, in order, with entry and exit times; FILE is a GeoJSON LineString."""
    at = _instant(at_text)
    passed = queries.cameras_along(_corners(file), speed_kmh=speed_kmh, at=at, scale=scale, within=within())
    if json_wanted:
        print_json([_rounded(one) for one in map(_as_dict, passed)])
        return
    print_table(
        ["Camera", "Band", "Certain", "Enters, s", "Leaves, s", "Nearest, m"],
        rows=[
            (p.camera, p.band, _word(p.certain), round(p.entry_s, 1), round(p.exit_s, 1), round(p.nearest_m, 1))
            for p in passed
        ],
        title=f"{len({one.camera for one in passed})} cameras along the route",
    )  # fmt: skip
    _warn(queries.freshness())


def _instant(text: str) -> datetime | None:
    """The instant that a text names; without an offset it is the city's time. None for no text."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise InvalidInput(
            msg("“{value}” is no instant; write it as 2026-05-01T12:00 or 2026-05-01."), value=text
        ) from wrong
    if found.tzinfo is None:
        found = found.replace(tzinfo=timezone.get_default_timezone())
    return found.astimezone(UTC)


def _corners(file: Path) -> list[tuple[float, float]]:
    """The corners of the one line in a GeoJSON file: bare, in a feature or in a collection."""
    try:
        held: Any = json.loads(file.read_text(encoding="utf-8-sig"))
        if held.get("type") == "FeatureCollection" and len(held["features"]) == 1:
            held = held["features"][0]
        if held.get("type") == "Feature":
            held = held["geometry"]
        if held.get("type") != "LineString":
            raise ValueError(held.get("type"))
        return [(float(corner[0]), float(corner[1])) for corner in held["coordinates"]]
    except OSError as wrong:
        raise UnreadableFile(msg("{file} cannot be read: {reason}."), file=file, reason=wrong.strerror) from wrong
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as wrong:
        raise UnreadableFile(msg("{file} holds no route; it takes one GeoJSON LineString."), file=file) from wrong


def _as_dict(one: Any) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__dataclass_fields__}


def _rounded(told: dict[str, Any]) -> dict[str, Any]:
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in told.items()}


def _told(one: Seen) -> dict[str, Any]:
    told = _rounded(_as_dict(one))
    if not one.why_not:
        for name in ("why_not", "hidden_by"):
            told.pop(name)
    return told


def _why(one: Seen) -> str:
    why = _WHY_NOT[one.why_not]
    if one.hidden_by is not None:
        by = one.hidden_by
        why += f": building {by.building}, {by.height_m:g} m high, {by.distance_m:.0f} m off"
    return why


def _word(flag: bool | None) -> str:
    return "?" if flag is None else "yes" if flag else "no"


def _warn(fresh: Freshness) -> None:
    if not fresh.is_fresh:
        click.echo("Newer data waits: run `oblik coverage update`.", err=True)
