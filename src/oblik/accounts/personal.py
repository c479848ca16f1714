"""What is held about somebody with an account: given out whole, erased, and tidied away when its time is over.

The journal names people by their sign-in name and by nothing else, in text that is part of its chain. So erasing takes
away everything that leads from that name to a human being, and keeps the name itself: nobody else is ever given it.
"""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import models, transaction

from oblik.accounts.leaving import disable_person
from oblik.accounts.models import Invitation, KeptAnswer, Knocking, Person
from oblik.accounts.signins import unlock
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.journal.actions import looked, record
from oblik.journal.queries import Asked, all_entries, entries_about

# What opens something is nobody's data: neither the person's nor a reader's of the export.
SECRETS: Final = frozenset(
    {"password", "digest", "shown_digest", "mailed_digest", "session_key", "data", "token_secret"}
)
# Rows that stay as evidence of who might do what, and what in them tells of the human being.
KEPT: Final[dict[str, dict[str, object]]] = {
    "accounts.grant": {},
    "accounts.token": {"note": "", "hint": ""},
}
INVITATIONS_KEPT_FOR: Final = timedelta(days=30)  # after their end, for questions of who let somebody in


def held_about(username: str, *, by: Actor, at: datetime, why: str = "") -> dict[str, object]:
    """Everything that is held about somebody, as plain values; that it was looked at goes into the journal first."""
    person = _found(username)
    looked(subject=f"person:{username}", what="data_exported", by=by, at=at, why=why)
    own = {relation.get_accessor_name(): relation for relation in _relations()}
    acted = [Asked(by=f"person:{username}")]
    acted += [Asked(by=f"person:{username} (token {token.pk})") for token in person.tokens.all()]
    return {
        "account": _plain(person),
        **{
            f"{relation.related_model._meta.label_lower}": [_plain(row) for row in _rows(relation, person)]
            for _name, relation in sorted(own.items())
        },
        "sessions": [
            {"expires_at": one.expire_date}
            for one in Session.objects.filter(session_key__in=_session_keys(person)).order_by("expire_date")
        ],
        "journal_about": [asdict(entry) for entry in entries_about(f"person:{username}")],
        "journal_by": [asdict(entry) for asked in acted for entry in all_entries(asked)],
    }


def erase_person(username: str, *, by: Actor, at: datetime, why: str) -> dict[str, int]:
    """Erases what is held about somebody but the sign-in name, rights once held and the journal; rows gone, by table.

    Lets them leave first if they have not. Conflict where everything was erased already.
    """
    if not why.strip():
        raise InvalidInput(msg("Say why: the journal keeps the reason."), field="why")
    with transaction.atomic():
        person = _found(username)
        if person.is_active or person.grants.filter(withdrawn_at__isnull=True).exists():
            disable_person(username, by=by, at=at, why=why)
            person.refresh_from_db()
        unlock(username, by=by, at=at)
        gone = {"django.session": Session.objects.filter(session_key__in=_session_keys(person)).delete()[0]}
        KeptAnswer.objects.filter(token__person=person).delete()
        for relation in _relations():
            gone |= _erased(relation, person)
        emptied = _emptied(person)
        gone = {table: count for table, count in gone.items() if count}
        if not (emptied or gone):
            raise Conflict(msg("Of “{value}” nothing is held any more but the name."), value=username)
        record(subject=f"person:{username}", what="data_erased", by=by, at=at, why=why, details={"rows": gone})
    return gone


def tidy(*, by: Actor, at: datetime) -> dict[str, int]:
    """Removes what has ended: sessions, invitations a month after their end, failed sign-ins of yesterday, kept
    answers; rows gone, by table."""
    with transaction.atomic():
        over = Session.objects.filter(expire_date__lt=at)
        alive = Session.objects.filter(expire_date__gte=at).values("session_key")
        old = at - INVITATIONS_KEPT_FOR
        doomed: dict[str, models.QuerySet[Any]] = {
            "invitations": Invitation.objects.filter(models.Q(ended_at__lt=old) | models.Q(expires_at__lt=old)),
            "devices": UserSession.objects.exclude(session_key__in=alive),
            "sessions": over,
            "failures": Knocking.objects.filter(last_at__lt=at - timedelta(days=1)),
            "answers": KeptAnswer.objects.filter(begun_at__lt=at - timedelta(days=1)),
        }
        gone = {name: rows.delete()[0] for name, rows in doomed.items()}
        record(subject="person:", what="tidied", by=by, at=at, details=gone)
    return gone


def tables_about_people() -> frozenset[str]:
    """The tables that point at an account, as `app.model`: what an export and an erasure go over."""
    return frozenset(relation.related_model._meta.label_lower for relation in _relations())


def _relations() -> Iterator[Any]:
    """Every table that points at people, of ours and of the packages: a new one is in the export by itself."""
    for relation in Person._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel):
            yield relation


def _rows(relation: Any, person: Person) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = relation.related_model._default_manager.filter(**{relation.field.name: person})
    return rows.order_by("pk")


def _erased(relation: Any, person: Person) -> dict[str, int]:
    label = relation.related_model._meta.label_lower
    if label in KEPT:
        if KEPT[label]:
            _rows(relation, person).update(**KEPT[label])
        return {}
    return {label: _rows(relation, person).delete()[0]}


def _emptied(person: Person) -> bool:
    """Whether anything was there to be emptied."""
    before = (person.first_name, person.last_name, person.email, person.language, person.last_login)
    person.first_name = person.last_name = person.email = person.language = ""
    person.last_login = None
    person.set_unusable_password()
    person.save()
    return any(before)


def _plain(row: models.Model) -> dict[str, object]:
    return {
        field.attname: field.value_from_object(row) for field in row._meta.concrete_fields if field.name not in SECRETS
    }


def _session_keys(person: Person) -> list[str]:
    return list(UserSession.objects.filter(user=person).values_list("session_key", flat=True))


def _found(username: str) -> Person:
    person = Person.objects.filter(username=username).first()
    if person is None:
        raise NotFound(msg("There is nobody with the sign-in name “{value}”; see `oblik person list`."), value=username)
    return person
