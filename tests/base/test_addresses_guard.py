"""Addresses that people type: what is opened for which purpose, and what never is, in whatever form it is written."""

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oblik.base.addresses import POLICIES, judge_answers, net_of, target_of
from oblik.base.errors import InvalidInput


def refusal(text, purpose="base_map"):
    with pytest.raises(InvalidInput) as caught:
        target_of(text, purpose=purpose)
    return caught.value.code


LOOPBACK_IN_DISGUISE = (
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001",
    "127.0.0.1.",
    "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::7f00:1]",
    "[0:0:0:0:0:0:0:1]", "localhost", "LOCALHOST", "a.localhost", "localhost.",
)  # fmt: skip


@pytest.mark.parametrize("purpose", POLICIES)
@pytest.mark.parametrize("host", LOOPBACK_IN_DISGUISE)
def test_this_machine_is_opened_in_no_form_and_for_no_purpose(host, purpose):
    assert refusal(f"https://{host}/", purpose) in ("address_loopback", "address_number_as_host")


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[::ffff:169.254.169.254]", "100.100.100.200", "[fd00:ec2::254]", "0xa9fea9fe"]
)
@pytest.mark.parametrize("purpose", POLICIES)
def test_where_clouds_keep_their_keys_is_never_opened(host, purpose):
    assert refusal(f"https://{host}/latest/", purpose) in ("address_metadata", "address_number_as_host")


def test_cameras_alone_are_reached_in_private_nets():
    assert target_of("rtsp://10.20.30.40/ch1?sub=1", purpose="camera").port == 554
    assert target_of("http://192.168.1.4:8080/", purpose="camera").port == 8080
    assert refusal("https://10.20.30.40/style.json") == "address_private"
    assert refusal("https://[fd12::1]/style.json") == "address_private"
    assert refusal("http://224.0.0.1/", "camera") == "address_multicast"
    assert refusal("http://0.0.0.0/", "camera") == "address_reserved"
    assert refusal("http://10.0.0.1:22/", "camera") == "address_port"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://maps.example/", "scheme"),
        ("http://maps.example/", "scheme"),
        ("//maps.example/", "scheme"),
        ("https://user:word@maps.example/", "credentials"),
        ("https://maps.example@10.0.0.1/", "credentials"),
        ("https://maps.example\\@10.0.0.1/", "odd_text"),
        ("https://maps.example/a b", "odd_text"),
        ("https://maps.example/\r\nHost: x", "odd_text"),
        ("https://maps.example:22/", "port"),
        ("https://maps.example:8443/", "port"),
        ("https://maps.example:99999/", "not_an_address"),
        ("https:///style.json", "host"),
        ("https://[::1/", "not_an_address"),
        ("https://①②⑦.⓪.⓪.①/", "host"),
        ("https://maps%2eexample/", "host"),
        ("https://-maps.example/", "host"),
        ("https://metadata.google.internal/", "loopback"),
    ],
)
def test_an_address_is_refused_with_its_reason(text, why):
    assert refusal(text) == f"address_{why}"


def test_a_refusal_repeats_no_password():
    with pytest.raises(InvalidInput) as caught:
        target_of("https://admin:hunter2@maps.example/", purpose="base_map")
    assert "hunter2" not in str(caught.value)


def test_every_answer_of_a_name_must_be_allowed():
    public = "93.184.216.34"
    assert [str(ip) for ip in judge_answers([public], purpose="base_map", text="x")] == [public]
    for hidden in ("127.0.0.1", "10.0.0.1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "169.254.169.254"):
        with pytest.raises(InvalidInput):
            judge_answers([public, hidden], purpose="base_map", text="x")
    with pytest.raises(InvalidInput):
        judge_answers([], purpose="base_map", text="x")


@given(st.ip_addresses(v=4))
@settings(max_examples=60)
def test_an_old_address_in_new_clothes_is_the_same_address(ip):
    number = int(ip)
    for dressed in (f"::ffff:{ip}", f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}"):
        assert net_of(ipaddress.ip_address(dressed)) == net_of(ip)


@given(st.text(max_size=60))
@settings(max_examples=150)
def test_any_text_is_taken_apart_or_refused(text):
    for candidate in (text, f"https://{text}/", f"https://a.example/{text}"):
        try:
            found = target_of(candidate, purpose="base_map")
        except InvalidInput as refused:
            assert str(refused)
        else:
            assert found.scheme == "https"
            assert found.port == 443
