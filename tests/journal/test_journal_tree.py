"""The tree of RFC 6962 and the text of an entry, held against plain ways to say the same."""

import hashlib
import json
from dataclasses import astuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.journal.logic.canonical import Fields, canonical, entry_object, entry_text, storable
from oblik.journal.logic.merkle import EMPTY, Frontier, climbed, node, path_of, root_of

LEAVES = [hashlib.sha256(bytes([n])).digest() for n in range(70)]


def root_by_the_book(leaves):
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\1" + root_by_the_book(leaves[:k]) + root_by_the_book(leaves[k:])).digest()


def test_the_root_is_that_of_the_rfc_for_every_size():
    for size in range(70):
        assert root_of(LEAVES[:size]) == root_by_the_book(LEAVES[:size])
    assert root_of([]) == EMPTY


def test_the_test_vectors_of_certificate_transparency():
    """From the reference implementation's own tests (merkle_tree_test of certificate-transparency)."""
    data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    leaves = [hashlib.sha256(b"\0" + bytes.fromhex(each)).digest() for each in data]
    assert root_of(leaves[:1]).hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert root_of(leaves).hex() == "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_every_path_leads_to_the_root_and_is_short(case):
    size, index = case
    leaves = LEAVES[:size]
    path = path_of(leaves, index=index)
    assert climbed(leaves[index], path=path) == root_of(leaves)
    assert len(path) <= (size - 1).bit_length()
    assert climbed(LEAVES[-1] if index != 69 else LEAVES[0], path=path) != root_of(leaves)


@given(st.integers(0, 7), st.integers(0, 8))
def test_trees_joined_at_a_block_are_the_tree_over_all(blocks, rest):
    whole, grown = Frontier(), Frontier()
    for leaf in LEAVES[: blocks * 8]:
        grown.add(leaf)
    beside = Frontier()
    for leaf in LEAVES[blocks * 8 : blocks * 8 + rest]:
        beside.add(leaf)
    for leaf in LEAVES[: grown.size + beside.size]:
        whole.add(leaf)
    grown.extend(beside, block=8)
    assert (grown.size, grown.root()) == (whole.size, whole.root())


def test_trees_are_not_joined_within_a_block():
    one = Frontier(1, [LEAVES[0]])
    with pytest.raises(ValueError, match="borders"):
        one.extend(Frontier(1, [LEAVES[1]]), block=8)
    with pytest.raises(ValueError, match="frontier"):
        Frontier(3, [LEAVES[0]])


def test_a_node_is_no_leaf():
    assert node(b"a", b"b") != hashlib.sha256(b"\0ab").digest()


texts = st.text(max_size=20)


@given(
    st.builds(
        Fields, st.integers(1, 2**60), texts, texts, texts, texts, texts, texts, texts, texts, st.integers(0, 9), texts
    ),
    st.binary(min_size=32, max_size=32),
)
def test_the_fast_text_of_an_entry_is_plain_sorted_json(fields, previous):
    fields = Fields(*(storable(v) if isinstance(v, str) else v for v in astuple(fields)))
    said = entry_object(fields, previous=previous)
    text = entry_text(astuple(fields), previous=previous)
    assert text.decode() == canonical(said)
    assert json.loads(text) == said


@given(st.text(st.characters()))
def test_what_is_stored_can_be_stored_and_storing_twice_changes_nothing(text):
    stored = storable(text)
    stored.encode()
    assert "\0" not in stored
    assert storable(stored) == stored


def test_halves_of_letters_from_odd_file_names_are_written_out():
    assert storable("a\udce9b") == "a\\udce9b"
