"""Discrepancies as work: who looks into one, what was said, how it was settled, and whether that still stands."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from django.db import transaction

from oblik.accounts import queries as accounts
from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.actors import Actor
from oblik.base.errors import InvalidInput, NotFound, msg
from oblik.db import kept_files
from oblik.inventory.counting import counted
from oblik.inventory.logic.cases import (
    CASE_STATES,
    OUTCOMES,
    CaseState,
    Key,
    Matter,
    matters_of,
    state_now,
)
from oblik.inventory.logic.discrepancies import DISCREPANCY_KINDS
from oblik.inventory.models import Case, CaseStep
from oblik.inventory.queries import discrepancies, locked_open, require
from oblik.journal.actions import record, record_batch

# What an explanation comes as; nothing that a browser would run.
ATTACHED: Final = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".odt", ".ods", ".txt", ".eml")
MOST_AT_ONCE: Final = 500
_LONGEST_TEXT: Final = 4_000


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A matter and what was made of it. changed: it was settled once, and other facts are told since."""

    matter: Matter
    state: CaseState
    changed: bool = False
    assignee: str = ""
    outcome: str = ""
    document: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One thing done to a case. number: by which an attached file is asked for."""

    number: int
    what: str  # assigned | commented | resolved | reopened
    at: datetime
    by: str
    text: str
    assignee: str
    outcome: str
    document: str
    file_name: str
    file_bytes: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which matters are asked for; empty texts ask for any. assignee "-": nobody's."""

    owner: str = ""
    kind: str = ""
    state: str = ""
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """One page of matters; number and pages are 1-based. kinds, states: how many of each there are, of the owner's."""

    lines: list[CaseLine]
    total: int
    number: int
    pages: int
    kinds: Mapping[str, int]
    states: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a settlement."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class _Step:
    what: str
    text: str = ""
    assignee: str = ""
    outcome: str = ""
    document: str = ""
    file_name: str = ""
    file_sha256: str = ""
    file_bytes: int = 0


Change = Callable[[Case, Matter], _Step | None]  # what is done to a case; None where it stays as it is


