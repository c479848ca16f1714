"""Owners asked for a list in a campaign: until when, whether it came, who of theirs answers, who was reminded."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.timezone import get_default_timezone

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.inventory.logic.count import ListReceived
from oblik.inventory.logic.deadlines import Arrival, Asked, arrival, days_late, rests_until
from oblik.inventory.models import Campaign, ExpectedOwner, Reminder
from oblik.inventory.queries import locked_open, require
from oblik.journal.actions import record
from oblik.registry import queries as registry

Send = Callable[[str, str, str], str]  # address, subject, text -> what became of it, see deadlines.OUTCOMES_SENT

_LONGEST_TEXT: Final = 5_000


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """A letter that went out, or did not. The text stands for those who see all lists of the campaign."""

    owner: str
    sent_at: datetime
    sent_by: str
    email: str
    subject: str
    text: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AwaitedOwner:
    """An owner asked for a list, or one who handed in unasked (due_on None). first_list_on: None while none is read."""

    owner: str
    due_on: date | None
    contact_name: str
    contact_email: str
    language: str
    first_list_on: date | None
    arrival: Arrival
    days_late: int
    reminded_at: datetime | None
    rests_until: datetime | None

    @property
    def is_in(self) -> bool:
        """Whether a list that can be read has come."""
        return self.first_list_on is not None


@dataclass(frozen=True, slots=True)
class Letter:
    """One reminder as it shall go out."""

    owner: str
    email: str
    subject: str
    text: str


def awaited(
    code: str, *, lists: Sequence[ListReceived], at: datetime, within: Scope = EVERYWHERE
) -> list[AwaitedOwner]:
    """Who is asked and who handed in, by owner code. lists: those of the campaign, see queries.lists_received.

    Within a scope: the owners whose lists it covers; people's names and addresses for those alone who see all lists.
    """
    whole = within.covers_list(owner=None, campaign=code)
    asked = {
        line.owner_code: Asked(line.owner_code, line.due_on, line.contact_name, line.contact_email, line.language)
        for line in ExpectedOwner.objects.filter(campaign__code=code)
        if within.covers_list(owner=line.owner_code, campaign=code)
    }
    first: dict[str, date] = {}
    for given in lists:
        if given.is_read:
            first[given.owner] = min(first.get(given.owner, given.received_on), given.received_on)
    reminded = _last_reminders(code)
    today = at.astimezone(get_default_timezone()).date()
    return [
        _line(
            owner, asked.get(owner), first_list_on=first.get(owner), reminded_at=reminded.get(owner) if whole else None,
            at=at, today=today, told=whole,
        )
        for owner in sorted({*asked, *first})
    ]  # fmt: skip


def _line(
    owner: str, asked: Asked | None, *, first_list_on: date | None, reminded_at: datetime | None, at: datetime,
    today: date, told: bool,
) -> AwaitedOwner:  # fmt: skip
    due_on = asked.due_on if asked else None
    state = arrival(due_on, first_list_on=first_list_on, today=today)
    return AwaitedOwner(
        owner=owner,
        due_on=due_on,
        contact_name=asked.contact_name if asked and told else "",
        contact_email=asked.contact_email if asked and told else "",
        language=asked.language if asked else settings.LANGUAGE_CODE,
        first_list_on=first_list_on,
        arrival=state,
        days_late=days_late(due_on, today=today) if due_on and state == "late" else 0,
        reminded_at=reminded_at,
        rests_until=rests_until(reminded_at, at=at),
    )


def reminders(code: str, *, owner: str = "", within: Scope = EVERYWHERE) -> list[ReminderLine]:
    """Letters of a campaign, the newest first; none for who does not see all its lists."""
    if not within.covers_list(owner=None, campaign=code):
        return []
    found = Reminder.objects.filter(campaign__code=code).order_by("-sent_at", "-id")
    if owner:
        found = found.filter(owner_code=owner)
    return [
        ReminderLine(one.owner_code, one.sent_at, one.sent_by, one.email, one.subject, one.text, one.outcome)
        for one in found[:200]
    ]


def contacts_before(code: str) -> Mapping[str, tuple[str, str, str]]:
    """owner -> name, address and language that were last given in another campaign: to be offered, not taken."""
    earlier = ExpectedOwner.objects.exclude(campaign__code=code).exclude(contact_email="").order_by("campaign__id")
    return {
        one.owner_code: (one.contact_name, one.contact_email, one.language) for one in earlier
    }  # fmt: skip


def expect_owners(code: str, *, owners: Collection[str], due_on: date, by: Actor, at: datetime) -> int:
    """Asks owners for a list until a day, and answers how many were not asked before. Those asked keep their day."""
    known = registry.owner_names()
    strange = sorted(set(owners) - set(known))
    if strange:
        raise NotFound(msg("There is no owner with the code “{value}”; see `oblik owner list`."), value=strange[0])
    if not owners:
        raise InvalidInput(msg("Choose at least one owner."), field="owners")
    before = contacts_before(code)
    with transaction.atomic():
        campaign = locked_open(code)
        there = set(campaign.expected.values_list("owner_code", flat=True))
        added = sorted(set(owners) - there)
        for owner in added:
            name, email, language = before.get(owner, ("", "", settings.LANGUAGE_CODE))
            campaign.expected.create(
                owner_code=owner, due_on=due_on, contact_name=name, contact_email=email, language=language
            )
        if added:
            details = {"owners": added, "due_on": due_on.isoformat()}
            record(subject=f"awaited:{code}", what="owners_expected", by=by, at=at, details=details)
    return len(added)


def change_expected(code: str, asked: Asked, *, by: Actor, at: datetime) -> None:
    """Another day, another person to write to. The journal is told that, and not who they are."""
    email = _address(asked.contact_email)
    if asked.language not in dict(settings.LANGUAGES):
        raise InvalidInput(
            msg("“{value}” is no language of the documents; use one of {known}."),
            value=asked.language, known=", ".join(dict(settings.LANGUAGES)),
        )  # fmt: skip
    with transaction.atomic():
        line = _expected(locked_open(code), owner=asked.owner)
        changed = line.contact_name != asked.contact_name.strip() or line.contact_email != email
        line.due_on, line.language = asked.due_on, asked.language
        line.contact_name, line.contact_email = asked.contact_name.strip()[:200], email
        line.save()
        details = {"owner": asked.owner, "due_on": asked.due_on.isoformat(), "contact_changed": changed}
        record(subject=f"awaited:{code}", what="expectation_changed", by=by, at=at, details=details)


def stop_expecting(code: str, owner: str, *, by: Actor, at: datetime) -> None:
    """No longer waits for an owner's list; one that came stays."""
    with transaction.atomic():
        _expected(locked_open(code), owner=owner).delete()
        record(subject=f"awaited:{code}", what="no_longer_expected", by=by, at=at, details={"owner": owner})


