"""The table of commands: one line per group."""

import click

from oblik.config.commands.camera import camera
from oblik.config.commands.campaign import campaign
from oblik.config.commands.check_data import check_data
from oblik.config.commands.city import city
from oblik.config.commands.demo import demo
from oblik.config.commands.init import init
from oblik.config.commands.intake import intake
from oblik.config.commands.inventory import inventory
from oblik.config.commands.match import match
from oblik.config.commands.owner import owner
from oblik.config.commands.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="oblik")
def oblik() -> None:
    """Oblik keeps account of a city's cameras: owners' lists in, one register and a signed act out.

    OBLIK_DATA names the data folder, OBLIK_DATABASE_URL the database (default: SQLite in the data folder).
    """


for command in (init, owner, campaign, city, intake, match, camera, inventory, check_data, demo, serve):
    oblik.add_command(command)
