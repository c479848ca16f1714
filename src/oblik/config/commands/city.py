"""`oblik city`: addresses, renamed streets, maps and terrain; where an address is."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from oblik.base.clock import now
from oblik.city import actions, queries
from oblik.city.actions import LoadReport, Options
from oblik.city.logic.gazetteer import Resolved
from oblik.city.logic.heights import STOREY_M
from oblik.city.logic.properties import PLAIN_LAYERS
from oblik.config.commands.output import as_json, console_actor, print_json, print_table

_REASONS: Final = {
    "no_street": "no street name; write one",
    "no_house": "no house number; write one with digits",
    "no_latitude": "no latitude between -90 and 90 degrees; write it as a decimal number",
    "no_longitude": "no longitude between -180 and 180 degrees; write it as a decimal number",
    "no_old_name": "no former name; nothing to load from this row",
    "no_new_name": "no present name; write it in Ukrainian or Russian",
    "too_long": "longer than a name can be; look for a missing separator",
}
_SHOWN: Final = 20
LAYERS: Final = (*PLAIN_LAYERS, "terrain")


@click.group()
def city() -> None:
    """The city's addresses, streets, buildings and terrain: load them, find a place, draw the base map."""


@city.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as",
    "layer",
    default="",
    type=click.Choice(["", *LAYERS]),
    show_choices=True,
    help="What a GeoJSON or GeoPackage holds, where its columns do not tell.",
)
@click.option("--source", default="", help="Whose newer extract this is; the file's name without its date otherwise.")
@click.option("--as-of", "as_of", default=None, type=click.DateTime(["%Y-%m-%d"]), help="The day that a map shows.")
@click.option("--storey-height", "storey_m", default=STOREY_M, show_default=True, help="Metres of one storey.")
@as_json
def load(
    files: tuple[Path, ...], layer: str, source: str, as_of: datetime | None, storey_m: float, json_wanted: bool
) -> None:
    """Load tables of addresses and renamed streets (csv), OpenStreetMap extracts (.osm.pbf, .osm), maps (GeoJSON,
    GeoPackage) and heights of the ground (GeoTIFF). The same file again changes nothing; a newer file of the same name
    or source ends what the older one held and it does not."""
    options = Options(layer=layer, source=source, stands_at=as_of and as_of.replace(tzinfo=UTC), storey_m=storey_m)
    reports = actions.load_files(files, by=console_actor(), at=now(), options=options)
    if json_wanted:
        print_json({"files": reports, "loaded": queries.counts(), "layers": queries.layer_counts()})
        return
    print_table(
        ["File", "Kind", "Rows", "Points", "Renames", "Skipped", "Result"],
        rows=[(r.file, r.kind, r.rows, r.points, r.renames, len(r.skipped), _result(r)) for r in reports],
    )
    for report in reports:
        _tell_skipped(report)
        _tell_stored(report)
    have = queries.counts()
    click.echo(f"Loaded in all: {have.points} points, {have.renames} renames, {have.streets} streets.")


@city.command()
@click.argument("text", nargs=-1)
@click.option("--lon", "lon_deg", type=float, help="Longitude of a place whose address is wanted, in degrees.")
@click.option("--lat", "lat_deg", type=float, help="Its latitude.")
@as_json
def find(text: tuple[str, ...], lon_deg: float | None, lat_deg: float | None, json_wanted: bool) -> None:
    """Find where an address, a corner or a place known by name lies; or, with --lon and --lat, which house stands
    there. Several answers where the text fits several places."""
    asked = " ".join(text).strip()
    if bool(asked) == (lon_deg is not None and lat_deg is not None):
        raise click.UsageError("give either a text or both --lon and --lat")
    if lon_deg is not None and lat_deg is not None:
        found = queries.find_at(lon_deg, lat_deg)
    else:
        found = queries.find(asked)
    if json_wanted:
        print_json([_place(one) for one in found])
        return
    if not found:
        click.echo("Nothing known is meant by this; look at the spelling, or load more of the city.")
        return
    print_table(
        ["Place", "District", "Longitude", "Latitude", "Accuracy, m", "Matched"],
        rows=[
            (_address(r), r.district, f"{r.lon_deg:.6f}", f"{r.lat_deg:.6f}", f"{r.accuracy_m:.0f}", r.matched)
            for r in found
        ],
    )


@city.command()
@as_json
def tiles(json_wanted: bool) -> None:
    """Draw the base map of all that is loaded: one file of tiles, from which the desk's map is drawn."""
    drawn = actions.draw_base_map(by=console_actor(), at=now())
    if json_wanted:
        print_json(drawn)
        return
    told = ", ".join(f"{count} {layer}" for layer, count in sorted(drawn.features.items()))
    click.echo(f"{drawn.file}: {drawn.bytes / 1e6:.1f} MB; {told}.")


def _place(one: Resolved) -> dict[str, object]:
    return {
        "lon": one.lon_deg,
        "lat": one.lat_deg,
        "accuracy_m": one.accuracy_m,
        "matched": one.matched,
        "address": _address(one),
        "street": one.street,
        "house": one.house,
        "district": one.district,
        "settlement": one.settlement,
    }


def _address(one: Resolved) -> str:
    return f"{one.street}, {one.house}" if one.house else one.street


def _result(report: LoadReport) -> str:
    if report.known:
        return "loaded before, nothing changed"
    return "replaced the older file" if report.replaced else "loaded"


def _tell_stored(report: LoadReport) -> None:
    if report.stored is None:
        return
    parts = []
    for word, counts in (
        ("new", report.stored.added),
        ("changed", report.stored.changed),
        ("as before", report.stored.unchanged),
        ("ended", report.stored.ended),
    ):
        told = ", ".join(f"{count} {layer}" for layer, count in sorted(counts.items()))
        parts.append(f"{word}: {told}" if told else "")
    whose = f" ({report.source})" if report.source else ""
    click.echo(f"{report.file}{whose}: " + "; ".join(part for part in parts if part) + ".")


def _tell_skipped(report: LoadReport) -> None:
    for one in report.skipped[:_SHOWN]:
        click.echo(f"{report.file}, line {one.line}, {one.column} = “{one.value}”: {_REASONS[one.reason]}.")
    if len(report.skipped) > _SHOWN:
        click.echo(f"{report.file}: {len(report.skipped) - _SHOWN} more rows skipped; --json lists them all.")