def forget_contacts(code: str, *, by: Actor, at: datetime, why: str) -> int:
    """Names and addresses of people out of a campaign, also of a frozen one; that they were written to stays."""
    if not why.strip():
        raise InvalidInput(msg("Give a reason; it stands in the journal."), field="why")
    with transaction.atomic():
        require(code)
        lines = ExpectedOwner.objects.filter(campaign__code=code).exclude(contact_name="", contact_email="")
        count = lines.update(contact_name="", contact_email="")
        Reminder.objects.filter(campaign__code=code).update(email="", text="")
        record(subject=f"awaited:{code}", what="contacts_forgotten", by=by, at=at, why=why, details={"owners": count})
    return count


def remind(code: str, letter: Letter, *, send: Send, by: Actor, at: datetime, again: bool = False) -> str:
    """Sends a letter and answers what became of it: "sent", "shown" (in the server's own output) or "failed".

    It is noted before it goes: killed between, the program knows that it may have gone. Conflict where the owner was
    reminded within a day and `again` does not say that this is meant; where the list has come the caller knows.
    """
    email = _address(letter.email)
    if not email:
        raise InvalidInput(msg("There is no address to remind {owner} at; type one."), owner=letter.owner)
    if not letter.subject.strip() or not letter.text.strip():
        raise InvalidInput(msg("A letter needs a subject and a text."), field="text")
    with transaction.atomic():
        campaign = locked_open(code)
        _expected(campaign, owner=letter.owner)
        rests = rests_until(_last_reminders(code).get(letter.owner), at=at)
        if rests is not None and not again:
            raise Conflict(
                msg("{owner} was reminded within the last day; say that another letter is meant."), owner=letter.owner
            )
        line = campaign.reminders.create(
            owner_code=letter.owner, email=email, subject=" ".join(letter.subject.split())[:200],
            text=letter.text.strip()[:_LONGEST_TEXT], sent_at=at, sent_by=str(by),
        )  # fmt: skip
    outcome = send(line.email, line.subject, line.text + "\n")
    with transaction.atomic():
        Reminder.objects.filter(pk=line.pk).update(outcome=outcome)
        details = {"owner": letter.owner, "outcome": outcome}
        record(subject=f"awaited:{code}", what="reminded", by=by, at=at, details=details)
    return outcome


def _last_reminders(code: str) -> dict[str, datetime]:
    """owner -> when a letter last went out, or may have."""
    found = Reminder.objects.filter(campaign__code=code).exclude(outcome="failed").order_by("sent_at")
    return dict(found.values_list("owner_code", "sent_at"))


def _expected(campaign: Campaign, *, owner: str) -> ExpectedOwner:
    found: ExpectedOwner | None = campaign.expected.filter(owner_code=owner).first()
    if found is None:
        raise NotFound(msg("The owner “{value}” is not asked for a list in this campaign."), value=owner)
    return found


def _address(text: str) -> str:
    email = text.strip()
    try:
        if email:
            validate_email(email)
    except ValidationError as wrong:
        raise InvalidInput(msg("“{value}” is not an e-mail address."), value=email) from wrong
    return email
