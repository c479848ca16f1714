"""The table of commands: one line per group, each loaded only when it is called."""

import importlib
from typing import Final

import click

# name -> module in this folder; the command in it has the module's name.
COMMANDS: Final = {
    "init": "init",
    "owner": "owner",
    "person": "person",
    "token": "token",
    "campaign": "campaign",
    "city": "city",
    "intake": "intake",
    "match": "match",
    "camera": "camera",
    "coverage": "coverage",
    "inventory": "inventory",
    "journal": "journal",
    "secrets": "secrets",
    "check-data": "check_data",
    "demo": "demo",
    "serve": "serve",
    "work": "work",
}


class Groups(click.Group):
    """Loads a group when it is asked for: matching alone brings a second of imports that `owner add` can do without."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        found = getattr(importlib.import_module(f"oblik.config.commands.{module}"), module)
        # Loaded here and not above: the table of rights needs Django, which `oblik --help` can do without.
        from oblik.config.commands.rights import guarded

        return guarded(found, words=cmd_name) if isinstance(found, click.Command) else None


@click.command(cls=Groups, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="oblik")
def oblik() -> None:
    """Oblik keeps account of a city's cameras: owners' lists in, one register and a signed act out.

    OBLIK_DATA names the data folder, OBLIK_DATABASE_URL the database (default: SQLite in the data folder). With
    OBLIK_PERSON commands act in that person's name and have no more rights than they.
    """
