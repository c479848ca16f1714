"""The two papers of the whole count: the protocol of the commission and the city-wide act."""

from typing import Final

import polars as pl
from django.utils.translation import gettext as _

from oblik.inventory.documents import wording
from oblik.inventory.documents.blocks import Approval, Block, Cell, Column, Heading, Items, Paper, Table, Text
from oblik.inventory.documents.issue import Issue, campaign_facts, day_text, signatures
from oblik.inventory.documents.owner_papers import LIST, STATEMENT
from oblik.inventory.documents.wording import number_text
from oblik.inventory.logic.count import Count
from oblik.inventory.logic.figures import TotalFigures

PROTOCOL, ACT = 3, 4
_DASH: Final = "—"


def protocol(issue: Issue) -> Paper:
    """What the commission heard and resolved."""
    count = issue.count
    total = count.figures.total
    blocks: list[Block] = [
        campaign_facts(issue),
        Heading(_("Present")),
        _commission(issue),
        Heading(_("Agenda")),
        Items(
            [
                _("Lists received from balance holders and what became of their rows."),
                _("Discrepancies between the lists and other sources."),
                _("Approval of the documents of the inventory."),
            ]
        ),
        *_clause(
            _("1. Lists received"),
            heard=_lists_sentence(count),
            resolved=_("Take the figures as established."),
            shown=_owners_table(issue),
        ),
        *_clause(
            _("2. Discrepancies"),
            heard=_(
                "Between the lists and other sources, {surplus} cameras are in surplus, {shortage} are short and "
                "{mismatch} fields do not agree; {waiting} records wait for review and {broken} cannot be used as "
                "they stand."
            ).format(
                **_discrepancy_numbers(count), waiting=number_text(total.waiting), broken=number_text(total.broken)
            ),
            resolved=_(
                "Balance holders explain in writing each surplus and shortage of their reconciliation statements, "
                "confirm the right value of each mismatched field, and correct the rows that cannot be used, by "
                "«____» ______________ 20____."
            ),
            shown=_discrepancy_table(issue),
        ),
        *_clause(
            _("3. Approval of the documents"),
            heard=_("Inventory lists, reconciliation statements and the act of the inventory have been drawn up."),
            resolved=_("Approve the documents listed in the act No. {number}.").format(number=issue.number(ACT)),
        ),
        Text(_("Votes: for ______, against ______, abstained ______."), indented=True),
        signatures(issue),
    ]
    return issue.paper(PROTOCOL, titles=_("Protocol | of the inventory commission"), noun="protocol", blocks=blocks)


def act(issue: Issue) -> Paper:
    """The outcome of the count in the whole city: the arithmetic per owner and in all, discrepancies, annexes."""
    count = issue.count
    campaign = count.campaign
    opening = _(
        "The inventory commission has, from {since} until {until}, carried out the inventory of video surveillance "
        "cameras and established the following."
    ).format(since=day_text(campaign.since), until=day_text(campaign.until))
    blocks: list[Block] = [
        Approval(
            [
                _("APPROVED").upper(),
                _("Head of the body that ordered the inventory"),
                "______________________________",
                "«____» ______________ 20____",
            ]
        ),
        campaign_facts(issue),
        Text(opening, indented=True),
        Text(_lists_sentence(count), indented=True),
        Heading(_("1. Records received and what became of them")),
        _owners_table(issue),
        Text(_closing_sentence(count.figures.total), strong=True),
        Text(
            _(
                "A record is one camera that a row speaks of. Beside the sum: {not_cameras} rows that are not cameras "
                "(titles, totals, legends) and {replaced} records of lists that newer ones replaced."
            ).format(
                not_cameras=number_text(count.figures.total.not_cameras),
                replaced=number_text(count.figures.total.replaced),
            )
        ),
        Heading(_("2. Cameras of the city by state and kind")),
        _states_table(count),
        Heading(_("3. Discrepancies")),
        _discrepancy_table(issue),
        *_settled(count),
        Heading(_("4. Annexes")),
        _annexes(issue),
        signatures(issue),
    ]
    titles = _("Act | of the inventory of video surveillance cameras")
    return issue.paper(ACT, titles=titles, noun="act", blocks=blocks)


