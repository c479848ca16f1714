"""When failed sign-ins shut a name out, and for how long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

MOST_FAILURES: Final = 10
SHUT_OUT_FOR: Final = timedelta(minutes=15)
FORGOTTEN_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed sign-ins in a row. locked_until_at: None where the name is not shut out."""

    count: int
    last_at: datetime
    locked_until_at: datetime | None = None


def after_failure(before: Failures | None, *, at: datetime) -> Failures:
    """What stands after one more failure.

    Every tenth in a row shuts the name out for a quarter of an hour, never for longer: a stranger who knocks under an
    administrator's name may not keep the administrator out. After a quiet hour counting starts anew. That leaves at
    most 40 guesses an hour, below the 100 of OWASP ASVS 4.0.3, 2.2.1.
    """
    fresh = before is None or at - before.last_at > FORGOTTEN_AFTER
    count = 1 if fresh or before is None else before.count + 1
    shut = at + SHUT_OUT_FOR if count % MOST_FAILURES == 0 else None
    return Failures(count, at, shut)


def is_shut_out(found: Failures | None, *, at: datetime) -> bool:
    """Whether a sign-in is refused unseen at this instant; the end of the lock is no longer locked."""
    return found is not None and found.locked_until_at is not None and at < found.locked_until_at
