"""Discrepancies as work: found again however often they are counted, settled while the sources say the same."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.kit import organisations

from oblik.accounts import actions as accounts
from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.errors import Conflict, InvalidInput, NotFound
from oblik.inventory import actions, cases, queries
from oblik.inventory.documents.issue import issue_of
from oblik.inventory.documents.owner_papers import reconciliation_statement
from oblik.inventory.logic.cases import facts_of, matters_of, state_now
from oblik.inventory.logic.discrepancies import Discrepancy, Said
from oblik.journal.queries import entries_about

BY = Actor("person", "olena")
AT = datetime(2026, 3, 20, 9, tzinfo=UTC)


@pytest.fixture
def town(db, data_dir, tmp_path):
    """ALF and BRV list one camera and say different things of its serial, address and district."""
    accounts.add_person("olena", role="officer", password="sorok-dvi-kamery")
    accounts.add_person("alfa", role="clerk", owner_code="ALF", password="sorok-dvi-kamery")
    return organisations.build(tmp_path)


def key_of(town, field="serial"):
    return ("mismatch", town.shared, field)


def state(town, field="serial"):
    return cases.case("C1", key_of(town, field))[0]


def again(town, folder, **changed):
    """ALF hands its list in once more, the shared camera's row changed."""
    rows = [organisations.row("alfa", number) for number in range(3)]
    bravo = organisations.row("bravo", 0)
    told = {name: bravo[name] for name in ("MAC", "Широта", "Довгота", "Тип")}
    rows.append(organisations.row("alfa", 3) | told | changed)
    organisations.hand_in(folder, owner="ALF", word="alfa", rows=rows)
    organisations.matching.run_matching("C1", by=BY, at=AT)


def test_each_camera_and_field_is_one_matter_as_the_act_counts_them(town):
    page = cases.case_page("C1", wanted=cases.Wanted(), page=1, per_page=2)
    assert (page.total, page.pages, len(page.lines)) == (3, 2, 2)
    assert dict(page.kinds) == {"surplus": 0, "shortage": 0, "mismatch": 3}
    assert dict(page.states) == {"open": 3, "in_work": 0, "resolved": 0}
    assert page.lines[0].matter.owners == ("ALF", "BRV")


def test_a_matter_is_given_talked_over_settled_and_opened_again(town):
    key = key_of(town)
    assert cases.assign("C1", [key], assignee="olena", by=BY, at=AT) == 1
    assert (state(town).state, state(town).assignee) == ("in_work", "olena")
    cases.comment("C1", key, text="Дивимося шильдик", by=BY, at=AT)
    file = cases.Attachment("акт.pdf", b"%PDF-1.7 act")
    cases.resolve("C1", [key], outcome="written_off", document="№ 5 від 19.03.2026", file=file, by=BY, at=AT)
    line, steps = cases.case("C1", key)
    assert (line.state, line.outcome, line.document) == ("resolved", "written_off", "№ 5 від 19.03.2026")
    assert [step.what for step in steps] == ["assigned", "commented", "resolved"]
    assert cases.attached("C1", steps[-1].number)[0] == "акт.pdf"
    cases.reopen("C1", [key], why="Підпис не той", by=BY, at=AT)
    assert (state(town).state, state(town).outcome) == ("in_work", "")
    assert [entry.what for entry in entries_about(f"case:{line.number}")] == [
        "case_assigned", "case_commented", "case_resolved", "case_reopened",
    ]  # fmt: skip


def test_what_was_settled_stays_settled_until_its_facts_change(town, tmp_path):
    cases.resolve("C1", [key_of(town), key_of(town, "district")], outcome="accepted", by=BY, at=AT)
    again(town, tmp_path, Назва="інша назва")
    assert (state(town).state, state(town).changed) == ("resolved", False)
    again(town, tmp_path, **{"Назва": "третя", "Серійний номер": "ALFA99999"})
    assert (state(town).state, state(town).changed) == ("open", True)
    assert state(town, "district").state == "resolved"


def test_what_agrees_again_is_no_matter_any_more(town, tmp_path):
    cases.resolve("C1", [key_of(town)], outcome="owner_fixes", by=BY, at=AT)
    again(town, tmp_path, **{"Серійний номер": organisations.row("bravo", 0)["Серійний номер"]})
    with pytest.raises(NotFound, match=town.shared):
        cases.case("C1", key_of(town))


def test_statement_and_act_say_how_it_was_settled_and_no_number_changes(town):
    before = queries.count("C1")
    cases.resolve("C1", [key_of(town)], outcome="accepted", document="лист № 7", by=BY, at=AT)
    after = queries.count("C1")
    assert (after.figures, after.discrepancies) == (before.figures, before.discrepancies)
    issue = issue_of(after, language="en", issued_on=AT.date())
    cells = [row for block in reconciliation_statement(issue, owner="BRV").blocks for row in getattr(block, "rows", ())]
    (settled,) = [row for row in cells if town.shared in row and row[-1]]
    assert town.shared in settled
    assert "лист № 7" in settled[-1]


