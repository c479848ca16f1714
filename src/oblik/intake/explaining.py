"""Why two records are, or are not, one camera: the model's own reasons, for the command line and for pages."""

from oblik.base.errors import NotFound, msg
from oblik.intake.logic.matching.explain import Explanation, explain
from oblik.intake.matching_frame import record_frame


def explain_records(left: int, right: int) -> Explanation:
    """The weight of each comparison between two records by their numbers."""
    frame = record_frame([left, right])
    sides = {row["record_id"]: row for row in frame.iter_rows(named=True)}
    for wanted in (left, right):
        if wanted not in sides:
            raise NotFound(msg("There is no record {value}."), value=wanted)
    return explain(sides[left], sides[right])
