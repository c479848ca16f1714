"""What is done to a campaign: opened, edited, printed, signed, frozen. One function is one transaction, one entry."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.timezone import get_default_timezone

from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.inventory import prepared, queries
from oblik.inventory.counting import documents_version
from oblik.inventory.documents import city_papers, owner_papers, workbook
from oblik.inventory.documents.blocks import Paper
from oblik.inventory.documents.issue import Issue, issue_of
from oblik.inventory.documents.typesetting import pdf_of
from oblik.inventory.logic.campaigns import MEMBER_ROLES
from oblik.inventory.models import Campaign, CommissionMember, Signed
from oblik.journal.actions import record

Progress = Callable[[str, float], None]  # step and share done in [0, 1]

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
    _require_form(code, name=name, since=since, until=until)
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


def _require_form(code: str, *, name: str, since: date, until: date) -> None:
    if not name.strip():
        raise InvalidInput(msg("The campaign {value} needs a name."), value=code)
    if until < since:
        raise InvalidInput(
            msg("The campaign would end on {until}, before it begins on {since}; put the later day last."),
            since=since.isoformat(),
            until=until.isoformat(),
        )


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
        campaign = queries.locked_open(code)
        members = list(campaign.members.order_by("place").values_list("role", "place"))
        if role != "member" and any(role == taken for taken, _ in members):
            raise Conflict(msg("The commission of {value} has its {role} already."), value=code, role=role)
        place = members[-1][1] + 1 if members else 1
        CommissionMember.objects.create(campaign=campaign, name=name.strip(), post=post.strip(), role=role, place=place)
        details = {"name": name.strip(), "post": post.strip(), "role": role}
        record(subject=f"inventory:{code}", what="commission_joined", by=by, at=at, details=details)


def edit_campaign(
    code: str, *, name: str, since: date, until: date, by: Actor, at: datetime, order_ref: str = "", scope: str = ""
) -> None:
    """Changes what papers say of a campaign, its code excepted; Conflict where it is frozen."""
    _require_form(code, name=name, since=since, until=until)
    with transaction.atomic():
        campaign = queries.locked_open(code)
        wanted = {
            "name": name.strip(),
            "since": since,
            "until": until,
            "order_ref": order_ref.strip(),
            "scope": scope.strip(),
        }
        changed = {
            key: [str(getattr(campaign, key)), str(value)]
            for key, value in wanted.items()
            if getattr(campaign, key) != value
        }
        if not changed:
            return
        for key, value in wanted.items():
            setattr(campaign, key, value)
        campaign.save(update_fields=list(wanted))
        record(subject=f"inventory:{code}", what="campaign_edited", by=by, at=at, details=changed)


def remove_member(code: str, *, place: int, by: Actor, at: datetime, why: str = "") -> None:
    """Takes somebody out of the commission; Conflict where they have signed."""
    with transaction.atomic():
        member = _member(queries.locked_open(code), place=place)
        if Signed.objects.filter(member=member).exists():
            raise Conflict(msg("{name} has signed; take the mark of the signature back first."), name=member.name)
        role = member.role
        member.delete()
        record(
            subject=f"inventory:{code}", what="commission_left", by=by, at=at, why=why,
            details={"place": place, "role": role},
        )  # fmt: skip


def mark_signed(code: str, *, place: int, signed_on: date, by: Actor, at: datetime) -> None:
    """Notes that somebody of the commission has signed on paper; also once the campaign is frozen."""
    if signed_on > at.astimezone(get_default_timezone()).date():
        raise InvalidInput(msg("Nobody can have signed on {day}, which is still to come."), day=signed_on.isoformat())
    with transaction.atomic():
        member = _member(_locked(code), place=place)
        if Signed.objects.filter(member=member).exists():
            raise Conflict(msg("The signature of {name} is noted already."), name=member.name)
        Signed.objects.create(member=member, signed_on=signed_on, marked_at=at, marked_by=str(by))
        details = {"place": place, "role": member.role, "signed_on": signed_on.isoformat()}
        record(subject=f"inventory:{code}", what="signed", by=by, at=at, details=details)


def unmark_signed(code: str, *, place: int, by: Actor, at: datetime) -> None:
    """Takes back the note of a signature that was a mistake."""
    with transaction.atomic():
        member = _member(_locked(code), place=place)
        Signed.objects.filter(member=member).delete()
        record(subject=f"inventory:{code}", what="signature_unmarked", by=by, at=at, details={"place": place})


def freeze_campaign(code: str, *, by: Actor, at: datetime, why: str) -> None:
    """Ends a campaign for good: no lists, no settling, and the documents that lie there stay byte for byte.

    Conflict where it is frozen, or where a document is no longer as it was prepared.
    """
    if not why.strip():
        raise InvalidInput(
            msg("Say why the campaign {value} is frozen: the date and number of the signed act."), value=code
        )
    with transaction.atomic():
        campaign = _locked(code)
        if campaign.state == "frozen":
            raise Conflict(msg("The campaign {value} is frozen already."), value=code)
        hashes = prepared.settle(campaign, by=by, at=at)
        campaign.state = "frozen"
        campaign.save(update_fields=["state"])
        record(subject=f"inventory:{code}", what="frozen", by=by, at=at, why=why, details={"sha256": hashes})


def _silent(step: str, share: float) -> None:
    """Progress that nobody watches."""


def write_documents(
    code: str, *, directory: Path, language: str = "uk", by: Actor, at: datetime, progress: Progress = _silent
) -> list[Path]:
    """Prints all documents of a campaign into a folder and returns their files, the workbook last.

    The same data, day and language give the same bytes; of a frozen campaign the documents that were frozen are handed
    out again. FiguresError where the figures do not close: nothing is written then. InvalidInput for a language that is
    none of ours.
    """
    known = [known for known, _name in settings.LANGUAGES]
    if language not in known:
        raise InvalidInput(
            msg("“{value}” is no language of the documents; use one of {known}."),
            value=language,
            known=", ".join(known),
        )
    kept = prepared.kept_for_good(code, language=language)
    if kept:
        return _copied(kept, directory=directory)
    is_home = directory.resolve() == queries.documents_folder(code, language=language).resolve()
    version = documents_version()
    count = queries.count(code)
    with translation.override(language):
        issue = issue_of(count, language=language, issued_on=at.astimezone(get_default_timezone()).date())
        pages = list(_printed(issue, progress=progress))
    directory.mkdir(parents=True, exist_ok=True)
    with transaction.atomic():
        campaign = _locked(code)
        if prepared.kept_for_good(code, language=language):  # frozen while we were printing
            raise Conflict(msg("The campaign {value} is frozen: its documents stay as they are."), value=code)
        written = [_written(directory / name, content=content) for name, content in pages]
        if is_home:
            printing = prepared.Printing(language, issue.sha256, version, by, at)
            prepared.note(campaign, files=written, printing=printing)
        details = {"sha256": issue.sha256, "language": language, "documents": [path.name for path in written]}
        record(subject=f"inventory:{code}", what="documents_printed", by=by, at=at, details=details)
    progress("documents", 1.0)
    return written


def _copied(kept: Sequence[Path], *, directory: Path) -> list[Path]:
    """The documents of a frozen campaign, as they were."""
    directory.mkdir(parents=True, exist_ok=True)
    return [_written(directory / path.name, content=path.read_bytes()) for path in kept]


def _printed(issue: Issue, *, progress: Progress) -> Iterator[tuple[str, bytes]]:
    """File name and content of each document, in the order of their numbers."""
    owners = issue.count.owner_codes()
    makers: list[Callable[[], Paper]] = [
        *(partial(owner_papers.inventory_list, issue, owner=owner) for owner in owners),
        *(partial(owner_papers.reconciliation_statement, issue, owner=owner) for owner in owners),
        partial(city_papers.protocol, issue),
        partial(city_papers.act, issue),
    ]
    for done, make in enumerate(makers):
        progress("documents", done / (len(makers) + 1))
        paper = make()
        yield paper.file_name, pdf_of(paper)
    progress("documents", len(makers) / (len(makers) + 1))
    yield workbook.FILE_NAME, workbook.workbook_of(issue)


def _written(path: Path, *, content: bytes) -> Path:
    """The file with this content, whole or not at all: a reader never meets half a document."""
    part = path.with_suffix(path.suffix + ".part")
    part.write_bytes(content)
    part.replace(path)
    return path


def _locked(code: str) -> Campaign:
    campaign = Campaign.objects.select_for_update().filter(code=code).first()
    if campaign is None:
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)
    return campaign


def _member(campaign: Campaign, *, place: int) -> CommissionMember:
    found: CommissionMember | None = campaign.members.filter(place=place).first()
    if found is None:
        raise NotFound(msg("Nobody sits in the place {value} of the commission."), value=place)
    return found
