"""Writes that are sent again: what the first one was answered, kept for a day under the sender's own key."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from oblik.accounts.models import KeptAnswer
from oblik.base.errors import Conflict, msg

_KEPT: Final = timedelta(hours=24)
_UNDER_WAY: Final = timedelta(minutes=30)  # longer than any request runs; older ones died half-way


@dataclass(frozen=True, slots=True)
class Asked:
    """A write and the key that its sender gave it; digest is over all that was sent."""

    token: int
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered the first time."""

    status: int
    content: str
    headers: dict[str, str]


def begin_once(asked: Asked, *, at: datetime) -> Answered | None:
    """The first answer where there is one; None where this is the first, which is then under way.

    Conflict where the key stands for something else, or its first request is not answered yet.
    """
    with transaction.atomic():
        mine = KeptAnswer.objects.filter(token_id=asked.token)
        mine.filter(begun_at__lt=at - _KEPT).delete()
        mine.filter(status=0, begun_at__lt=at - _UNDER_WAY).delete()
        kept, is_first = KeptAnswer.objects.get_or_create(
            token_id=asked.token, key=asked.key, defaults={"digest": asked.digest, "begun_at": at}
        )
    if is_first:
        return None
    if kept.digest != asked.digest:
        raise Conflict(msg("The key “{value}” was used for something else; give each write its own."), value=asked.key)
    if kept.status == 0:
        raise Conflict(
            msg("The first request with the key “{value}” is not answered yet; wait for it."), value=asked.key
        )
    return Answered(kept.status, kept.content, kept.headers)


def finish_once(asked: Asked, *, answer: Answered) -> None:
    """Keeps what was answered."""
    KeptAnswer.objects.filter(token_id=asked.token, key=asked.key).update(
        status=answer.status, content=answer.content, headers=answer.headers
    )


def forget_once(asked: Asked) -> None:
    """Lets the key be used again: what was asked did not happen."""
    KeptAnswer.objects.filter(token_id=asked.token, key=asked.key, status=0).delete()
