"""What all papers of one printing share: numbers, dates, the fingerprint, the frame of a page."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from oblik.inventory.documents import wording
from oblik.inventory.documents.blocks import Block, Facts, Paper, Signatures
from oblik.inventory.logic.count import Count, fingerprint
from oblik.inventory.logic.file_names import owner_part


@dataclass(frozen=True, eq=False)
class Issue:
    """One printing of a campaign's papers. The language is the one active while they are written."""

    count: Count
    language: str
    issued_on: date
    sha256: str

    def number(self, kind: int, *, owner: str = "") -> str:
        """The number of a paper: campaign / kind, with the owner's place in the list of owners if one's."""
        tail = f"-{self.count.owner_codes().index(owner) + 1:02d}" if owner else ""
        return f"{self.count.campaign.code}/{kind}{tail}"

    def file_name(self, kind: int, *, noun: str, owner: str = "") -> str:
        """The name of a paper's file: sorts in the order of the papers and holds no letters a file system minds."""
        if not owner:
            return f"{kind}-{noun}.pdf"
        return f"{kind}-{noun}-{self.count.owner_codes().index(owner) + 1:02d}-{owner_part(owner)}.pdf"

    def paper(
        self, kind: int, *, titles: str, noun: str, blocks: list[Block], owner: str = "", landscape: bool = False
    ) -> Paper:
        """The blocks in the frame that all papers share. titles: "Title | rest of the title"."""
        title, _bar, subtitle = titles.partition(" | ")
        number = self.number(kind, owner=owner)
        return Paper(
            file_name=self.file_name(kind, noun=noun, owner=owner),
            language=self.language,
            title=title,
            subtitle=subtitle,
            number_line=_("No. {number} of {day}").format(number=number, day=day_text(self.issued_on)),
            running=" · ".join(part for part in (title, self.count.owner_name(owner) if owner else subtitle) if part),
            page_of=_("page {page} of {pages}"),
            fingerprint_line=_("Data SHA-256: {hash}").format(hash=self.sha256),
            issued_on=self.issued_on,
            blocks=blocks,
            landscape=landscape,
        )


def issue_of(count: Count, *, language: str, issued_on: date) -> Issue:
    """An issue of the papers of a count."""
    return Issue(count=count, language=language, issued_on=issued_on, sha256=fingerprint(count))


def day_text(day: date) -> str:
    """A day in words of the active language: "1 березня 2026 р."."""
    return date_format(day, "DATE_FORMAT")


def campaign_facts(issue: Issue, *, owner: str = "") -> Facts:
    """On what ground, when and whose cameras were counted."""
    campaign = issue.count.campaign
    days = _("from {since} until {until}").format(since=day_text(campaign.since), until=day_text(campaign.until))
    rows = [(_("Campaign"), f"{campaign.name} ({campaign.code})"), (_("Carried out"), days)]
    if campaign.order_ref:
        rows.insert(0, (_("Ground"), campaign.order_ref))
    if campaign.scope:
        rows.append((_("Scope"), campaign.scope))
    if owner:
        rows.append((_("Balance holder"), f"{issue.count.owner_name(owner)} ({owner})"))
    return Facts(rows=rows)


def signatures(issue: Issue, *, owner: bool = False) -> Signatures:
    """Lines for the commission, blank ones where it has nobody yet, and for the owner's representative if asked."""
    members = issue.count.campaign.members
    lines = []
    for role, blanks in (("chair", 1), ("member", 3), ("secretary", 1)):
        named = [(member.name, member.post) for member in members if member.role == role] or [("", "")] * blanks
        lines += [(wording.word(wording.ROLES, key=role), post, name) for name, post in named]
    if owner:
        lines.append((_("Representative of the balance holder"), "", ""))
    return Signatures(lines=lines, under_line=_("(signature)"), under_name=_("(initials, surname)"))
