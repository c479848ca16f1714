"""The command `oblik`: groups of commands, one file each in config/commands."""

import os
import sys

import click

from oblik.base.errors import OblikError


def main() -> None:
    """Runs the command line; an error that a person can mend is one sentence and exit code 1, never a trace."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oblik.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.db.utils import OperationalError, ProgrammingError
    from django.utils import translation

    translation.activate(settings.OBLIK_LANGUAGE)
    from oblik.config import veils

    sys.excepthook = veils.tell_veiled
    from oblik.config.commands.output import sentence
    from oblik.config.commands.root import oblik

    try:
        oblik.main(prog_name="oblik", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped; what was done before stays done.", err=True)
        sys.exit(130)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(wrong.exit_code)
    except OblikError as wrong:
        click.echo(f"Error: {sentence(wrong)}", err=True)
        sys.exit(1)
    except (OperationalError, ProgrammingError) as wrong:
        if not _tables_missing(wrong):
            raise
        click.echo(
            "Error: no register here yet, or one older than this program; run `oblik init` (folder: OBLIK_DATA).",
            err=True,
        )
        sys.exit(1)


def _tables_missing(wrong: Exception) -> bool:
    text = str(wrong)
    return any(
        said in text for said in ("no such table", "no such column", "unable to open database file", "does not exist")
    )
