"""`oblik owner`: the organisations that keep cameras."""

import click

from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, print_table
from oblik.config.commands.rights import within
from oblik.registry import actions, queries
from oblik.registry.logic.fields import OWNER_KINDS


@click.group()
def owner() -> None:
    """Organisations on whose books cameras stand."""


@owner.command()
@click.argument("code")
@click.option("--name", required=True, help="Full name, as documents print it.")
@click.option("--kind", required=True, type=click.Choice(OWNER_KINDS), help="What sort of organisation it is.")
def add(code: str, name: str, kind: str) -> None:
    """Add an owner."""
    actions.add_owner(code, name=name, kind=kind, by=console_actor(), at=now())
    click.echo(f"Owner {code} added.")


@owner.command(name="list")
@as_json
def list_(json_wanted: bool) -> None:
    """List owners with their cameras."""
    found = queries.owners(within=within())
    if json_wanted:
        print_json([{"code": o.code, "name": o.name, "kind": o.kind, "cameras": o.cameras} for o in found])
        return
    print_table(["Code", "Name", "Kind", "Cameras"], rows=[(o.code, o.name, o.kind, o.cameras) for o in found])
