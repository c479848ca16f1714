"""How many cameras somebody is given line by line, as the journal keeps it: page after page is an export as well."""

from bisect import bisect_right
from typing import Final

from django.conf import settings
from django.db import DatabaseError

from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.base.errors import Conflict, msg
from oblik.db import counters
from oblik.journal.actions import looked
from oblik.web.ui.limits import hidden

# At so many cameras given to one person in one day (UTC) an entry is written: first where a day's work with single
# cameras ends, then ever more seldom, so that walking over the whole register costs a handful of entries.
STEPS: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000)
_DAY_S: Final = 86_400


def cameras_given(count: int, *, to: str, by: Actor) -> None:
    """Counts cameras that are about to be given to a person; the journal hears of it at each of the STEPS.

    to: the sign-in name, over all tokens and browsers; by: as the journal names who asks, with the token. Conflict
    where the entry cannot be written: what leaves no trace is not given.
    """
    if count < 1:
        return
    at = now()
    slot = int(at.timestamp()) // _DAY_S
    name = f"given:{hidden(to)}"
    _before, given = counters.add(settings.OBLIK_DATA, name=name, slot=slot, slot_s=_DAY_S, count=count)
    if bisect_right(STEPS, given) == bisect_right(STEPS, given - count):
        return
    try:
        looked(subject="camera:all", what="listed", by=by, at=at, details={"cameras": given})
    except DatabaseError as wrong:  # busy with a long list; the next page, or this one again, comes to the same step
        counters.add(settings.OBLIK_DATA, name=name, slot=slot, slot_s=_DAY_S, count=-count)
        raise Conflict(msg("Another process is writing to the database; try again when it is done.")) from wrong
