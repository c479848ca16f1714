"""Names that a reader would take for another's, and every other name that nobody should have."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.accounts.logic.names import look_of, sign_in_name
from oblik.base.errors import InvalidInput


@pytest.mark.parametrize("name", ["olena", "o.petrenko", "k-203", "олена", "їжак2", "x@city.example", "Ґ1", "2nd"])
def test_ordinary_names_pass(name):
    assert sign_in_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " ", "оlena", "olena\u200b", "\u202eolena", "ｏlena", "ole\u0301na", "a b", "-rf", ".", "..", "a/b", "a\nb",
     "a\x00", "x" * 61, "𝐨𝐥𝐞𝐧𝐚", "αλφα", "<b>", "a:b", "olena."],
)  # fmt: skip
def test_names_of_two_alphabets_or_with_hidden_signs_do_not(name):
    with pytest.raises(InvalidInput):
        sign_in_name(name)


@pytest.mark.parametrize(("one", "other"), [("оса", "oca"), ("Olena", "olena"), ("root1", "rooti"), ("b0b", "bob")])
def test_two_names_that_look_alike_have_one_look(one, other):
    assert look_of(one) == look_of(other)


@settings(max_examples=100)
@given(st.text(max_size=70))
def test_any_text_is_a_name_or_is_refused_with_a_sentence(text):
    try:
        assert sign_in_name(text) == text
    except InvalidInput as refused:
        assert str(refused).isprintable()
