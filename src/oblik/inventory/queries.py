"""What a campaign holds: its commission, figures that close, rows behind each figure, discrepancies, documents."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings
from django.db.models import QuerySet
from django.utils.timezone import get_current_timezone

from oblik.accounts.logic.rights import EVERYWHERE, Scope
from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.intake import queries as intake
from oblik.inventory import sources
from oblik.inventory.counting import (
    classified_rows,
    counted,
    discrepancies_in,
    documents_version,
    figures_of_received,
)
from oblik.inventory.logic.campaigns import Campaign, Member
from oblik.inventory.logic.cases import Key, Resolution, matters_of, settled
from oblik.inventory.logic.count import Count, ListReceived
from oblik.inventory.logic.discrepancies import Discrepancy
from oblik.inventory.logic.figures import (
    CATEGORIES,
    COUNTED,
    OwnerFigures,
    TotalFigures,
)
from oblik.inventory.logic.file_names import owner_part
from oblik.inventory.models import Campaign as CampaignTable
from oblik.inventory.models import Case, CommissionMember, PreparedDocument, Signed
from oblik.registry import queries as registry


@dataclass(frozen=True, slots=True)
class CampaignLine:
    """A campaign with its main numbers: lists received, rows and records of current ones, distinct cameras."""

    campaign: Campaign
    submissions: int
    rows: int
    records: int
    cameras: int
    waiting: int
    broken: int


@dataclass(frozen=True, slots=True)
class CampaignFigures:
    """The figures of a campaign; each number opens with rows_of(code, owner=..., category=...).

    total is None for who does not see the lists of all owners. names: owner -> name. In all,
    the category "repeat" holds what another owner's list has already.
    """

    campaign: Campaign
    owners: tuple[OwnerFigures, ...]
    total: TotalFigures | None
    names: Mapping[str, str]
    lists: tuple[ListReceived, ...]


@dataclass(frozen=True, slots=True)
class RowLine:
    """One record of a list and what it counts as. part is its number inside its row."""

    submission: int
    file: str
    sheet: str
    row: int
    part: int
    owner: str
    verdict: str
    decision: str
    category: str
    camera: str
    probability: float | None
    record: int | None


@dataclass(frozen=True, slots=True)
class RowPage:
    """One page of rows; number and pages are 1-based."""

    lines: list[RowLine]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document as printed: its file, and whose it is ("" for the whole city)."""

    name: str
    kind: str  # inventory-list | reconciliation | protocol | act | workbook
    owner: str
    size_bytes: int
    written_at: datetime
    sha256: str = ""  # as it was prepared; "" where that was not noted
    is_stale: bool = False  # something was done since that documents may tell of


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody of the commission and whether they signed. place: the order of signatures."""

    place: int
    member: Member
    signed_on: date | None
    marked_by: str


def _reached(within: Scope) -> QuerySet[CampaignTable]:
    """The campaigns of a scope: that a count is on is told to all whom it asks; only a campaign's limit ends it."""
    found = CampaignTable.objects.prefetch_related("members").order_by("-opened_at", "-id")
    if all(reach.campaigns for reach in within.reaches):
        found = found.filter(code__in=sorted(frozenset().union(*(reach.campaigns for reach in within.reaches))))
    return found


def campaigns(*, within: Scope = EVERYWHERE) -> list[Campaign]:
    """All campaigns within a scope, the newest first."""
    return [_campaign(one) for one in _reached(within)]


def campaign(code: str, *, within: Scope = EVERYWHERE) -> Campaign:
    """One campaign with its commission; NotFound says how to see them all."""
    found = _reached(within).filter(code=code).first()
    if found is None:
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)
    return _campaign(found)


def require(code: str, *, within: Scope = EVERYWHERE) -> None:
    """Nothing where the campaign is; NotFound otherwise."""
    if not _reached(within).filter(code=code).exists():
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)


def require_open(code: str, *, within: Scope = EVERYWHERE) -> None:
    """Nothing where the campaign takes lists; Conflict where it is frozen."""
    if campaign(code, within=within).state != "open":
        raise Conflict(msg("The campaign {value} is frozen; open a new one for further lists."), value=code)


def locked_open(code: str) -> CampaignTable:
    """The campaign's row, held until the transaction ends; Conflict where it is frozen, NotFound where it is not."""
    found = CampaignTable.objects.select_for_update().filter(code=code).first()
    if found is None:
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)
    if found.state != "open":
        raise Conflict(msg("The campaign {value} is frozen: nothing in it changes any more."), value=code)
    return found


def campaign_lines(*, within: Scope = EVERYWHERE) -> list[CampaignLine]:
    """All campaigns with the main numbers of the lists within a scope, the newest first."""
    return [_line(one, within=within) for one in campaigns(within=within)]


