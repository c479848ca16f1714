"""Names of documents tell owners apart, whatever their codes are made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.accounts.logic.rights import Reach, Scope
from oblik.base.actors import Actor
from oblik.base.clock import now
from oblik.inventory import actions, queries
from oblik.inventory.logic.file_names import owner_part
from oblik.registry import actions as registry

BY = Actor("console", "test")
CODES = ("A_B", "A.B", "A B", "МВС", "ДСНС")


@given(st.text(min_size=1, max_size=40), st.text(min_size=1, max_size=40))
def test_two_codes_never_have_one_name_and_a_name_climbs_nowhere(one, other):
    assert (owner_part(one) == owner_part(other)) == (one == other)
    assert not set(owner_part(one)) & set("/\\.\x00 ")


def test_an_ordinary_code_is_left_as_it_is():
    assert owner_part("DEPT-TR_2") == "DEPT-TR_2"


@pytest.mark.django_db
@pytest.mark.parametrize("own", CODES)
def test_an_owner_is_given_the_own_documents_and_no_others(own, data_dir):
    for code in CODES:
        registry.add_owner(code, name=code, kind="state", by=BY, at=now())
    actions.open_campaign("C1", name="C1", since=now().date(), until=now().date(), by=BY, at=now())
    folder = queries.documents_folder("C1", language="uk")
    folder.mkdir(parents=True)
    for place, code in enumerate(sorted(CODES), start=1):
        (folder / f"1-inventory-list-{place:02d}-{owner_part(code)}.pdf").write_bytes(b"%PDF")
    (folder / "1-inventory-list-09-___.pdf").write_bytes(b"%PDF of an older printing")
    (seen,) = queries.documents("C1", within=Scope((Reach(owners=frozenset({own})),)))
    assert (seen.owner, owner_part(own) + ".pdf" in seen.name) == (own, True)
    assert len(queries.documents("C1")) == len(CODES) + 1
