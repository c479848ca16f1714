"""`oblik campaign`: ordered counts of cameras, their commissions and figures."""

from datetime import datetime
from typing import Final

import click

from oblik.accounts.queries import actor_named, scope_of
from oblik.base.clock import now
from oblik.config.commands.output import as_json, console_actor, print_json, print_table
from oblik.config.commands.rights import require, require_everywhere, within
from oblik.inventory import actions, checking, queries, rounds
from oblik.inventory.logic.campaigns import MEMBER_ROLES, Campaign, Member
from oblik.inventory.logic.figures import OwnerFigures, TotalFigures

_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.group()
def campaign() -> None:
    """Ordered counts of cameras, from the order to the act."""


@campaign.command(name="open")
@click.argument("code")
@click.option("--name", required=True, help="Name, as documents print it.")
@click.option("--from", "since", required=True, type=_DAY, metavar="DATE", help="First day, such as 2026-03-01.")
@click.option("--until", required=True, type=_DAY, metavar="DATE", help="Last day.")
@click.option("--order", "order_ref", default="", help="The order that it rests on, as documents print it.")
@click.option("--scope", default="", help="Which cameras are counted, as documents print it.")
def open_(code: str, name: str, since: datetime, until: datetime, order_ref: str, scope: str) -> None:
    """Open a campaign."""
    require_everywhere("edit", campaign=code)
    actions.open_campaign(
        code, name=name, since=since.date(), until=until.date(), by=console_actor(), at=now(), order_ref=order_ref,
        scope=scope,
    )  # fmt: skip
    click.echo(f"Campaign {code} opened.")


@campaign.command()
@click.argument("code")
@click.option("--name", required=True, help="Initials and surname, as documents print them.")
@click.option("--role", required=True, type=click.Choice(MEMBER_ROLES), help="There is one chair and one secretary.")
@click.option("--post", default="", help="Post, as documents print it.")
def member(code: str, name: str, role: str, post: str) -> None:
    """Add somebody to the commission that signs the documents."""
    require_everywhere("edit", campaign=code)
    actions.add_member(code, name=name, role=role, post=post, by=console_actor(), at=now())
    click.echo(f"{name} joined the commission of {code}.")


@campaign.command()
@click.argument("code")
@click.option("--why", required=True, help="Date and number of the signed act, as the journal keeps it.")
def freeze(code: str, why: str) -> None:
    """Take no further lists into a campaign, once its act is signed."""
    require_everywhere("edit", campaign=code)
    actions.freeze_campaign(code, by=console_actor(), at=now(), why=why)
    click.echo(f"Campaign {code} frozen.")


@campaign.command(name="round")
@click.argument("code")
@click.option("--worker", required=True, help="Sign-in name of who walks it.")
@click.option("--day", required=True, type=_DAY, metavar="DATE", help="The day, such as 2026-03-01.")
@click.option("--cameras", default=20, show_default=True, help="How many cameras, at most 100.")
@click.option("--pick", type=click.Choice(rounds.PICKS), default="all", show_default=True, help="Which cameras.")
@click.option("--owner", default="", help="Of this owner alone.")
@click.option("--start", type=(float, float), metavar="LON LAT", help="Where the walk begins.")
@as_json
def round_(
    code: str, worker: str, day: datetime, cameras: int, pick: str, owner: str, start: tuple[float, float] | None,
    json_wanted: bool,
) -> None:  # fmt: skip
    """Hand out a round: the cameras nearest to the start, in the order of a short walk."""
    require("edit", campaign=code)
    reach = scope_of(actor_named(worker), "hand_in").within(within("edit"))
    found = rounds.candidates(
        code, pick=pick, owner=owner, district="", start=start, most=cameras, within=reach
    )  # fmt: skip
    number = checking.make_round(
        code, cameras=[one.code for one in found], walk=checking.Walk(worker, day.date(), start), by=console_actor(),
        at=now(), within=reach,
    )  # fmt: skip
    made = rounds.round_of(number, within=reach)
    if json_wanted:
        stops = [{"place": stop.place, "camera": stop.code} for stop in rounds.stops(number, within=reach)]
        print_json({"round": number, "worker": worker, "day": made.day, "way_m": round(made.way_m), "stops": stops})
        return
    click.echo(f"Round {number}: {made.stops} cameras, {made.way_m:.0f} m on foot, for {worker} on {made.day}.")