def test_several_are_settled_alike_in_one_entry(town):
    keys = [key_of(town, field) for field in ("serial", "address", "district")]
    assert cases.resolve("C1", keys, outcome="field_check", by=BY, at=AT) == 3
    (entry,) = entries_about("case:of C1")
    assert (entry.what, entry.parts) == ("case_resolved", 3)
    assert cases.case_counts("C1")[1] == {"open": 0, "in_work": 0, "resolved": 3}
    assert cases.assign("C1", keys, assignee="olena", by=BY, at=AT) == 0


def test_filters_narrow_the_list(town):
    cases.assign("C1", [key_of(town)], assignee="olena", by=BY, at=AT)

    def total(**wanted):
        return cases.case_page("C1", wanted=cases.Wanted(**wanted), page=1, per_page=9).total

    assert (total(owner="ALF"), total(owner="XXX"), total(kind="surplus")) == (3, 0, 0)
    assert (total(state="in_work"), total(assignee="olena"), total(assignee="-")) == (1, 1, 2)


def test_what_cannot_be_is_refused_with_the_remedy(town):
    key = key_of(town)
    with pytest.raises(InvalidInput, match="alfa"):
        cases.assign("C1", [key], assignee="alfa", by=BY, at=AT)
    with pytest.raises(InvalidInput, match="rests on a document"):
        cases.resolve("C1", [key], outcome="written_off", by=BY, at=AT)
    with pytest.raises(InvalidInput, match=r"x\.html"):
        cases.resolve("C1", [key], outcome="accepted", file=cases.Attachment("x.html", b"<script>"), by=BY, at=AT)
    with pytest.raises(InvalidInput, match="at least one"):
        cases.resolve("C1", [], outcome="accepted", by=BY, at=AT)
    with pytest.raises(NotFound):
        cases.comment("C1", ("surplus", town.shared, "owner_name"), text="?", by=BY, at=AT)
    actions.freeze_campaign("C1", by=BY, at=AT, why="акт")
    with pytest.raises(Conflict, match="frozen"):
        cases.comment("C1", key, text="пізно", by=BY, at=AT)


def test_who_sees_one_owner_is_told_the_outcome_and_no_more(town):
    key = key_of(town)
    cases.assign("C1", [key], assignee="olena", by=BY, at=AT)
    cases.comment("C1", key, text="bravo помилились", by=BY, at=AT)
    cases.resolve("C1", [key], outcome="accepted", document="№ 1", by=BY, at=AT)
    within = Scope((Reach(owners=frozenset({"ALF"})),))
    line, steps = cases.case("C1", key, within=within)
    assert (line.state, line.document, line.assignee, steps) == ("resolved", "№ 1", "", [])
    assert line.matter.owners == ("ALF",)
    assert "BRAVO" not in str(line.matter.values)


TEXT = st.sampled_from(["", "a", "b", "c"])
PART = st.builds(
    Discrepancy, owner=TEXT, kind=st.just("mismatch"), camera=TEXT, field=TEXT,
    values=st.lists(st.builds(lambda value, owner: Said(value, ("list · 1",), (owner,)), TEXT, TEXT)).map(tuple),
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(PART, max_size=12))
def test_matters_count_each_camera_and_field_once_and_lose_no_owner(parts):
    matters = matters_of(parts)
    assert len({one.key for one in matters}) == len(matters) == len({(p.kind, p.camera, p.field) for p in parts})
    for part in parts:
        (one,) = [m for m in matters if m.key == (part.kind, part.camera, part.field)]
        assert part.owner in one.owners


@settings(max_examples=60)
@given(st.lists(PART, min_size=1, max_size=6), st.randoms())
def test_facts_do_not_hang_on_order_or_on_the_file_that_says_it(parts, dice):
    elsewhere = [
        replace(part, values=tuple(replace(said, sources=("newer · 9",)) for said in part.values)) for part in parts
    ]
    dice.shuffle(elsewhere)
    assert facts_of(elsewhere) == facts_of(parts)
    other = [replace(parts[0], values=(*parts[0].values, Said("z", ("list",), ("a",)))), *parts[1:]]
    assert facts_of(other) != facts_of(parts)


def test_only_settled_cases_ask_after_facts():
    assert state_now("resolved", facts_then="a", facts_now="a") == "resolved"
    assert state_now("resolved", facts_then="a", facts_now="b") == "open"
    assert state_now("in_work", facts_then="", facts_now="b") == "in_work"
