"""Values as a person reads them."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from oblik.registry.logic.fields import FIELDS
from oblik.web.ui.templatetags.oblik_ui import percent
from oblik.web.ui.values import written


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("height_m", 4.5, "4.5 m"),
        ("bearing_deg", 45.0, "45°"),
        ("lon_deg", 36.2, "36.200000°"),
        ("mac", "001A2B3C4D5E", "00:1A:2B:3C:4D:5E"),
        ("port", 8080, "8080"),
        ("indoor", True, "Yes"),
        ("kind", "ptz", "PTZ"),
        ("kind", "новий", "новий"),
        ("stream_url", "rtsp://admin:secret@10.0.0.1/", "••••••"),
        ("installed_on", "2024-12-31", "31 Dec 2024"),
        ("installed_on", "колись", "колись"),
        ("name", None, ""),
    ],
)
def test_a_value_is_written_with_its_unit(name, value, text):
    with translation.override("en"):
        assert written(name, value) == text


@given(
    name=st.sampled_from(sorted(FIELDS)),
    value=st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans()),
)
def test_writing_never_fails_and_never_tells_a_secret(name, value):
    text = written(name, value)
    assert isinstance(text, str)
    if FIELDS[name].secret and value not in (None, ""):
        assert set(text) == {"•"}


@pytest.mark.parametrize(("share", "text"), [(None, ""), (0.0, "0 %"), (0.5, "50 %"), (0.9999, "99 %"), (1.0, "100 %")])
def test_only_certainty_is_a_hundred_per_cent(share, text):
    assert percent(share) == text
