"""Who the API takes the caller for, and what they may do."""

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema

from oblik.accounts.queries import VERBS, Reach, scope_of
from oblik.accounts.tokens import Bearer
from oblik.web.api.doors import asker

router = Router(tags=["me"])


class Place(Schema):
    """Where a right holds: in each direction the values named, any where none is."""

    owners: list[str]
    districts: list[str]
    kinds: list[str]
    purposes: list[str]
    campaigns: list[str]


class Me(Schema):
    """The caller. rights: right -> where it holds, one of the places being enough."""

    username: str
    token: int | None = Field(description="Number of the token; null for a browser that signed in.")
    expires_at: datetime | None
    rights: dict[str, list[Place]]


@router.get("/me", response=Me, operation_id="me")
def me(request: HttpRequest) -> Me:
    """Who asks, and what they may do where."""
    who = asker(request)
    rights = {verb: [_place(reach) for reach in scope_of(who, verb).reaches] for verb in VERBS}
    bearer = who if isinstance(who, Bearer) else None
    return Me(
        username=bearer.username if bearer else who.get_username(),
        token=bearer.token if bearer else None,
        expires_at=bearer.expires_at if bearer else None,
        rights={verb: places for verb, places in rights.items() if places},
    )


def _place(reach: Reach) -> Place:
    return Place(**{name: sorted(getattr(reach, name)) for name in Place.model_fields})
