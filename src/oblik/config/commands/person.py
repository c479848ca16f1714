"""`oblik person`: who has an account, and what each may do and where."""

import json
import os
import secrets
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import click
from django.utils.timezone import get_default_timezone

from oblik.accounts import actions, invitations, leaving, personal, queries, signins
from oblik.base.clock import now
from oblik.base.errors import InvalidInput, msg
from oblik.config.commands.output import as_json, console_actor, print_json, print_table
from oblik.web.ui.letters import address_of, goes_out, send_invitation

_DAY: Final = click.DateTime(["%Y-%m-%d"])
_REACH: Final = ("owner", "district", "kind", "purpose", "campaign")


@click.group()
def person() -> None:
    """People with an account, and their roles."""


@person.command()
@click.argument("name")
@click.argument("role", type=click.Choice(list(queries.ROLES)))
@click.option("--owner", "owners", multiple=True, help="Over this owner's cameras and lists; may be repeated.")
@click.option("--district", "districts", multiple=True, help="Over this district; may be repeated.")
@click.option("--kind", "kinds", multiple=True, help="Over cameras of this kind; may be repeated.")
@click.option("--purpose", "purposes", multiple=True, help="Over cameras of this purpose; may be repeated.")
@click.option("--campaign", "campaigns", multiple=True, help="Over this campaign's lists and figures; may be repeated.")
@click.option("--until", type=_DAY, metavar="DATE", help="The last day on which it holds.")
@click.option("--besides", is_flag=True, help="Besides the roles held, instead of in their place.")
@click.option("--why", default="", help="The reason, as the journal keeps it.")
def role(
    name: str, role: str, until: datetime | None, besides: bool, why: str, **over: tuple[str, ...]
) -> None:  # fmt: skip
    """Give somebody a role, in place of all held before; `nobody` takes all rights away.

    Without a reach it holds everywhere; where several are given, all of them have to agree.
    """
    actions.set_role(
        name, role=role, over=actions.Over(**over), until=_end_of(until) if until else None, keep=besides,
        by=console_actor(), at=now(), why=why,
    )  # fmt: skip
    click.echo(f"{name} is {role} now.")


def _end_of(day: datetime) -> datetime:
    return day.replace(tzinfo=get_default_timezone()) + timedelta(days=1)


@person.command()
@click.argument("name")
@as_json
def grants(name: str, json_wanted: bool) -> None:
    """Show every role that somebody has or had, and over what."""
    found = queries.grants_of(name)
    if json_wanted:
        print_json(found)
        return
    print_table(
        ["Role", "Over", "Granted", "By", "Until", "Withdrawn", "By"],
        rows=[
            (g.role, _over(g), _moment(g.granted_at), g.granted_by, _moment(g.until_at), _moment(g.withdrawn_at),
             g.withdrawn_by)
            for g in found
        ],
    )  # fmt: skip


@person.command(name="list")
@as_json
def list_(json_wanted: bool) -> None:
    """List everybody with the roles that they hold."""
    found = queries.people()
    if json_wanted:
        print_json(
            [
                {"username": one.username, "name": one.name, "active": one.active,
                 "grants": [{"role": g.role, **{part: getattr(g, part) for part in _REACH}, "until": g.until_at}
                            for g in one.grants]}
                for one in found
            ]
        )  # fmt: skip
        return
    print_table(
        ["Sign-in name", "Name", "State", "Roles"],
        rows=[
            (one.username, one.name, "" if one.active else "switched off",
             "\n".join(" ".join(filter(None, (g.role, _over(g)))) for g in one.grants) or "nobody")
            for one in found
        ],
    )  # fmt: skip


def _over(grant: queries.GrantLine) -> str:
    return ", ".join(f"{part}={getattr(grant, part)}" for part in _REACH if getattr(grant, part))


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(get_default_timezone()):%Y-%m-%d %H:%M}" if at else ""


@person.command()
@click.argument("name")
@click.option("--role", default="nobody", show_default=True, type=click.Choice(list(queries.ROLES)))
@click.option("--owner", default="", help="Code of the owner that a clerk or partner works for.")
@click.option("--full-name", default="", help="As pages name them.")
@click.option("--email", default="", help="Where letters about the account go.")
@click.option("--subject", default="", help="The identity (sub) at the OpenID Connect provider that opens it.")
@click.option("--invite", is_flag=True, help="Print a link to choose a password with, instead of a password.")
def add(name: str, role: str, owner: str, full_name: str, email: str, subject: str, invite: bool) -> None:
    """Add an account; its password, or the link with --invite, is shown once."""
    over = actions.Over(owners=[owner] if owner else [])
    who = invitations.NewPerson(name, name=full_name, email=email, subject=subject)
    if invite:
        _show_link(invitations.invite(who, role=role, over=over, by=console_actor(), at=now()), full_name=full_name)
        return
    invitations.add_account(who, role=role, over=over, by=console_actor(), at=now())
    secret = secrets.token_urlsafe(12)
    signins.set_password(name, password=secret, by=console_actor(), at=now())
    click.echo(f"{name} added, password: {secret}")


