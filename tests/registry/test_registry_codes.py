"""Camera codes: never ambiguous, and a mistyped digit is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.base.errors import InvalidInput
from oblik.registry.logic.codes import code_of, parse_code


@given(st.integers(min_value=1, max_value=999_999_999))
def test_a_code_reads_back_as_itself(number):
    code = code_of(number, prefix="KHA")
    assert parse_code(f"  {code.lower()} ") == code


@given(st.integers(min_value=1, max_value=999_999), st.integers(min_value=0, max_value=5), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number, place, shift):
    code = code_of(number, prefix="KHA")
    at = 4 + place
    wrong = code[:at] + str((int(code[at]) + shift) % 10) + code[at + 1 :]
    with pytest.raises(InvalidInput):
        parse_code(wrong)


@pytest.mark.parametrize("text", ["", "KHA", "KHA-1-2", "КХА-000123-4", "KHA-000123", "<script>"])
def test_what_is_no_code_is_refused_with_an_example(text):
    with pytest.raises(InvalidInput, match="KHA-000123-"):
        parse_code(text)
