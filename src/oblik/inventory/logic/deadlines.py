"""Which owners are awaited, which have handed in, which are late; and when a reminder may go out again."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

# What became of a letter: under way (or the program died), handed to a mail server, written to the server's own output,
# refused by the mail server.
OUTCOMES_SENT: Final = ("sending", "sent", "shown", "failed")
REST: Final = timedelta(days=1)  # an owner is not reminded again sooner without being asked whether it is meant

Arrival = Literal["handed_in", "handed_in_late", "late", "due", "unasked"]
ARRIVALS: Final[tuple[Arrival, ...]] = ("late", "due", "handed_in_late", "handed_in", "unasked")


@dataclass(frozen=True, slots=True)
class Asked:
    """An owner who is asked for a list. language: of letters to them."""

    owner: str
    due_on: date
    contact_name: str = ""
    contact_email: str = ""
    language: str = "uk"


def arrival(due_on: date | None, *, first_list_on: date | None, today: date) -> Arrival:
    """Whether an owner's list is there: in time up to and including the day it is due.

    due_on None: nobody asked for it. first_list_on: the day the first list that can be read came, None for none. An
    owner nobody asked who handed nothing in is "unasked" like one who did.
    """
    if due_on is None:
        return "unasked"
    if first_list_on is not None:
        return "handed_in" if first_list_on <= due_on else "handed_in_late"
    return "late" if today > due_on else "due"


def days_late(due_on: date, *, today: date) -> int:
    """Whole days since the last day in time; 0 until then."""
    return max(0, (today - due_on).days)


def rests_until(last_at: datetime | None, *, at: datetime) -> datetime | None:
    """Until when an owner is left in peace after the last reminder; None where one may go out now."""
    if last_at is None or at - last_at >= REST:
        return None
    return last_at + REST