@person.command()
@click.argument("name")
def invite(name: str) -> None:
    """Make a new link for somebody who has not chosen a password yet; the old one ends."""
    _show_link(invitations.invite_again(name, by=console_actor(), at=now()), full_name="")


def _show_link(made: invitations.Invited, *, full_name: str) -> None:
    click.echo(f"{made.username} is invited until {_moment(made.expires_at)}: {address_of('invitation', made.shown)}")
    if made.email:
        link = address_of("invitation", made.mailed if goes_out() else made.shown)
        sent = send_invitation(made.email, link=link, name=full_name, until=made.expires_at)
        click.echo(
            f"A letter went to {made.email}." if sent else f"No letter went to {made.email}: hand the link over."
        )


@person.command()
@click.argument("name")
@click.option("--password", default="", help="The password; a random one is printed where none is given.")
def password(name: str, password: str) -> None:
    """Set a password; all sign-ins of the account end, and a lock after failed attempts too."""
    secret = password or secrets.token_urlsafe(12)
    try:
        signins.set_password(name, password=secret, by=console_actor(), at=now())
    except InvalidInput as wrong:
        raise click.ClickException(str(wrong)) from wrong
    click.echo(f"{name} has a new password" + ("." if password else f": {secret}"))


@person.command()
@click.argument("name")
@click.option("--why", required=True, help="The reason, as the journal keeps it.")
def lock(name: str, why: str) -> None:
    """Switch an account off for a while; its roles stay."""
    leaving.lock_person(name, by=console_actor(), at=now(), why=why)
    click.echo(f"{name} is locked; `oblik person enable {name}` unlocks.")


@person.command()
@click.argument("name")
@click.option("--why", default="", help="The reason, as the journal keeps it.")
def enable(name: str, why: str) -> None:
    """Switch an account on again; whoever had left needs a role and a password anew."""
    leaving.enable_person(name, by=console_actor(), at=now(), why=why)
    click.echo(f"{name} is switched on.")


@person.command()
@click.argument("name")
@click.option("--why", required=True, help="The reason, as the journal keeps it.")
def disable(name: str, why: str) -> None:
    """Let somebody leave: sign-ins, roles, tokens and factors end at once; the journal keeps the name."""
    leaving.disable_person(name, by=console_actor(), at=now(), why=why)
    click.echo(f"{name} has left.")


@person.command(name="second-factor")
@click.argument("name")
@click.option("--why", required=True, help="The reason, as the journal keeps it.")
def second_factor(name: str, why: str) -> None:
    """Take off the second factor of somebody who lost phone, keys and codes."""
    signins.take_off_second_factor(name, by=console_actor(), at=now(), why=why)
    click.echo(f"{name} signs in with the password alone now.")


@person.command()
@click.argument("name")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A new JSON file.")
@click.option("--why", default="", help="The reason, as the journal keeps it.")
def export(name: str, output: Path, why: str) -> None:
    """Write everything that is held about somebody into a file that only you can read."""
    if output.exists():
        raise InvalidInput(msg("{value} is there already; name a new file."), value=output)
    held = personal.held_about(name, by=console_actor(), at=now(), why=why)
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(held, stream, ensure_ascii=False, indent=2, default=str)
    click.echo(f"Written to {output}.")


@person.command()
@click.argument("name")
@click.option("--why", required=True, help="The reason, as the journal keeps it.")
def erase(name: str, why: str) -> None:
    """Erase what is held about somebody; the journal keeps the sign-in name, which nobody else is given."""
    gone = personal.erase_person(name, by=console_actor(), at=now(), why=why)
    click.echo(f"Erased what was held about {name}: {', '.join(sorted(gone)) or 'the account alone'}.")


@person.command()
def tidy() -> None:
    """Remove what has ended: sessions, old invitations, failed sign-ins. Run it daily."""
    gone = personal.tidy(by=console_actor(), at=now())
    click.echo(", ".join(f"{count} {what}" for what, count in gone.items()))
