"""Writes that are sent again: what the first one was answered, kept for a day under the sender's own key."""

import json
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from oblik.accounts.models import KeptAnswer
from oblik.accounts.queries import VERBS, Reach, scope_of
from oblik.accounts.tokens import Bearer
from oblik.base.errors import Conflict, Forbidden, msg

_KEPT: Final = timedelta(hours=24)
_UNDER_WAY: Final = timedelta(minutes=30)  # longer than any request runs; older ones died half-way


@dataclass(frozen=True, slots=True)
class Asked:
    """A write and the key that its sender gave it; digest is over all that was sent, rights see `rights_of`."""

    token: int
    key: str
    digest: str
    rights: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered the first time."""

    status: int
    content: str
    headers: dict[str, str]


def begin_once(asked: Asked, *, at: datetime) -> Answered | None:
    """The first answer where there is one; None where this is the first, which is then under way.

    Conflict where the key stands for something else, or its first request is not answered yet. Forbidden where the
    sender's rights are no longer those of the first request: its answer may tell what they may not see any more.
    """
    with transaction.atomic():
        mine = KeptAnswer.objects.filter(token_id=asked.token)
        mine.filter(begun_at__lt=at - _KEPT).delete()
        mine.filter(status=0, begun_at__lt=at - _UNDER_WAY).delete()
        kept, is_first = KeptAnswer.objects.get_or_create(
            token_id=asked.token, key=asked.key,
            defaults={"digest": asked.digest, "rights": asked.rights, "begun_at": at},
        )  # fmt: skip
    if is_first:
        return None
    if kept.digest != asked.digest:
        raise Conflict(msg("The key “{value}” was used for something else; give each write its own."), value=asked.key)
    if kept.status == 0:
        raise Conflict(
            msg("The first request with the key “{value}” is not answered yet; wait for it."), value=asked.key
        )
    if kept.rights != asked.rights:
        raise Forbidden(
            msg("This was done, but your rights have changed since, so its answer is not given again; read it anew.")
        )
    return Answered(kept.status, kept.content, kept.headers)


def rights_of(bearer: Bearer) -> str:
    """All that a token may do, and where, in short: the same as long as nobody gives or takes anything of it."""
    directions = [one.name for one in fields(Reach)]
    may = {
        verb: [[sorted(getattr(reach, name)) for name in directions] for reach in scope_of(bearer, verb).reaches]
        for verb in VERBS
    }
    return sha256(json.dumps(may).encode()).hexdigest()


def finish_once(asked: Asked, *, answer: Answered) -> None:
    """Keeps what was answered."""
    KeptAnswer.objects.filter(token_id=asked.token, key=asked.key).update(
        status=answer.status, content=answer.content, headers=answer.headers
    )


def forget_once(asked: Asked) -> None:
    """Lets the key be used again: what was asked did not happen."""
    KeptAnswer.objects.filter(token_id=asked.token, key=asked.key, status=0).delete()
