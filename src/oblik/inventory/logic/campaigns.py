"""A campaign and its commission as values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

CAMPAIGN_STATES: Final = ("open", "frozen")
MEMBER_ROLES: Final = ("chair", "member", "secretary")

Role = Literal["chair", "member", "secretary"]


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who signs."""

    name: str
    post: str
    role: Role


@dataclass(frozen=True, slots=True)
class Campaign:
    """An ordered count; since is its first day and until its last. members in the order of signatures."""

    code: str
    name: str
    since: date
    until: date
    order_ref: str
    scope: str
    state: str
    opened_at: datetime
    opened_by: str
    members: tuple[Member, ...] = ()