def campaign_line(code: str, *, within: Scope = EVERYWHERE) -> CampaignLine:
    """One campaign with its main numbers."""
    return _line(campaign(code, within=within), within=within)


def campaign_figures(code: str, *, within: Scope = EVERYWHERE) -> CampaignFigures:
    """The figures per owner and in all, checked to close; FiguresError where a row was lost.

    Within a scope: of the owners whose lists it covers. How many of an owner's cameras others list too is told only to
    those who see these lists as well.
    """
    found = campaign(code, within=within)
    figures = counted(code).figures()
    lists = lists_received(code, within=within)
    if within.covers_list(owner=None, campaign=code):
        return CampaignFigures(found, figures.owners, figures.total, registry.owner_names(within=within), lists)
    owners = tuple(
        replace(line, shared=0)
        for line in figures.owners
        if within.covers_list(owner=line.owner, campaign=code)
    )  # fmt: skip
    return CampaignFigures(found, owners, None, registry.owner_names(within=within), lists)


def lists_received(code: str, *, within: Scope = EVERYWHERE) -> tuple[ListReceived, ...]:
    """The lists within a scope that were handed in for a campaign, oldest first."""
    zone = get_current_timezone()
    return tuple(
        ListReceived(
            submission=line.id,
            owner=line.owner,
            file=line.file_name,
            received_on=line.received_at.astimezone(zone).date(),
            sha256=line.sha256,
            current=line.replaced_by is None,
            is_read=line.state == "read",
        )
        for line in intake.submissions(campaign=code, within=within)
    )


