"""`oblik demo`: an invented city, made as files and loaded like real data."""

from pathlib import Path

import click
from django.conf import settings

from oblik.base.clock import now
from oblik.config.commands.init import prepare
from oblik.config.commands.output import as_json, console_actor, print_json, progress_bar
from oblik.demo.city import DemoCity, make_city
from oblik.demo.loading import PASSWORD, PEOPLE
from oblik.demo.loading import load as load_city

_seed = click.option("--seed", default=1, show_default=True, help="Same seed, same bytes.")
_cameras = click.option("--cameras", default=3500, show_default=True, help="True cameras in the city.")


@click.group()
def demo() -> None:
    """An invented city of about 3,500 cameras, as the files that real owners send."""


@demo.command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
@_seed
@_cameras
@click.option("--mess", default=1.0, show_default=True, help="0 is nearly clean, 2 is worse than usual.")
@click.option("--profile", default="default", show_default=True, type=click.Choice(["default", "other"]))
@as_json
def make(directory: Path, seed: int, cameras: int, mess: float, profile: str, json_wanted: bool) -> None:
    """Write the city's files, its address tables and truth.csv (which row is which camera) into DIRECTORY."""
    city = make_city(directory, seed=seed, cameras=cameras, mess=mess, profile=profile)  # type: ignore[arg-type]  # click checked the choice
    if json_wanted:
        print_json(
            {
                "city": city.name, "campaign": city.campaign, "tables": [str(p) for p in city.tables],
                "map": str(city.map),
                "owners": [{"code": o.code, "name": o.name, "kind": o.kind} for o in city.owners],
                "files": [{"path": str(f.path), "owner": f.owner} for f in city.files],
                "updates": [{"path": str(f.path), "owner": f.owner} for f in city.updates], "truth": str(city.truth),
            }
        )  # fmt: skip
        return
    click.echo(f"{city.name}: {len(city.files)} lists of {len(city.owners)} owners, truth in {city.truth}")
    for file in city.files:
        click.echo(f"  {file.owner}: {file.path.name}")


@demo.command()
@_seed
@_cameras
def load(seed: int, cameras: int) -> None:
    """Make the city in the data folder and run the main job on it: lists, matching, register, coverage, papers."""
    prepare()
    folder: Path = settings.OBLIK_DATA / "demo"
    city = _made(folder, seed=seed, cameras=cameras)
    with progress_bar("Demo city") as bar:

        def progress(what: str, step: str, share: float) -> None:
            bar(f"{what}: {step}", share)

        done = load_city(city, by=console_actor(), at=now(), progress=progress)
    for run in done.runs:
        click.echo(
            f"Matching run {run.run}: {run.records} records, {run.matched} matched, {run.new} new, "
            f"{run.duplicate} duplicates, {run.review} for review, {run.cameras_added} cameras added"
        )
    click.echo(f"{done.files} lists, {done.records} expected cameras; {len(done.documents)} documents")
    click.echo("Log-ins (password for all: " + PASSWORD + "): " + ", ".join(f"{p[0]} ({p[1]})" for p in PEOPLE))


def _made(folder: Path, *, seed: int, cameras: int) -> DemoCity:
    with progress_bar("Demo city") as bar:
        bar("Making the files", 0.0)
        return make_city(folder, seed=seed, cameras=cameras)
