"""`oblik secrets`: the keys that device passwords and stream addresses are sealed with."""

import sys

import click

from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, print_table, progress_bar
from oblik.intake.actions import rotation


@click.group()
def secrets() -> None:
    """Device passwords, log-ins and stream addresses: under which key they are, and turning it."""


@secrets.command()
@as_json
def status(json_wanted: bool) -> None:
    """Show each key with how much needs it, and what lies in the clear."""
    found = rotation.state()
    if json_wanted:
        print_json(found)
        return
    rows = [(key.name, key.cameras, key.cells, key.files, key.factors, _said(key)) for key in found.keys]
    print_table(
        ["Key", "Secrets of cameras", "Cells of rows", "Kept files", "Second factors", ""],
        rows=rows,
        title=found.folder,
    )
    for what, count in found.clear.items():
        if count:
            click.echo(f"In the clear: {count} of {what}; run `oblik secrets rotate`.")
    if found.waiting:
        click.echo(f"{found.waiting} rows wait with their secrets for a key; run `oblik secrets rotate --continue`.")
    for name in found.exposed:
        click.echo(f"Others may read the key file {name}; run `chmod 600` on it.")


def _said(key: rotation.KeyState) -> str:
    if not key.held:
        return "MISSING"
    return "active" if key.active else ("" if key.needed else "not needed any more")


@secrets.command()
@click.option("--continue", "go_on", is_flag=True, help="Finish what an earlier run began; make no new key.")
@as_json
def rotate(go_on: bool, json_wanted: bool) -> None:
    """Make a new key and seal everything anew with it; what lies in the clear is sealed too.

    Cut short at any point it loses nothing: run it again with --continue. Old keys stay until `oblik secrets forget`.
    """
    with progress_bar("secrets") as progress:
        done = rotation.rotate(by=console_actor(), at=now(), go_on=go_on, progress=progress)
    if json_wanted:
        print_json(done)
    else:
        click.echo(f"Key: {done.key}. Sealed anew: {done.turned}, for the first time: {done.sealed}.")
    if done.lost:
        click.echo(f"{done.lost} cannot be read with the keys at hand; see `oblik secrets status`.", err=True)
        sys.exit(1)


@secrets.command()
@click.argument("key")
def forget(key: str) -> None:
    """Remove an old key that nothing needs any more; backups from before still need it."""
    rotation.forget(key, by=console_actor(), at=now())
    click.echo(f"{key} removed.")
