"""What is done to a campaign: opened, given a commission, printed. One function is one transaction and one entry."""

import re
from datetime import date, datetime
from typing import Final

from django.db import IntegrityError, transaction

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.inventory.models import MEMBER_ROLES, Campaign, CommissionMember
from oblik.journal.actions import record

_CODE: Final = re.compile(r"[^\W_][\w.-]{0,39}")


def open_campaign(
    code: str, *, name: str, since: date, until: date, by: Actor, at: datetime, order_ref: str = "", scope: str = ""
) -> None:
    """Opens a campaign; until is its last day. Conflict for a code taken, InvalidInput for what cannot be."""
    if not _CODE.fullmatch(code):
        raise InvalidInput(
            msg("“{value}” cannot be a campaign code; use letters, digits, dots and dashes, at most 40 of them."),
            value=code,
        )
    if not name.strip():
        raise InvalidInput(msg("The campaign {value} needs a name."), value=code)
    if until < since:
        raise InvalidInput(
            msg("The campaign would end on {until}, before it begins on {since}; put the later day last."),
            since=since.isoformat(),
            until=until.isoformat(),
        )
    with transaction.atomic():
        try:
            with transaction.atomic():
                Campaign.objects.create(
                    code=code,
                    name=name.strip(),
                    since=since,
                    until=until,
                    order_ref=order_ref.strip(),
                    scope=scope.strip(),
                    opened_at=at,
                    opened_by=str(by),
                )
        except IntegrityError as error:
            raise Conflict(
                msg("There is a campaign {value} already; see `oblik campaign show {value}`."), value=code
            ) from error
        details = {"name": name.strip(), "since": since.isoformat(), "until": until.isoformat()}
        record(subject=f"inventory:{code}", what="opened", by=by, at=at, details=details)


def add_member(code: str, *, name: str, role: str, by: Actor, at: datetime, post: str = "") -> None:
    """Adds somebody to the commission, after those already in it. There is one chair and one secretary."""
    if role not in MEMBER_ROLES:
        raise InvalidInput(
            msg("“{value}” is not a role in a commission; use one of {roles}."),
            value=role,
            roles=", ".join(MEMBER_ROLES),
        )
    if not name.strip():
        raise InvalidInput(msg("A member of the commission needs a name."))
    with transaction.atomic():
        campaign = _locked(code)
        members = list(campaign.members.order_by("place").values_list("role", "place"))
        if role != "member" and any(role == taken for taken, _ in members):
            raise Conflict(msg("The commission of {value} has its {role} already."), value=code, role=role)
        place = members[-1][1] + 1 if members else 1
        CommissionMember.objects.create(campaign=campaign, name=name.strip(), post=post.strip(), role=role, place=place)
        details = {"name": name.strip(), "post": post.strip(), "role": role}
        record(subject=f"inventory:{code}", what="commission_joined", by=by, at=at, details=details)


def _locked(code: str) -> Campaign:
    campaign = Campaign.objects.select_for_update().filter(code=code).first()
    if campaign is None:
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)
    return campaign