@campaign.command(name="list")
@as_json
def list_(json_wanted: bool) -> None:
    """List campaigns with their main numbers, the newest first."""
    found = [{**_about(line.campaign), **_numbers(line)} for line in queries.campaign_lines(within=within())]
    if json_wanted:
        print_json(found)
        return
    print_table(
        ["Code", "Name", "From", "Until", "State", "Lists", "Rows", "Records", "Cameras"],
        rows=[
            [
                one[key]
                for key in ("code", "name", "since", "until", "state", "submissions", "rows", "records", "cameras")
            ]
            for one in found
        ],
    )


@campaign.command()
@click.argument("code")
@as_json
def show(code: str, json_wanted: bool) -> None:
    """Show a campaign's figures: what was received per owner and in all, and what became of it."""
    found = queries.campaign_figures(code, within=within())
    if json_wanted:
        print_json(
            {
                **_about(found.campaign),
                **_numbers(queries.campaign_line(code, within=within())),
                "commission": [_seat(member) for member in found.campaign.members],
                "owners": [{**_figures(line), "name": found.names.get(line.owner, "")} for line in found.owners],
                "total": _figures(found.total) if found.total else None,
            }
        )
        return
    one = found.campaign
    click.echo(f"{one.code}: {one.name}, from {one.since} until {one.until}, {one.state}")
    for seat in one.members:
        click.echo(f"  {seat.role}: {seat.name}" + (f", {seat.post}" if seat.post else ""))
    columns = ("rows", "extra", "received", "cameras", "duplicates", "broken", "waiting", "not_cameras", "replaced")
    lines: list[tuple[str, OwnerFigures | TotalFigures]] = [(line.owner, line) for line in found.owners]
    if found.total:
        lines.append(("in all", found.total))
    print_table(
        ["Owner", "Rows", "+ further", "= records", "Cameras", "Duplicates", "Broken", "Waiting", "Not cameras",
         "In replaced lists"],
        rows=[[name, *(getattr(line, column) for column in columns)] for name, line in lines],
    )  # fmt: skip
    if found.total:
        repeats = found.total.repeats_between
        click.echo(f"In all, a camera counts once: {repeats} repeats between lists are among the duplicates.")


def _about(one: Campaign) -> dict[str, object]:
    return {
        "code": one.code, "name": one.name, "since": one.since, "until": one.until, "state": one.state,
        "order": one.order_ref, "scope": one.scope, "opened_at": one.opened_at, "opened_by": one.opened_by,
    }  # fmt: skip


def _numbers(line: queries.CampaignLine) -> dict[str, object]:
    return {
        "submissions": line.submissions, "rows": line.rows, "records": line.records, "cameras": line.cameras,
        "waiting": line.waiting, "broken": line.broken,
    }  # fmt: skip


def _seat(member: Member) -> dict[str, str]:
    return {"role": member.role, "name": member.name, "post": member.post}


def _figures(line: OwnerFigures | TotalFigures) -> dict[str, object]:
    figures: dict[str, object] = {
        "rows": line.rows, "extra": line.extra, "received": line.received, "cameras": line.cameras,
        "duplicates": line.duplicates, "broken": line.broken, "waiting": line.waiting,
        "not_cameras": line.not_cameras, "replaced": line.replaced,
    }  # fmt: skip
    if isinstance(line, OwnerFigures):
        return {"owner": line.owner, **figures, "shared": line.shared}
    return {**figures, "duplicates_inside": line.duplicates_inside, "repeats_between": line.repeats_between}