def case_page(code: str, *, wanted: Wanted, page: int, per_page: int, within: Scope = EVERYWHERE) -> CasePage:
    """The matters that a scope covers, in a lasting order. States are told to everybody, people to those alone who see
    the lists of all owners."""
    found = _seen(code, owner=wanted.owner, within=within)
    # Of tens of thousands of matters people have touched few: only these and the page itself are looked at closely.
    cases = _cases(code)
    touched = {one.key: _line(one, cases[one.key]) for one in found if one.key in cases}
    if not within.covers_list(owner=None, campaign=code):
        touched = {key: replace(line, assignee="") for key, line in touched.items()}
    kinds: dict[str, int] = {kind: sum(one.kind == kind for one in found) for kind in DISCREPANCY_KINDS}
    found = [one for one in found if not wanted.kind or one.kind == wanted.kind]
    states: dict[str, int] = dict.fromkeys(CASE_STATES, 0)
    for one in found:
        states[touched[one.key].state if one.key in touched else "open"] += 1
    if wanted.state or wanted.assignee:
        found = [one for one in found if _asked(touched.get(one.key) or CaseLine(one, "open"), wanted)]
    pages = max(1, -(-len(found) // per_page))
    number = min(max(page, 1), pages)
    shown = found[(number - 1) * per_page : number * per_page]
    lines = [touched.get(one.key) or CaseLine(one, "open") for one in shown]
    return CasePage(lines, len(found), number, pages, kinds, states)


def case_counts(code: str, *, within: Scope = EVERYWHERE) -> tuple[dict[str, int], dict[str, int]]:
    """How many matters there are of each kind, and in each state."""
    page = case_page(code, wanted=Wanted(), page=1, per_page=1, within=within)
    return dict(page.kinds), dict(page.states)


def case(code: str, key: Key, *, within: Scope = EVERYWHERE) -> tuple[CaseLine, list[StepLine]]:
    """One matter with what was done, oldest first. Steps are told to those alone who see the lists of all owners."""
    matter = next((one for one in _seen(code, owner="", within=within) if one.key == key), None)
    found = Case.objects.filter(campaign__code=code, kind=key[0], camera_code=key[1], field=key[2]).first()
    if matter is None:
        raise _absent(key)
    line = _line(matter, found)
    if not within.covers_list(owner=None, campaign=code):
        return replace(line, assignee=""), []
    return line, [_step(one) for one in found.steps.order_by("id")] if found else []


def attached(code: str, number: int, *, within: Scope = EVERYWHERE) -> tuple[str, str]:
    """Name and SHA-256 of the file that came with a step; NotFound for who does not see all lists of the campaign."""
    step = CaseStep.objects.filter(pk=number, case__campaign__code=code).exclude(file_sha256="").first()
    if step is None or not within.covers_list(owner=None, campaign=code):
        raise NotFound(msg("There is no document with the number {value}."), value=number)
    return step.file_name, step.file_sha256


def people_who_may(code: str) -> list[tuple[str, str]]:
    """Sign-in name and name of everybody to whom a matter can be given: who may judge on all lists of the campaign."""
    return [
        (one.username, one.name)
        for one in accounts.people()
        if one.active and any(_judges(grant, code=code) for grant in one.grants)
    ]


def assign(code: str, keys: Collection[Key], *, assignee: str, by: Actor, at: datetime) -> int:
    """Gives matters to somebody to look into, "" to nobody; how many. Settled ones stay as they are."""
    if assignee and assignee not in dict(people_who_may(code)):
        raise InvalidInput(msg("“{value}” may not work on the discrepancies of this campaign."), value=assignee)

    def change(one: Case, matter: Matter) -> _Step | None:
        if state_now(one.state, facts_then=one.facts, facts_now=matter.facts) == "resolved":
            return None
        one.assignee, one.state = assignee, "in_work" if assignee else "open"
        return _Step("assigned", assignee=assignee)

    return _changed(code, keys, change=change, by=by, at=at)


def comment(code: str, key: Key, *, text: str, by: Actor, at: datetime) -> None:
    """Says something on a matter; InvalidInput where nothing is said."""
    if not text.strip():
        raise InvalidInput(msg("Write what you have found out."), field="text")
    _changed(code, [key], change=lambda _one, _matter: _Step("commented", text=text.strip()), by=by, at=at)


def resolve(
    code: str, keys: Collection[Key], *, outcome: str, by: Actor, at: datetime, document: str = "", text: str = "",
    file: Attachment | None = None,
) -> int:  # fmt: skip
    """Settles matters: as what, resting on which document; how many. The numbers of the count do not change by it.

    What is settled stays settled while the sources say the same; InvalidInput where an outcome lacks its document.
    """
    if outcome not in OUTCOMES:
        raise InvalidInput(
            msg("“{value}” is no way to settle a discrepancy; use one of {known}."),
            value=outcome, known=", ".join(OUTCOMES),
        )  # fmt: skip
    document = " ".join(document.split())[:300]
    if outcome == "written_off" and not (document or file):
        raise InvalidInput(msg("What is written off rests on a document: name it or attach it."), field="document")
    name, sha256, size = _kept(file)
    document = document or name

    def change(one: Case, matter: Matter) -> _Step:
        one.state, one.outcome, one.document, one.facts = "resolved", outcome, document, matter.facts
        return _Step("resolved", text.strip(), one.assignee, outcome, document, name, sha256, size)

    return _changed(code, keys, change=change, by=by, at=at)


def reopen(code: str, keys: Collection[Key], *, why: str, by: Actor, at: datetime) -> int:
    """Takes settlements back, with the reason; how many there were. What was said stays."""
    if not why.strip():
        raise InvalidInput(msg("Say why it is opened again."), field="why")

    def change(one: Case, _matter: Matter) -> _Step | None:
        if one.state != "resolved":
            return None
        one.state = "in_work" if one.assignee else "open"
        one.outcome = one.document = one.facts = ""
        return _Step("reopened", text=why.strip())

    return _changed(code, keys, change=change, by=by, at=at)


def _changed(code: str, keys: Collection[Key], *, change: Change, by: Actor, at: datetime) -> int:
    """Does one thing to several matters: one transaction, one entry."""
    wanted = list(dict.fromkeys(keys))
    if not wanted:
        raise InvalidInput(msg("Choose at least one discrepancy."), field="keys")
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInput(msg("At most {most} discrepancies at once; choose fewer."), most=MOST_AT_ONCE)
    matters = counted(code).matters()
    for key in wanted:
        if key not in matters:
            raise _absent(key)
    with transaction.atomic():
        campaign = locked_open(code)
        there = _cases(code)
        done: list[tuple[Case, _Step]] = []
        for key in wanted:
            one = there.get(key) or Case(campaign=campaign, kind=key[0], camera_code=key[1], field=key[2])
            step = change(one, matters[key])
            if step is not None:
                one.changed_at = at
                one.save()
                _add_step(one, step, by=by, at=at)
                done.append((one, step))
        _record(code, done, by=by, at=at)
    return len(done)


def _add_step(one: Case, step: _Step, *, by: Actor, at: datetime) -> None:
    CaseStep.objects.create(
        case=one, what=step.what, at=at, by=str(by), text=step.text[:_LONGEST_TEXT], assignee=step.assignee,
        outcome=step.outcome, document=step.document, file_name=step.file_name, file_sha256=step.file_sha256,
        file_bytes=step.file_bytes,
    )  # fmt: skip


def _record(code: str, done: Sequence[tuple[Case, _Step]], *, by: Actor, at: datetime) -> None:
    """One is told by itself, several as a batch. What people wrote stands with the case and not in the journal."""
    told = [
        (
            f"case:{one.pk}",
            {
                "campaign": code, "kind": one.kind, "camera": one.camera_code, "field": one.field,
                **{name: value for name in ("assignee", "outcome", "document") if (value := getattr(step, name))},
                **({"sha256": step.file_sha256} if step.file_sha256 else {}),
            },
        )
        for one, step in done
    ]  # fmt: skip
    if len(told) == 1:
        record(subject=told[0][0], what=f"case_{done[0][1].what}", by=by, at=at, details=told[0][1])
    elif told:
        record_batch(subject=f"case:of {code}", what=f"case_{done[0][1].what}", by=by, at=at, parts=told)


def _kept(file: Attachment | None) -> tuple[str, str, int]:
    """Name, SHA-256 and size of a file, which lies sealed from now on."""
    if file is None:
        return "", "", 0
    name = re.sub(r"[\x00-\x1f\x7f/\\]+", "_", file.name).strip()[-200:] or "_"
    if Path(name).suffix.lower() not in ATTACHED:
        raise InvalidInput(
            msg("“{value}” cannot be attached; use one of {known}."), value=name, known=", ".join(ATTACHED)
        )
    if not file.data:
        raise InvalidInput(msg("The file “{value}” is empty."), value=name)
    return name, kept_files.keep_bytes(file.data, file_name=name), len(file.data)


def _seen(code: str, *, owner: str, within: Scope) -> list[Matter]:
    """The matters that a scope covers, told as far as it covers them, with the facts that everybody goes by."""
    require(code, within=within)
    matters = counted(code).matters()
    if within.covers_list(owner=None, campaign=code):
        return [one for one in matters.values() if not owner or owner in one.owners]
    told = matters_of(discrepancies(code, owner=owner, within=within))
    return [replace(one, facts=matters[one.key].facts) for one in told]


def _cases(code: str) -> dict[Key, Case]:
    return {(one.kind, one.camera_code, one.field): one for one in Case.objects.filter(campaign__code=code)}


def _line(matter: Matter, one: Case | None) -> CaseLine:
    if one is None:
        return CaseLine(matter, "open")
    state = state_now(one.state, facts_then=one.facts, facts_now=matter.facts)
    changed = one.state == "resolved" and state != "resolved"
    return CaseLine(
        matter, "in_work" if changed and one.assignee else state, changed, one.assignee, one.outcome, one.document,
        one.pk,
    )  # fmt: skip


def _asked(line: CaseLine, wanted: Wanted) -> bool:
    if wanted.state and line.state != wanted.state:
        return False
    return not wanted.assignee or line.assignee == ("" if wanted.assignee == "-" else wanted.assignee)


def _step(one: CaseStep) -> StepLine:
    return StepLine(
        one.pk, one.what, one.at, one.by, one.text, one.assignee, one.outcome, one.document, one.file_name,
        one.file_bytes,
    )  # fmt: skip


def _judges(grant: accounts.GrantLine, *, code: str) -> bool:
    role = accounts.ROLES.get(grant.role)
    scope = accounts.Scope((grant.reach,))
    return role is not None and "judge" in role.verbs and scope.covers_list(owner=None, campaign=code)


def _absent(key: Key) -> NotFound:
    return NotFound(
        msg("There is no such discrepancy of the camera {value}: it may have been settled by a newer list."),
        value=key[1],
    )
