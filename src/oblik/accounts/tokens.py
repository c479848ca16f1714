"""Access tokens: issued, shown once, known again, revoked."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Final, cast

from django.db import transaction
from django.db.models import Q

from oblik.accounts.logic.rights import SECOND_FACTOR, VERBS, Reach, Verb
from oblik.accounts.logic.tokens import (
    LONGEST,
    RANDOM_BYTES,
    USE_NOTED_EVERY,
    digest_of,
    hint_of,
    is_token,
    is_use_news,
    token_of,
)
from oblik.accounts.models import Person, Token
from oblik.accounts.queries import may
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.journal.actions import record

_LONGEST_NOTE: Final = 200
_LONGEST_SAID: Final = 120  # the journal keeps 160 signs of who did it
_LAST: Final = 2**63 - 1  # no database of ours counts further
_NO_TOKEN: Final = msg("There is no token {value}; see `oblik token list`.")


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whoever holds a token: its person, narrowed to its verbs and reach. The rights look at it as at a person."""

    person: Person
    verbs: frozenset[Verb]
    reach: Reach
    token: int
    expires_at: datetime
    last_used_at: datetime | None

    @property
    def username(self) -> str:
        return self.person.username

    @property
    def said(self) -> str:
        """As the journal names whoever asks, so that what a stolen token did can be found."""
        return f"{self.username[:_LONGEST_SAID]} (token {self.token})"


@dataclass(frozen=True, slots=True)
class TokenLine:
    """A token as lists show it; the token itself is nowhere any more."""

    number: int
    person: str
    hint: str
    verbs: tuple[str, ...]
    reach: Reach
    note: str
    issued_at: datetime
    issued_by: str
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    revoked_why: str

    def is_good(self, at: datetime) -> bool:
        """Whether it opens anything, as far as the token itself goes."""
        return self.revoked_at is None and at < self.expires_at


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token. This is the only time that it is seen."""

    number: int
    token: str


def issue_token(
    username: str, *, verbs: Collection[str], days: int, note: str, by: Actor, at: datetime,
    reach: Reach | None = None, second_factor: bool = False,
) -> Issued:  # fmt: skip
    """Issues a token to somebody for some of the verbs that they have; the reach can only narrow theirs.

    second_factor: one was given in the session that asks. Without it InvalidInput for what shows secrets or pictures.
    """
    note, reach = note.strip(), reach or Reach()
    _require_form(verbs, days=days, note=note, second_factor=second_factor)
    token = token_of(secrets.token_bytes(RANDOM_BYTES))
    with transaction.atomic():
        person = Person.objects.filter(username=username, is_active=True).first()
        if person is None:
            raise NotFound(msg("There is nobody with the sign-in name “{value}” whose account works."), value=username)
        person.__dict__["second_factor_given"] = second_factor  # as the rights ask for it
        for verb in sorted(verbs):
            if not may(person, cast(Verb, verb)):
                raise InvalidInput(
                    msg("{person} does not have the right “{value}”; a token cannot give more than its person has."),
                    field="verbs", value=verb, person=username,
                )  # fmt: skip
        kept = Token.objects.create(
            person=person, digest=digest_of(token), hint=hint_of(token), verbs=sorted(verbs), reach=_as_json(reach),
            note=note, second_factor=second_factor, issued_at=at, issued_by=str(by),
            expires_at=at + timedelta(days=days),
        )  # fmt: skip
        details = {
            "person": username, "verbs": sorted(verbs), "reach": _as_json(reach), "days": days, "hint": kept.hint,
            "second_factor": second_factor,
        }  # fmt: skip
        record(subject=f"token:{kept.pk}", what="issued", by=by, at=at, why=note, details=details)
    return Issued(kept.pk, token)


def _require_form(verbs: Collection[str], *, days: int, note: str, second_factor: bool) -> None:
    unknown = sorted(set(verbs) - set(VERBS))
    if unknown or not verbs:
        raise InvalidInput(
            msg("A token needs at least one right, and “{value}” is none; choose from {choices}."),
            field="verbs", value=", ".join(unknown), choices=", ".join(VERBS),
        )  # fmt: skip
    strong = sorted(SECOND_FACTOR & set(verbs))
    if strong and not second_factor:
        raise InvalidInput(
            msg("A token with the right “{value}” is issued on its page by who signed in with a second factor."),
            field="verbs", value=", ".join(strong),
        )  # fmt: skip
    if not 1 <= days <= LONGEST.days:
        raise InvalidInput(
            msg("A token is good for 1 to {most} days, not {value}."), field="days", value=days, most=LONGEST.days
        )
    if not note or len(note) > _LONGEST_NOTE:
        raise InvalidInput(
            msg("Say in at most {most} signs what the token is for, so that it can be told from others."),
            field="note", most=_LONGEST_NOTE,
        )  # fmt: skip


def revoke_token(number: int, *, by: Actor, at: datetime, why: str = "", of: str | None = None) -> None:
    """Ends a token at once. of: only where it is this person's, for those who may revoke their own alone."""
    with transaction.atomic():
        token = Token.objects.select_for_update().filter(pk=min(number, _LAST)).first()
        if token is None or (of is not None and token.person.username != of):
            raise NotFound(_NO_TOKEN, value=number)
        if token.revoked_at is not None:
            raise Conflict(msg("Token {value} is revoked already."), value=number)
        token.revoked_at, token.revoked_by, token.revoked_why = at, str(by), why.strip()
        token.save(update_fields=["revoked_at", "revoked_by", "revoked_why"])
        record(
            subject=f"token:{number}", what="revoked", by=by, at=at, why=why.strip(),
            details={"person": token.person.username},
        )  # fmt: skip


def bearer_of(token: str, *, at: datetime) -> Bearer | None:
    """Whoever holds this token; None where it is none of ours, run out, revoked, or its person is switched off."""
    if not is_token(token):
        return None
    kept = (
        Token.objects.select_related("person")
        .filter(digest=digest_of(token), revoked_at__isnull=True, expires_at__gt=at, person__is_active=True)
        .first()
    )
    if kept is None:
        return None
    kept.person.__dict__["second_factor_given"] = kept.second_factor
    return Bearer(kept.person, frozenset(kept.verbs), _reach(kept.reach), kept.pk, kept.expires_at, kept.last_used_at)


def note_use(bearer: Bearer, *, at: datetime) -> None:
    """Notes that a token was used, at most every ten minutes."""
    if is_use_news(bearer.last_used_at, at=at):
        # The condition again: of many requests at once one writes.
        fresh = Q(last_used_at__isnull=True) | Q(last_used_at__lte=at - USE_NOTED_EVERY)
        Token.objects.filter(fresh, pk=bearer.token).update(last_used_at=at)


def tokens(*, of: str | None = None) -> list[TokenLine]:
    """Every token, or one person's, the newest first."""
    found = Token.objects.select_related("person").order_by("-id")
    if of is not None:
        found = found.filter(person__username=of)
    return [
        TokenLine(
            one.pk, one.person.username, one.hint, tuple(one.verbs), _reach(one.reach), one.note, one.issued_at,
            one.issued_by, one.expires_at, one.last_used_at, one.revoked_at, one.revoked_by, one.revoked_why,
        )
        for one in found
    ]  # fmt: skip


def _as_json(reach: Reach) -> dict[str, list[str]]:
    named = {one.name: sorted(getattr(reach, one.name)) for one in fields(Reach)}
    return {name: values for name, values in named.items() if values}


def _reach(said: Mapping[str, list[str]]) -> Reach:
    return Reach(**{name: frozenset(values) for name, values in said.items()})
