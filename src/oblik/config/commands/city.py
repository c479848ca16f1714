"""`oblik city`: address points and renamed streets."""

from pathlib import Path
from typing import Final

import click

from oblik.base.clock import now
from oblik.city import actions, queries
from oblik.city.actions import LoadReport
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


@click.group()
def city() -> None:
    """Streets and addresses of the city: load its tables."""


@city.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@as_json
def load(files: tuple[Path, ...], json_wanted: bool) -> None:
    """Load csv tables of address points and renamed streets. The same file again changes nothing; a newer file of the
    same name replaces the older one."""
    reports = actions.load_files(files, by=console_actor(), at=now())
    if json_wanted:
        print_json({"files": reports, "loaded": queries.counts()})
        return
    print_table(
        ["File", "Kind", "Rows", "Points", "Renames", "Skipped", "Result"],
        rows=[(r.file, r.kind, r.rows, r.points, r.renames, len(r.skipped), _result(r)) for r in reports],
    )
    for report in reports:
        _tell_skipped(report)
    have = queries.counts()
    click.echo(f"Loaded in all: {have.points} points, {have.renames} renames, {have.streets} streets.")


def _result(report: LoadReport) -> str:
    if report.known:
        return "loaded before, nothing changed"
    return "replaced the older file" if report.replaced else "loaded"


def _tell_skipped(report: LoadReport) -> None:
    for one in report.skipped[:_SHOWN]:
        click.echo(f"{report.file}, line {one.line}, {one.column} = “{one.value}”: {_REASONS[one.reason]}.")
    if len(report.skipped) > _SHOWN:
        click.echo(f"{report.file}: {len(report.skipped) - _SHOWN} more rows skipped; --json lists them all.")
