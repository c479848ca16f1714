"""What a campaign holds: its commission, figures that close, rows behind each figure, discrepancies, documents."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import polars as pl
from django.conf import settings
from django.utils.timezone import get_current_timezone

from oblik.base.errors import Conflict, InvalidInput, NotFound, msg
from oblik.intake import queries as intake
from oblik.inventory import sources
from oblik.inventory.counting import classified_rows, counted, discrepancies_in, figures_of_received
from oblik.inventory.logic.campaigns import Campaign, Member
from oblik.inventory.logic.count import Count, ListReceived
from oblik.inventory.logic.discrepancies import Discrepancy
from oblik.inventory.logic.figures import (
    CATEGORIES,
    COUNTED,
    OwnerFigures,
    TotalFigures,
)
from oblik.inventory.models import Campaign as CampaignTable
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

    names: owner -> name. In all, the category "repeat" holds what another owner's list has already.
    """

    campaign: Campaign
    owners: tuple[OwnerFigures, ...]
    total: TotalFigures
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


def campaigns() -> list[Campaign]:
    """All campaigns, the newest first."""
    found = CampaignTable.objects.prefetch_related("members").order_by("-opened_at", "-id")
    return [_campaign(one) for one in found]


def campaign(code: str) -> Campaign:
    """One campaign with its commission; NotFound says how to see them all."""
    found = CampaignTable.objects.prefetch_related("members").filter(code=code).first()
    if found is None:
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)
    return _campaign(found)


def require(code: str) -> None:
    """Nothing where the campaign is; NotFound otherwise."""
    if not CampaignTable.objects.filter(code=code).exists():
        raise NotFound(msg("There is no campaign “{value}”; see `oblik campaign list`."), value=code)


def require_open(code: str) -> None:
    """Nothing where the campaign takes lists; Conflict where it is frozen."""
    if campaign(code).state != "open":
        raise Conflict(msg("The campaign {value} is frozen; open a new one for further lists."), value=code)


def campaign_lines() -> list[CampaignLine]:
    """All campaigns with their main numbers, the newest first."""
    return [_line(one) for one in campaigns()]


def campaign_line(code: str) -> CampaignLine:
    """One campaign with its main numbers."""
    return _line(campaign(code))


def campaign_figures(code: str) -> CampaignFigures:
    """The figures per owner and in all, checked to close; FiguresError where a row was lost."""
    found = campaign(code)
    figures = counted(code).figures()
    return CampaignFigures(found, figures.owners, figures.total, registry.owner_names(), lists_received(code))


def lists_received(code: str) -> tuple[ListReceived, ...]:
    """The lists handed in for a campaign, oldest first."""
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
        for line in intake.submissions(campaign=code)
    )


def rows_of(
    code: str, *, owner: str = "", category: str = "", page: int = 1, per_page: int = 50, in_all: bool = False
) -> RowPage:
    """The rows behind a figure. category "" is all that the sum counts; in_all takes categories over all owners.

    InvalidInput for a category that is none. A page past the end is the last one.
    """
    if category not in ("", "repeat", *CATEGORIES):
        raise InvalidInput(
            msg("“{value}” is not a category of rows; use one of {known}."), value=category, known=", ".join(CATEGORIES)
        )
    require(code)
    rows = counted(code).rows()
    column = "category_in_all" if in_all or category == "repeat" else "category"
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


def discrepancies(code: str, *, owner: str = "", kind: str = "") -> tuple[Discrepancy, ...]:
    """The discrepancies of a campaign, of one owner or of one kind where asked."""
    require(code)
    return tuple(
        part
        for part in counted(code).discrepancies()
        if (not owner or part.owner == owner) and (not kind or part.kind == kind)
    )


def count(code: str) -> Count:
    """Everything that a campaign's documents are printed from."""
    found = campaign(code)
    rows = classified_rows(code)
    said = sources.said_of_cameras(rows)
    parts = discrepancies_in(code, rows=rows, said=said)
    named = set(rows["camera"].drop_nulls()) | {part.camera for part in parts}
    return Count(
        campaign=found,
        owners=registry.owner_names(),
        lists=lists_received(code),
        rows=rows.drop("record", "camera_id"),  # numbers of our own tables: not part of what is printed
        cameras=sources.cameras_named(named),
        own_numbers=said.own_numbers,
        figures=figures_of_received(rows),
        discrepancies=parts,
    )


def documents_folder(code: str, *, language: str) -> Path:
    """Where a campaign's documents in a language are kept."""
    return Path(settings.OBLIK_DATA) / "documents" / code / language


def documents(code: str, *, language: str = "uk") -> list[DocumentLine]:
    """The documents in the campaign's folder, in the order of their numbers; none before the first printing."""
    require(code)
    folder = documents_folder(code, language=language)
    found = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    lines = (_document(path) for path in found)
    return [line for line in lines if line is not None]


_DOCUMENT: Final = re.compile(
    r"\d-(?P<kind>inventory-list|reconciliation|protocol|act|workbook)(?:-\d+-(?P<owner>[\w-]+))?\.(?:pdf|xlsx)"
)


def _document(path: Path) -> DocumentLine | None:
    match = _DOCUMENT.fullmatch(path.name)
    if match is None:
        return None
    state = path.stat()
    written_at = datetime.fromtimestamp(state.st_mtime, tz=get_current_timezone())
    return DocumentLine(path.name, match["kind"], match["owner"] or "", state.st_size, written_at)


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
        members=tuple(Member(member.name, member.post, member.role) for member in members),  # type: ignore[arg-type]  # the table holds known roles alone
    )


def _line(found: Campaign) -> CampaignLine:
    total = counted(found.code).figures().total
    submissions = len(intake.submissions(campaign=found.code))
    return CampaignLine(found, submissions, total.rows, total.received, total.cameras, total.waiting, total.broken)
