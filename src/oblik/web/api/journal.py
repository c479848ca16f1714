"""The journal over the API, for those who audit: what was done to a thing, by whom, why."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from oblik.base.errors import Forbidden, msg
from oblik.journal import queries
from oblik.web.api.doors import scope
from oblik.web.api.schemas import Page, PageAsked, page_of, place_asked

router = Router(tags=["journal"])


class EntriesAsked(PageAsked):
    subject: str = Field(min_length=1, max_length=120, description="Of what: `camera:KHA-000123-4`, `submission:7`.")


class Entry(Schema):
    """One thing done: to what, what it was, in the world and on record, by whom, why."""

    entry: int
    subject: str
    what: str
    happened_at: datetime
    recorded_at: datetime
    by: str
    why: str
    details: dict[str, Any]


@router.get("/journal", response=Page[Entry], operation_id="journal")
def entries(request: HttpRequest, asked: Query[EntriesAsked]) -> Page[Entry]:
    """All entries about a thing, oldest first."""
    if not scope(request, "audit").all:
        raise Forbidden(msg("The journal tells of everybody; it takes the right to audit without limits."))
    after = place_asked(request, asked=asked)
    found = [one for one in queries.entries_about(asked.subject) if after is None or one.number > int(after)]
    return page_of(request, found, asked=asked, line=_entry, place=lambda one: one.number)


def _entry(one: queries.Done) -> Entry:
    return Entry(
        entry=one.number, subject=one.subject, what=one.what, happened_at=one.happened_at, recorded_at=one.recorded_at,
        by=one.by, why=one.why, details=one.details,
    )  # fmt: skip
