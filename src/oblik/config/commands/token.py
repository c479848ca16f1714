"""`oblik token`: keys with which programs use the API in somebody's name."""

from datetime import datetime
from typing import Final

import click
from django.utils.timezone import get_default_timezone

from oblik.accounts import tokens
from oblik.accounts.queries import SECOND_FACTOR, VERBS, Reach
from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, print_table

_DAYS: Final = 90
_RIGHTS: Final = ", ".join(verb for verb in VERBS if verb not in SECOND_FACTOR)


@click.group()
def token() -> None:
    """Access tokens for programs: issued, listed, revoked."""


@token.command()
@click.argument("person")
@click.option("--verbs", default="see", show_default=True, help=f"Rights with commas between: {_RIGHTS}.")
@click.option("--owner", "owners", multiple=True, help="Only of this owner; may be repeated.")
@click.option("--district", "districts", multiple=True, help="Only in this district; may be repeated.")
@click.option("--campaign", "campaigns", multiple=True, help="Only in this campaign; may be repeated.")
@click.option("--days", default=_DAYS, show_default=True, help="How long it is good, at most 366.")
@click.option("--note", required=True, help="What it is for.")
def issue(
    person: str, verbs: str, owners: tuple[str, ...], districts: tuple[str, ...], campaigns: tuple[str, ...], days: int,
    note: str,
) -> None:  # fmt: skip
    """Issue a token to somebody and print it, this once. It gives no more than the person has.

    What shows secrets or pictures is left to the page of the one who signed in with a second factor.
    """
    reach = Reach(owners=frozenset(owners), districts=frozenset(districts), campaigns=frozenset(campaigns))
    issued = tokens.issue_token(
        person, verbs={verb.strip() for verb in verbs.split(",") if verb.strip()}, days=days, note=note,
        by=console_actor(), at=now(), reach=reach,
    )  # fmt: skip
    click.echo(f"Token {issued.number}, good for {days} days:")
    click.echo(issued.token)


@token.command()
@click.argument("number", type=int)
@click.option("--why", required=True, help="The reason, as the journal keeps it.")
def revoke(number: int, why: str) -> None:
    """End a token at once."""
    tokens.revoke_token(number, by=console_actor(), at=now(), why=why)
    click.echo(f"Token {number} is revoked.")


@token.command(name="list")
@click.option("--person", default=None, help="Of this person alone.")
@click.option("--all", "everything", is_flag=True, help="Revoked ones and those that ran out, too.")
@as_json
def list_(person: str | None, everything: bool, json_wanted: bool) -> None:
    """List tokens; what they are is nowhere kept, only the last four signs."""
    at = now()
    found = [one for one in tokens.tokens(of=person) if everything or one.is_good(at)]
    if json_wanted:
        print_json(found)
        return
    print_table(
        ["No.", "Person", "Ends with", "Rights", "For", "Good until", "Last used", "Revoked"],
        rows=[
            (one.number, one.person, one.hint, ", ".join(one.verbs), one.note, _moment(one.expires_at),
             _moment(one.last_used_at), _moment(one.revoked_at))
            for one in found
        ],
    )  # fmt: skip


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(get_default_timezone()):%Y-%m-%d %H:%M}" if at else ""
