"""Lists found by their names."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.intake.models import Submission
from oblik.intake.queries import reached

_NEWEST: Final = 5_000  # names looked at: a city's owners hand in some hundreds a year


@dataclass(frozen=True, slots=True)
class FoundList:
    """A list as handed in."""

    number: int
    file_name: str
    campaign: str
    owner: str
    received_at: datetime


def lists_named(fits: Callable[[str], bool], *, most: int, within: Scope = EVERYWHERE) -> list[FoundList]:
    """The newest lists within a scope whose file name, or number, fits; at most so many."""
    columns = ("pk", "file_name", "campaign_code", "owner__code", "received_at")
    rows = Submission.objects.filter(reached(within)).order_by("-pk").values_list(*columns)[:_NEWEST]
    # Databases differ in what is alike in Cyrillic, so the names are compared here.
    found = (FoundList(*row) for row in rows if fits(row[1]) or fits(str(row[0])))
    return [one for _n, one in zip(range(most), found, strict=False)]
