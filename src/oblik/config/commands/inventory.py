"""`oblik inventory`: the documents of a campaign, printed."""

from pathlib import Path

import click
from django.conf import settings

from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, progress_bar
from oblik.config.commands.rights import require_everywhere, within
from oblik.inventory import actions, queries


@click.group()
def inventory() -> None:
    """The documents of a count: inventory lists, reconciliation statements, protocol, act, workbook."""


@inventory.command()
@click.option("--campaign", required=True, help="Code of the campaign.")
@click.option("--output", required=True, type=click.Path(file_okay=False, path_type=Path), help="Folder to write into.")
@click.option(
    "--language",
    type=click.Choice([code for code, _name in settings.LANGUAGES]),
    default=settings.LANGUAGE_CODE,
    show_default=True,
    help="Language of the documents.",
)
@as_json
def act(campaign: str, output: Path, language: str, json_wanted: bool) -> None:
    """Print all documents of a campaign: PDF papers and the workbook whose totals open to their rows."""
    queries.require(campaign, within=within("export"))
    require_everywhere("export", campaign=campaign)
    with progress_bar("Documents") as progress:
        written = actions.write_documents(
            campaign, directory=output, language=language, by=console_actor(), at=now(), progress=progress
        )
    if json_wanted:
        print_json([{"file": str(path), "size_bytes": path.stat().st_size} for path in written])
        return
    for path in written:
        click.echo(str(path))