def _clause(title: str, *, heard: str, resolved: str, shown: Block | None = None) -> list[Block]:
    return [
        Heading(title),
        Text(_("HEARD: {text}").format(text=heard), indented=True),
        *([shown] if shown else []),
        Text(_("RESOLVED: {text}").format(text=resolved), indented=True),
    ]


def _commission(issue: Issue) -> Block:
    members = issue.count.campaign.members
    if not members:
        return Text("______________________________________________________________________")
    rows: list[list[Cell]] = [
        [wording.word(wording.ROLES, key=member.role), member.name, member.post or _DASH] for member in members
    ]
    columns = [Column(_("Role"), "1fr"), Column(_("Initials, surname"), "1fr"), Column(_("Post"), "1.4fr")]
    return Table(columns=columns, rows=rows, size_pt=10)


def _lists_sentence(count: Count) -> str:
    total = count.figures.total
    current = [line for line in count.lists if line.current and line.is_read]
    failed = sum(not line.is_read for line in count.lists)
    text = _("Balance holders who handed in lists: {owners}; lists: {lists}; rows: {rows}; records: {records}.").format(
        owners=len({line.owner for line in current}),
        lists=len(current),
        rows=number_text(total.rows),
        records=number_text(total.received),
    )
    if failed:
        text += " " + _("Files that could not be read: {failed}.").format(failed=failed)
    return text


def _closing_sentence(total: TotalFigures) -> str:
    return _(
        "{received} records = {cameras} cameras + {inside} duplicates inside lists + {between} repeats between lists "
        "+ {broken} that cannot be used + {waiting} waiting for review."
    ).format(
        received=number_text(total.received),
        cameras=number_text(total.cameras),
        inside=number_text(total.duplicates_inside),
        between=number_text(total.repeats_between),
        broken=number_text(total.broken),
        waiting=number_text(total.waiting),
    )


def _owners_table(issue: Issue) -> Table:
    figures = issue.count.figures
    rows: list[list[Cell]] = [
        [issue.count.owner_name(line.owner), *map(number_text, numbers)]
        for line, numbers in zip(figures.owners, zip(*_columns_of(issue), strict=True), strict=True)
    ]
    total = figures.total
    sums = [number_text(sum(numbers)) for numbers in _columns_of(issue)]
    between = number_text(total.repeats_between)
    foot: list[list[Cell]] = [
        [_("Sum of the lists"), *sums],
        [_("The same camera in another owner's list"), "", "", "", f"−{between}", f"+{between}", "", ""],
        [
            _("In all in the city"),
            *(
                number_text(number)
                for number in (
                    total.rows, total.extra, total.received, total.cameras, total.duplicates, total.broken,
                    total.waiting,
                )
            ),
        ],
    ]  # fmt: skip
    heads = [
        _("Rows received"),
        _("Further cameras of rows"),
        _("Records received"),
        _("Cameras"),
        _("Duplicates"),
        _("Cannot be used"),
        _("Wait for review"),
    ]
    columns = [Column(_("Balance holder"), "1fr"), *(Column(head, "17mm", align="right") for head in heads)]
    return Table(columns=columns, rows=rows, foot=foot, size_pt=9, empty=_("No list has been received."))


def _columns_of(issue: Issue) -> list[list[int]]:
    owners = issue.count.figures.owners
    return [
        [line.rows for line in owners],
        [line.extra for line in owners],
        [line.received for line in owners],
        [line.cameras for line in owners],
        [line.duplicates for line in owners],
        [line.broken for line in owners],
        [line.waiting for line in owners],
    ]


def _discrepancy_numbers(count: Count) -> dict[str, str]:
    parts = count.discrepancies
    return {
        "surplus": number_text(len({part.camera for part in parts if part.kind == "surplus"})),
        "shortage": number_text(len({part.camera for part in parts if part.kind == "shortage"})),
        "mismatch": number_text(len({(part.camera, part.field) for part in parts if part.kind == "mismatch"})),
    }


