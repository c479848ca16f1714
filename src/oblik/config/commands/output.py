"""How commands speak: JSON for programs, tables and progress bars for people; progress goes to the error stream."""

import getpass
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from typing import Final

import click
from django.conf import settings
from django.utils.translation import gettext
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from oblik.accounts.queries import actor_named
from oblik.base.actors import Actor
from oblik.base.errors import OblikError

Report = Callable[[str, float], None]

as_json = click.option("--json", "json_wanted", is_flag=True, help="Print JSON for programs.")


def console_actor() -> Actor:
    """Whoever gives the command: the person that OBLIK_PERSON names, else the user of the operating system.

    NotFound and Forbidden where no such person's account works.
    """
    if settings.OBLIK_PERSON:
        return actor_named(settings.OBLIK_PERSON)
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        name = "unknown"
    return Actor("console", name)


def sentence(wrong: OblikError) -> str:
    """What went wrong, in the language of the console."""
    said = gettext(wrong.template)
    return said.format(**wrong.params) if wrong.params else said


def print_json(value: object) -> None:
    """Prints a value as JSON; dates as ISO texts, dataclasses as objects."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=_plain))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    return str(value)


def print_table(headers: Sequence[str], *, rows: Sequence[Sequence[object]], title: str = "") -> None:
    """Prints a table for people; a terminal's width where there is one, else as wide as it takes."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=200)
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for header in headers:
        table.add_column(header, overflow="fold")
    for row in rows:
        table.add_row(*["" if cell is None else str(cell) for cell in row])
    console.print(table)


_STEPS: Final = {
    "reading": "Reading",
    "cleaning": "Cleaning",
    "comparing": "Comparing with the older list",
    "storing": "Storing",
    "loading": "Loading records",
    "candidates": "Finding candidates",
    "scoring": "Scoring pairs",
    "assigning": "Assigning rows to cameras",
    "registering": "Writing the register",
    "documents": "Writing documents",
    "sealing": "Sealing",
}


@contextmanager
def progress_bar(title: str) -> Iterator[Report]:
    """A bar that shows the step and its share; silent where nobody watches."""
    console = Console(stderr=True)
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with bar:
        task = bar.add_task(title, total=1.0)

        def report(step: str, share: float) -> None:
            bar.update(task, description=f"{title}: {_STEPS.get(step, step)}", completed=share)

        yield report
