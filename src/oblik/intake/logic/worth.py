"""Which question is worth a person's minute first: what a wrong guess in its place would cost, and what hangs on it."""

from collections.abc import Sequence
from typing import Final

from oblik.intake.logic.matching.thresholds import Costs

_MOST_HANGING: Final = 8  # a recorder's number on a hundred rows must not keep a hundred questions at the head


def guess_cost(probability: float, *, costs: Costs | None = None) -> float:
    """What the better of two guesses is expected to cost, in questions: nothing where the answer is as good as known.

    Taken for one camera it costs (1 - p) * false_merge, left apart p * missed_match. The dearest doubt lies where both
    are equal: at 0.93 with the costs as they stand. Outside [0, 1] and NaN count as the nearest bound, NaN as 0.
    """
    given = costs or Costs()
    p = min(1.0, max(0.0, probability)) if probability == probability else 0.0
    return min((1.0 - p) * given.false_merge, p * given.missed_match)


def worth(probabilities: Sequence[float], *, rows: int, owners: int) -> float:
    """How much an answer settles, in questions; 0 where no camera is proposed and nothing could be mistaken.

    probabilities: of the cameras proposed for one row; each is one guess that the answer spares, and the dearest
    counts. rows: other rows that wait for one of the same cameras, which the next run decides with this answer in hand.
    owners: organisations whose books the answer touches; a camera on two books is a dispute, within one a slip.
    Each further row and each owner beyond the first adds a half, of each at most eight.
    """
    cost = max((guess_cost(p) for p in probabilities), default=0.0)
    hanging = min(max(rows, 0), _MOST_HANGING) + min(max(owners - 1, 0), _MOST_HANGING)
    return cost * (1.0 + 0.5 * hanging)
