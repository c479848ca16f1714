"""`oblik init`: the data folder, the tables, the first administrator."""

import os
import secrets
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command

from oblik.accounts import actions as accounts
from oblik.db import keyring
from oblik.db.owner import as_owner
from oblik.journal import checkpoints
from oblik.journal.checks import TABLES


def write_secret_key(folder: Path) -> None:
    """The key that signs sessions; readable by its owner alone, written once."""
    path = folder / "secret.key"
    if path.exists():
        return
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(secrets.token_urlsafe(48))


def prepare() -> None:
    """Makes the folder and brings the tables to their newest state; safe to repeat."""
    settings.OBLIK_DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_secret_key(settings.OBLIK_DATA)
    keyring.prepare()
    with as_owner(settings.OBLIK_OWNER_DATABASE_URL, only_added=TABLES):
        call_command("migrate", verbosity=0, interactive=False)
    checkpoints.prepare()


@click.command()
@click.option("--admin", default="admin", show_default=True, help="Sign-in name of the first administrator.")
@click.option("--password", default="", help="Password; a random one is printed where none is given.")
def init(admin: str, password: str) -> None:
    """Make the data folder and the tables, and add the first administrator. Safe to repeat."""
    prepare()
    click.echo(f"Data folder: {settings.OBLIK_DATA}")
    if accounts.has_people():
        click.echo("Tables are up to date; the people are kept as they were.")
        return
    secret = accounts.add_person(admin, role="administrator", password=password)
    click.echo(f"Administrator: {admin}")
    click.echo("Password: as given" if password else f"Password (shown once): {secret}")