def rows_of(
    code: str, *, owner: str = "", category: str = "", page: int = 1, per_page: int = 50, in_all: bool = False,
    within: Scope = EVERYWHERE,
) -> RowPage:  # fmt: skip
    """The rows behind a figure. category "" is all that the sum counts; in_all takes categories over all owners.

    Within a scope: of the lists that it covers; over all owners for those alone who see all their lists.
    InvalidInput for a category that is none. A page past the end is the last one.
    """
    if category not in ("", "repeat", *CATEGORIES):
        raise InvalidInput(
            msg("“{value}” is not a category of rows; use one of {known}."), value=category, known=", ".join(CATEGORIES)
        )
    require(code, within=within)
    rows = seen_rows(counted(code).rows(), code=code, within=within)
    whole = within.covers_list(owner=None, campaign=code)
    column = "category_in_all" if whole and (in_all or category == "repeat") else "category"
    wanted = pl.col(column) == category if category else pl.col("category").is_in(COUNTED)
    rows = rows.filter(wanted & ((pl.col("owner") == owner) if owner else pl.lit(True)))
    pages = max(1, -(-rows.height // per_page))
    number = min(max(page, 1), pages)
    lines = [
        RowLine(
            row["submission"], row["file"], row["sheet"], row["row"], row["part"], row["owner"], row["verdict"],
            row["decision"] or "", row[column], row["camera"] or "", row["probability"], row["record"],
        )
        for row in rows.slice((number - 1) * per_page, per_page).iter_rows(named=True)
    ]  # fmt: skip
    return RowPage(lines, rows.height, number, pages)


def seen_rows(rows: pl.DataFrame, *, code: str, within: Scope) -> pl.DataFrame:
    """The rows of a campaign that stand in lists which a scope covers."""
    if within.covers_list(owner=None, campaign=code):
        return rows
    seen = [owner for owner in rows["owner"].unique() if within.covers_list(owner=owner, campaign=code)]
    return rows.filter(pl.col("owner").is_in(seen))


def discrepancies(code: str, *, owner: str = "", kind: str = "", within: Scope = EVERYWHERE) -> tuple[Discrepancy, ...]:
    """The discrepancies of a campaign, of one owner or of one kind where asked.

    Within a scope: of the owners whose lists it covers, told without what others' lists say.
    """
    require(code, within=within)
    found = (
        part
        for part in counted(code).discrepancies()
        if (not owner or part.owner == owner) and (not kind or part.kind == kind)
    )
    if within.covers_list(owner=None, campaign=code):
        return tuple(found)
    return tuple(part.for_owner() for part in found if within.covers_list(owner=part.owner, campaign=code))


def count(code: str) -> Count:
    """Everything that a campaign's documents are printed from."""
    found = campaign(code)
    rows = classified_rows(code)
    standing = sources.standing_claims(rows)
    said = sources.words_of_lists(standing)
    parts = discrepancies_in(code, rows=rows, said=sources.said_of_cameras(standing))
    matters = matters_of(parts)
    named = set(rows["camera"].drop_nulls()) | {part.camera for part in parts}
    return Count(
        campaign=found,
        owners=registry.owner_names(),
        lists=lists_received(code),
        rows=rows.drop("record", "camera_id"),  # numbers of our own tables: not part of what is printed
        cameras=sources.cameras_named(named),
        own_numbers=said.numbers,
        own_words=said.words,
        figures=figures_of_received(rows),
        discrepancies=parts,
        resolutions=settled(matters, resolutions=resolutions_found(code)),
    )


def resolutions_found(code: str) -> dict[Key, tuple[Resolution, str]]:
    """How people settled discrepancies, with the facts they went by; whether these still stand, the count tells."""
    found = Case.objects.filter(campaign__code=code, state="resolved")
    return {(one.kind, one.camera_code, one.field): (Resolution(one.outcome, one.document), one.facts) for one in found}


def documents_folder(code: str, *, language: str) -> Path:
    """Where a campaign's documents in a language are kept."""
    return Path(settings.OBLIK_DATA) / "documents" / code / language


def documents(code: str, *, language: str = "uk", within: Scope = EVERYWHERE) -> list[DocumentLine]:
    """The documents in the campaign's folder, in the order of their numbers; none before the first printing.

    Within a scope: the papers of the owners whose lists it covers; those of the whole city where it covers all lists.
    """
    require(code, within=within)
    folder = documents_folder(code, language=language)
    found = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    noted = {one.name: one for one in PreparedDocument.objects.filter(campaign__code=code, language=language)}
    version = documents_version()
    owners = {owner_part(owner): owner for owner in registry.owner_names()}
    lines = (_document(path, owners=owners, noted=noted, version=version) for path in found)
    return [
        line
        for line in lines
        if line is not None and within.covers_list(owner=line.owner or None, campaign=code)
    ]  # fmt: skip


def seats(code: str, *, within: Scope = EVERYWHERE) -> list[Seat]:
    """The commission in the order of signatures, and who of it has signed on paper."""
    require(code, within=within)
    signed = {one.member_id: one for one in Signed.objects.filter(member__campaign__code=code)}
    found = _reached(within).get(code=code).members.all()
    return [
        Seat(
            one.place, _seated(one), signed[one.pk].signed_on if one.pk in signed else None,
            signed[one.pk].marked_by if one.pk in signed else "",
        )
        for one in sorted(found, key=lambda member: member.place)
    ]  # fmt: skip


_DOCUMENT: Final = re.compile(
    r"\d-(?P<kind>inventory-list|reconciliation|protocol|act|workbook)(?:-\d+-(?P<owner>[\w~-]+))?\.(?:pdf|xlsx)"
)


def _document(
    path: Path, *, owners: Mapping[str, str], noted: Mapping[str, PreparedDocument], version: str
) -> DocumentLine | None:
    match = _DOCUMENT.fullmatch(path.name)
    if match is None:
        return None
    state = path.stat()
    written_at = datetime.fromtimestamp(state.st_mtime, tz=get_current_timezone())
    kept = noted.get(path.name)
    owner = owners.get(match["owner"], match["owner"]) or ""
    return DocumentLine(
        path.name, match["kind"], owner, state.st_size, kept.written_at if kept else written_at,
        kept.sha256 if kept else "", kept is not None and kept.data_version not in ("", version),
    )  # fmt: skip


def _campaign(found: CampaignTable) -> Campaign:
    members = sorted(found.members.all(), key=lambda member: member.place)
    return Campaign(
        code=found.code,
        name=found.name,
        since=found.since,
        until=found.until,
        order_ref=found.order_ref,
        scope=found.scope,
        state=found.state,
        opened_at=found.opened_at,
        opened_by=found.opened_by,
        members=tuple(_seated(member) for member in members),
    )


def _seated(member: CommissionMember) -> Member:
    return Member(member.name, member.post, member.role)  # type: ignore[arg-type]  # the table holds known roles alone


def _sum(owners: Sequence[OwnerFigures]) -> OwnerFigures:
    """The figures of several owners side by side: a camera that two of them list counts for each."""
    names = ("rows", "extra", "cameras", "duplicates", "broken", "waiting", "not_cameras", "replaced")
    return OwnerFigures("", **{name: sum(getattr(line, name) for line in owners) for name in names})


def _line(found: Campaign, *, within: Scope) -> CampaignLine:
    figures = campaign_figures(found.code, within=within)
    # Of one owner's lists a camera counts once in each owner's; who sees all of them is told the city's number.
    total = figures.total or _sum(figures.owners)
    submissions = len(figures.lists)
    return CampaignLine(found, submissions, total.rows, total.received, total.cameras, total.waiting, total.broken)
