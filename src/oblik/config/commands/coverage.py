"""`oblik coverage`: what cameras see."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click
import shapely
from django.utils import timezone

from oblik.base.clock import now
from oblik.base.errors import InvalidInput, NotFound, UnreadableFile, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table, progress_bar
from oblik.config.commands.rights import within
from oblik.coverage import actions, placing, queries, surveying
from oblik.coverage import sums as kept_sums
from oblik.coverage.documents.folder import write_report
from oblik.coverage.documents.tables import Owners
from oblik.coverage.logic.density import DEFAULT_SCALE, SCALES
from oblik.coverage.logic.surface import BANDS
from oblik.coverage.logic.weights import candidates_of, places_of
from oblik.coverage.queries import Freshness, Seen
from oblik.registry import queries as registry

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
_CHANGES: Final = {"new": "new camera", "reaim": "turn", "ask": "ask the owner to share", "repair": "repair"}
_scale = click.option("--scale", type=click.Choice(list(SCALES)), default=DEFAULT_SCALE, show_default=True,
                      help="Scale of the bands: dori (IEC/EN 62676-4:2014) or tasks (the newer one).")  # fmt: skip
_at = click.option(
    "--at", "at_text", default="", metavar="INSTANT", help="As it was then: 2026-05-01T12:00 (default now)."
)


@click.group()
def coverage() -> None:
    """What cameras see: footprints, who sees a place or a way, sums, and where the next one goes."""


@coverage.command()
@click.option("--anew", is_flag=True, help="Compute today's footprints again, changed or not.")
@click.option("--sums/--no-sums", "add_up", default=True, help="Add up what is seen as well, as `coverage sums` does.")
@as_json
def update(anew: bool, add_up: bool, json_wanted: bool) -> None:
    """Bring footprints up to date with the register and the map, then their sums; only what changed is computed. Can be
    stopped and run again."""
    with progress_bar("Coverage") as report:
        done = actions.update(by=console_actor(), at=now(), report=report, anew=anew)
        if add_up:
            surveying.renew(by=console_actor(), at=now(), report=report)
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


@coverage.command()
@click.option("--anew", is_flag=True, help="Add everything up again, changed or not.")
@as_json
def sums(anew: bool, json_wanted: bool) -> None:
    """Add up what is seen, for the report and the pages; only what changed. Can be stopped and run again."""
    with progress_bar("Sums") as report:
        done = surveying.renew(by=console_actor(), at=now(), report=report, anew=anew)
    if json_wanted:
        print_json(done)
        return
    click.echo(f"{done.surveys} surveys: {done.computed} blocks added up, {done.kept} as they were.")
    _warn(queries.freshness())


@coverage.command()
@click.option("--output", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder to write to.")
@as_json
def report(output: Path, json_wanted: bool) -> None:
    """Write what is seen and what is not: report.pdf (and in two other languages), coverage.gpkg, tables.xlsx, CSV."""
    scope = within()
    with progress_bar("Sums") as bar:
        surveying.renew_part(scope, by=console_actor(), at=now(), report=bar)
    found = kept_sums.survey(within=scope)
    if found is None:
        raise NotFound(msg("No camera in service sees anything yet; run `oblik coverage update`."))
    lines = registry.owners(within=scope)
    owners = Owners({one.code: one.name for one in lines}, {one.code: one.kind for one in lines})
    day = timezone.localtime(now()).date()
    written = write_report(output, survey=found, owners=owners, issued_on=day)
    if json_wanted:
        print_json({"files": [str(path) for path in written], "cameras": found.totals.cameras})
    else:
        for path in written:
            click.echo(str(path))
    _warn(queries.freshness())


@coverage.command()
@click.option("--add", "count", required=True, type=click.IntRange(min=0), help="New cameras at most.")
@click.option(
    "--candidates",
    required=True,
    type=click.Path(path_type=Path),
    help="CSV of places: lon, lat, and height_m (5), cost (1), name.",
)
@click.option(
    "--weights",
    type=click.Path(path_type=Path),
    help="CSV of what matters: lon, lat, weight (default: the map's streets and places, incidents).",
)
@click.option("--budget", type=click.FloatRange(min=0), help="Money for all new cameras together.")
@click.option("--free", type=click.IntRange(min=0), help="Free changes at most: turn, ask, repair (default: as --add).")
@click.option(
    "--band",
    type=click.Choice(list(BANDS)),
    default="detect",
    show_default=True,
    help="Band in which a place must be seen to count.",
)
@click.option("--hfov-deg", default=90.0, show_default=True, help="Field of view of a new camera.")
@click.option("--width-px", default=2560, show_default=True, help="Picture width of a new camera.")
@click.option("--tilt-deg", default=20.0, show_default=True, help="Tilt of a new camera.")
@click.option(
    "--seconds", default=60.0, show_default=True, help="Longest search; the bound tells how good the plan is."
)
@as_json
def place(count: int, candidates: Path, weights: Path | None, budget: float | None, free: int | None,
          json_wanted: bool, **camera: Any) -> None:  # fmt: skip
    """Tell where N more cameras see most of what nobody sees, free changes first; with the bound on the optimum."""
    wanted = placing.Wanted(add=count, budget=budget, free=count if free is None else free, **camera)
    poles = candidates_of(_bytes(candidates))
    matters = places_of(_bytes(weights)) if weights else ()
    found = placing.placement(poles, wanted=wanted, places=matters, within=within())
    if json_wanted:
        print_json(found)
        return
    print_table(
        ["Change", "Where", "Owner", "Lon", "Lat", "Bearing, °", "Cost", "Gain", "Gain, %"],
        rows=[
            (_CHANGES[one.action], one.camera or one.name, one.owner, round(one.lon_deg, 6), round(one.lat_deg, 6),
             "" if one.bearing_deg is None else round(one.bearing_deg), f"{one.cost:g}", round(one.gain, 1),
             round(one.gain_share * 100, 2))
            for one in found.chosen
        ],
        title=f"{found.before:.0f} of {found.points:.0f} points seen now, {found.gain:.0f} more with these",
    )  # fmt: skip
    optimum = "this is the optimum" if found.proven else f"no plan can gain more than {found.bound:.0f}"
    click.echo(f"Gap to the bound {found.gap:.2%}: {optimum}. One by one, greedily: {found.greedy_gain:.0f}.")
    _warn(queries.freshness())


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as wrong:
        raise UnreadableFile(msg("{file} cannot be read: {reason}."), file=file, reason=wrong.strerror) from wrong


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
