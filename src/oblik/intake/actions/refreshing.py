"""Lists cleaned before the city's tables were loaded are cleaned again: their addresses find their places now."""

from datetime import datetime

from oblik.base.actors import Actor
from oblik.city import queries as city
from oblik.db import bulk, turns
from oblik.intake.actions.lists import Progress, clean_submission, silent
from oblik.intake.models import Record, Submission
from oblik.intake.queries import counted
from oblik.journal import actions as journal
from oblik.registry.actions import REGISTER


def refresh_addresses(campaign: str, *, by: Actor, at: datetime, progress: Progress = silent) -> int:
    """Cleans anew, from the kept files, the campaign's lists that older tables were used for; how many records changed.

    Only records that nobody decided on yet are touched: what stands in the register stands as it was said.
    """
    newest = city.city_version()
    changed = 0
    for submission in Submission.objects.filter(campaign_code=campaign, state="read").exclude(city_version=newest):
        changed += _refresh(submission, newest=newest, by=by, at=at, progress=progress)
    return changed


def _refresh(submission: Submission, *, newest: int, by: Actor, at: datetime, progress: Progress) -> int:
    cleaned = clean_submission(submission, progress=progress)
    made = {
        (cleaned.sheets[row], cleaned.numbers[row], part): (values, problems, worst)
        for row, part, values, problems, worst in zip(
            cleaned.rows, cleaned.parts, cleaned.values, cleaned.problems, cleaned.worst, strict=True
        )
    }
    with turns.turn(REGISTER):
        undecided = Record.objects.filter(submission=submission, decision__in=["", "review", "broken"]).values_list(
            "id", "row__sheet", "row__number", "part", "values", "verdict"
        )
        rows: list[tuple[object, ...]] = []
        for pk, sheet, number, part, values, verdict in undecided:
            again = made.get((sheet, number, part))
            if again is None or again[0] == values:
                continue
            now_verdict = _verdict(verdict, again[2])
            rows.append((again[0], again[1], now_verdict, "broken" if now_verdict == "broken" else "", pk))
        bulk.update_rows(Record, columns=["values", "problems", "verdict", "decision"], rows=rows)
        counts = counted([submission.pk])[submission.pk]
        Submission.objects.filter(pk=submission.pk).update(city_version=newest, counts=counts)
        journal.record(
            subject=f"submission:{submission.pk}", what="cleaned_again", by=by, at=at, details={"records": len(rows)}
        )
    return len(rows)


def _verdict(before: str, worst: str) -> str:
    if worst == "broken":
        return "broken"
    if before in ("same", "changed"):
        return before
    return "doubtful" if worst == "doubt" else "new"