def _discrepancy_table(issue: Issue) -> Table:
    """Per owner and in all; in all each camera and each field of a camera counts once."""
    count = issue.count
    rows: list[list[Cell]] = []
    for owner in count.owner_codes():
        mine = [part for part in count.discrepancies if part.owner == owner]
        counted = (sum(part.kind == kind for part in mine) for kind in wording.DISCREPANCIES)
        number = issue.number(STATEMENT, owner=owner)
        rows.append([count.owner_name(owner), *(number_text(one) for one in counted), number])
    total = _discrepancy_numbers(count)
    foot: list[list[Cell]] = [
        [_("In all, each camera and field once"), total["surplus"], total["shortage"], total["mismatch"], ""]
    ]
    columns = [
        Column(_("Balance holder"), "1fr"),
        Column(_("Surplus, cameras"), "22mm", align="right"),
        Column(_("Shortage, cameras"), "22mm", align="right"),
        Column(_("Mismatched fields"), "24mm", align="right"),
        Column(_("Statement No."), "30mm", nowrap=True),
    ]
    return Table(columns=columns, rows=rows, foot=foot, size_pt=9, empty=_("No list has been received."))


def _settled(count: Count) -> list[Block]:
    """How many discrepancies were settled, and as what; nothing while none is."""
    found = count.resolutions
    if not found:
        return []
    total = len({(part.kind, part.camera, part.field) for part in count.discrepancies})
    parts = [
        (wording.word(wording.OUTCOMES, key=outcome), sum(one.outcome == outcome for one in found.values()))
        for outcome in wording.OUTCOMES
    ]
    told = ", ".join(f"{word} – {number_text(number)}" for word, number in parts if number)
    sentence = _("Of {total} discrepancies {settled} are settled: {told}.")
    return [Text(sentence.format(total=number_text(total), settled=number_text(len(found)), told=told), indented=True)]


def _states_table(count: Count) -> Table:
    counted = count.rows.filter(pl.col("category") == "camera").select("camera").unique()
    cameras = counted.join(count.cameras, on="camera", how="left").with_columns(
        pl.col("state").fill_null(""), pl.col("kind").fill_null("")
    )
    numbers = {
        (state, kind): n for state, kind, n in cameras.group_by("state", "kind").len().sort("state", "kind").iter_rows()
    }
    kinds = [kind for kind in (*wording.KINDS, "") if any(kind == found for _state, found in numbers)]
    states = [state for state in (*wording.STATES, "") if any(state == found for found, _kind in numbers)]
    unknown = _("not stated")

    def line(named: str, of: list[str]) -> list[Cell]:
        cells = [sum(numbers.get((state, kind), 0) for state in of) for kind in kinds]
        return [named, *(number_text(cell) for cell in cells), number_text(sum(cells))]

    rows = [line(wording.word(wording.STATES, key=state) or unknown, [state]) for state in states]
    columns = [
        Column(_("State"), "1fr"),
        *(Column(wording.word(wording.KINDS, key=kind) or unknown, "24mm", align="right") for kind in kinds),
        Column(_("In all"), "22mm", align="right"),
    ]
    return Table(columns=columns, rows=rows, foot=[line(_("In all"), states)], size_pt=9, empty=_("No camera yet."))


def _annexes(issue: Issue) -> Items:
    count = issue.count
    owners = count.owner_codes()
    items = [
        _("Inventory list No. {number}: {owner}").format(
            number=issue.number(LIST, owner=owner), owner=count.owner_name(owner)
        )
        for owner in owners
    ]
    items += [
        _("Reconciliation statement No. {number}: {owner}").format(
            number=issue.number(STATEMENT, owner=owner), owner=count.owner_name(owner)
        )
        for owner in owners
    ]
    items.append(_("Protocol of the inventory commission No. {number}").format(number=issue.number(PROTOCOL)))
    items.append(_("Workbook with every row received and what became of it"))
    return Items(items)
