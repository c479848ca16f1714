"""Where merging ends and asking begins: bounds on probability, derived from what mistakes and questions cost."""

from dataclasses import dataclass

from oblik.base.errors import InvalidInput, msg


@dataclass(frozen=True, slots=True)
class Costs:
    """In questions: what one wrong outcome is worth avoiding.

    false_merge: a merge that is wrong hides a camera from the register, the map and every later search, and nobody is
    told; found later, it costs two histories to be taken apart. missed_match: one camera counted twice; the
    reconciliation of surplus shows it to the next person who looks. A question costs one.
    """

    false_merge: float = 50.0
    missed_match: float = 4.0
    question: float = 1.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """merge: at or above it the model merges by itself. review: from here to merge a person is asked; below, apart.

    duplicate: the bound for two rows of one list. questions_per_row: at most this many questions for each record of a
    run, decided before or not, yet questions_least in a small one; the least likely are not asked.
    """

    merge: float
    review: float
    duplicate: float
    questions_per_row: float = 0.1
    questions_least: int = 10


def thresholds(costs: Costs | None = None) -> Thresholds:
    """The bounds that make the expected cost least.

    Merging at probability p costs (1 - p) * false_merge, asking costs question, leaving apart costs p * missed_match.
    So merge where (1 - p) * false_merge <= question, and ask where p * missed_match >= question. Inside a list a
    person already wrote two rows on purpose: the bound for a duplicate is the same cost with the false merge doubled.
    Costs must be positive, else InvalidInput.
    """
    given = costs or Costs()
    if min(given.false_merge, given.missed_match, given.question) <= 0:
        raise InvalidInput(msg("Costs must be above zero: {costs}"), costs=given)
    merge = max(0.5, 1.0 - given.question / given.false_merge)
    review = min(merge, given.question / given.missed_match)
    return Thresholds(merge=merge, review=review, duplicate=max(merge, 1.0 - given.question / (2 * given.false_merge)))
