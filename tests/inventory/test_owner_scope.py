"""What one organisation reads of a count: its own lists, and of shared cameras its own words."""

import json

import pytest
from tests.kit import organisations
from tests.kit.organisations import AT, BY

from oblik.accounts.logic.rights import EVERYWHERE, NOWHERE, Reach, Scope
from oblik.base.errors import NotFound
from oblik.intake import queries as intake
from oblik.intake.refs import find_record
from oblik.inventory import queries
from oblik.inventory.documents import owner_papers, workbook
from oblik.inventory.documents.issue import issue_of
from oblik.registry import actions, exporting
from oblik.registry import queries as registry

pytestmark = pytest.mark.django_db
ALF = Scope((Reach(owners=frozenset({"ALF"})),))
C1 = Scope((Reach(campaigns=frozenset({"C1"})),))


@pytest.fixture
def made(tmp_path):
    return organisations.build(tmp_path)


def words(paper):
    return json.dumps(paper.as_input(), ensure_ascii=False, default=str).lower()


def test_the_papers_of_an_owner_hold_no_word_of_anothers_list(made):
    issue = issue_of(queries.count("C1"), language="uk", issued_on=AT.date())
    listed = words(owner_papers.inventory_list(issue, owner="ALF"))
    assert made.shared.lower() in listed and "alfa00003" in listed  # the shared camera, as ALF describes it
    assert "bravo" not in listed
    stated = words(owner_papers.reconciliation_statement(issue, owner="ALF"))
    assert made.shared.lower() in stated and "alfa" in stated and "bravo" not in stated
    told = {part.camera for part in issue.count.discrepancies if part.owner == "ALF" and part.kind == "mismatch"}
    assert told == {made.shared}  # there was something to leave out
    assert len(workbook.workbook_of(issue)) > 0


def test_figures_rows_and_discrepancies_end_at_the_own_lists(made):
    found = queries.campaign_figures("C1", within=ALF)
    assert [line.owner for line in found.owners] == ["ALF"] and found.total is None
    assert set(found.names) == {"ALF"} and {line.owner for line in found.lists} == {"ALF"}
    assert (found.owners[0].cameras, found.owners[0].shared) == (4, 0)
    whole = queries.campaign_figures("C1", within=EVERYWHERE)
    assert (whole.owners[0].shared, whole.total.repeats_between) == (1, 1)
    (line,) = [line for line in queries.campaign_lines(within=ALF) if line.campaign.code == "C1"]
    assert (line.submissions, line.records, line.cameras) == (1, 4, 4)
    assert {row.owner for row in queries.rows_of("C1", in_all=True, within=ALF).lines} == {"ALF"}
    assert queries.rows_of("C1", category="repeat", within=ALF).total == 0
    assert queries.rows_of("C1", owner="BRV", within=ALF).total == 0
    for part in queries.discrepancies("C1", within=ALF):
        assert part.owner == "ALF"
        assert "bravo" not in str(part).lower()
    with pytest.raises(NotFound):
        queries.discrepancies("C1", within=NOWHERE)


def test_a_campaigns_reach_covers_its_lists_and_the_cameras_they_speak_of(made):
    assert [one.code for one in queries.campaigns(within=C1)] == ["C1"]
    with pytest.raises(NotFound):
        queries.campaign("C2", within=C1)
    assert queries.campaign_figures("C1", within=C1).total is not None
    assert registry.search_cameras(within=C1).total == 9
    other = Scope((Reach(campaigns=frozenset({"C2"})),))
    assert registry.search_cameras(within=other).total == 0 and intake.submissions(within=other) == []


def test_district_kind_and_purpose_limit_cameras_and_open_no_list(made):
    for reach in (
        Reach(districts=frozenset({"alfa район"})),
        Reach(purposes=frozenset({"alfa нагляд"})),
        Reach(owners=frozenset({"ALF"}), kinds=frozenset({"dome"})),
    ):
        limited = Scope((reach,))
        assert {line.code for line in registry.search_cameras(within=limited).lines} == set(made.codes["ALF"]), reach
        assert intake.submissions(within=limited) == [] and queries.documents("C1", within=limited) == []
        with pytest.raises(NotFound):
            registry.camera_card(made.shared, within=limited)  # no own words either: lists are not covered
        assert [line.code for line in registry.owners(within=limited)] == ["ALF"]
        assert registry.owners(within=limited)[0].cameras == 3
    assert registry.search_cameras(within=Scope((Reach(kinds=frozenset({"ptz"})),))).total == 0


def test_of_a_shared_camera_each_reads_the_own_words(made):
    mine = registry.camera_card(made.shared, within=ALF)
    assert not mine.whole and mine.hidden and mine.line.owner == "" and mine.line.values["serial"] == "ALFA00003"
    assert {claim.owner for claim in mine.claims} == {"ALF"}
    with pytest.raises(NotFound):
        registry.camera_history(made.shared, within=ALF)
    theirs = registry.camera_card(made.shared, within=Scope((Reach(owners=frozenset({"BRV"})),)))
    assert theirs.whole and theirs.hidden and {claim.owner for claim in theirs.claims} == {"BRV"}
    assert theirs.line.sources == 1 and registry.camera_card(made.shared).line.sources == 2
    assert registry.codes_within([made.shared, made.codes["ALF"][0]], within=ALF) == {made.codes["ALF"][0]}


def test_a_camera_that_leaves_the_district_leaves_the_reach(made):
    code = made.codes["ALF"][0]
    west = Scope((Reach(districts=frozenset({"захід"})),))
    actions.pin_values(code, values={"district": "захід"}, by=BY, at=AT, why="межі змінено")
    assert registry.camera_card(code, within=west).line.code == code
    with pytest.raises(NotFound):
        registry.camera_card(code, within=Scope((Reach(districts=frozenset({"alfa район"})),)))


def test_lists_rows_and_exports_end_at_the_own_lists(made, tmp_path):
    assert [line.owner for line in intake.submissions(within=ALF)] == ["ALF"]
    foreign = made.lists["BRV"]
    with pytest.raises(NotFound):
        intake.submission(foreign, within=ALF)
    assert list(intake.report(foreign, within=ALF)) == []
    with pytest.raises(NotFound):
        find_record(f"{foreign}:2", within=ALF)
    assert {line[1] for line in intake.decisions("C1", within=ALF)} == {"alfa-list.csv"}
    assert exporting.export_cameras(tmp_path / "out.csv", format="csv", within=ALF) == 3
    assert "bravo" not in (tmp_path / "out.csv").read_text(encoding="utf-8").lower()
