"""`oblik check-data`: the project's own invariants, looked at."""

import sys
from collections.abc import Iterator

import click

from oblik.base.findings import Broken
from oblik.config.commands.output import as_json, print_json
from oblik.coverage import checks as coverage
from oblik.intake import checks as intake
from oblik.intake import queries
from oblik.inventory import checks as inventory_checks
from oblik.inventory import queries as inventory
from oblik.journal import checks as journal
from oblik.registry import checks as registry


def _campaigns() -> Iterator[Broken]:
    """A list names its campaign by a code, not by a key of the database: this check stands in for the key."""
    known = {c.code for c in inventory.campaigns()}
    for line in queries.submissions():
        if line.campaign not in known:
            yield Broken("campaign_known", f"submission:{line.id}", f"its campaign “{line.campaign}” does not exist")


@click.command(name="check-data")
@as_json
def check_data(json_wanted: bool) -> None:
    """Verify Oblik's own invariants; exit code 1 if one is broken."""
    found = [
        *journal.broken(),
        *registry.broken(),
        *intake.broken(),
        *inventory_checks.broken(),
        *coverage.broken(),
        *_campaigns(),
    ]
    if json_wanted:
        print_json([{"rule": b.rule, "subject": b.subject, "said": b.said} for b in found])
    else:
        for b in found:
            click.echo(f"{b.rule}: {b.subject} {b.said}")
        rules = (
            len(journal.RULES)
            + len(registry.RULES)
            + len(intake.RULES)
            + len(inventory_checks.RULES)
            + len(coverage.RULES)
            + 1
        )
        click.echo(f"{rules} rules looked at, {len(found)} broken." if found else f"All {rules} rules hold.")
    if journal.unguarded_role():
        click.echo("Note: the database role in use owns the journal; see docs/guide/audit.md.", err=True)
    if found:
        sys.exit(1)
