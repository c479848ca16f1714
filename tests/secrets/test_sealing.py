"""Tokens and sealed files: read with their key in their place, refused anywhere else."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oblik.base.sealing import DamagedSecret, KeyMissing, Ring, new_key_id
from oblik.db import keyring, sealed_files

KEYS = {new_key_id(bytes([n]) * 32, number=n): bytes([n]) * 32 for n in (1, 2)}
FIRST, SECOND = sorted(KEYS)
OLD = Ring({FIRST: KEYS[FIRST]}, FIRST, "keys", b"m" * 32)
NEW = Ring(KEYS, SECOND, "keys", b"m" * 32)


@given(st.text(max_size=300))
def test_a_text_comes_back_as_it_was_and_no_two_tokens_are_alike(text):
    token = OLD.seal(text, bound="here")
    assert OLD.open(token, bound="here") == text
    assert token != OLD.seal(text, bound="here")


def test_a_token_opens_nowhere_but_where_it_was_written():
    token = OLD.seal("rtsp://a:b@192.0.2.1/1", bound="camera:KHA-000001-3:stream_url")
    with pytest.raises(DamagedSecret):
        OLD.open(token, bound="camera:KHA-000002-1:stream_url")


def test_each_changed_sign_of_a_token_is_noticed():
    token = OLD.seal("Qwerty12345", bound="here")
    for at, sign in enumerate(token[:-1]):  # the last sign of base64 has bits that mean nothing
        changed = token[:at] + ("A" if sign != "A" else "B") + token[at + 1 :]
        with pytest.raises((DamagedSecret, KeyMissing)):
            OLD.open(changed, bound="here")


def test_the_length_of_a_token_does_not_tell_the_length_of_a_password():
    assert len(OLD.seal("1234", bound="here")) == len(OLD.seal("a much longer one, really", bound="here"))


def test_a_token_turns_to_the_new_key_and_then_needs_the_old_one_no_more():
    token = OLD.seal("secret", bound="here")
    turned = NEW.turned(token, bound="here")
    assert NEW.turned(turned, bound="here") == turned
    alone = Ring({SECOND: KEYS[SECOND]}, SECOND, "keys")
    assert alone.open(turned, bound="here") == "secret"
    with pytest.raises(KeyMissing, match=FIRST):
        alone.open(token, bound="here")


def test_equal_texts_have_equal_marks_for_one_purpose_and_key_alone():
    mark = OLD.mark("192.0.2.1/1", purpose="stream_url")
    assert mark == NEW.mark("192.0.2.1/1", purpose="stream_url")
    assert mark != OLD.mark("192.0.2.1/1", purpose="login")
    assert mark != Ring({}, "", "keys", b"n" * 32).mark("192.0.2.1/1", purpose="stream_url")


def test_nothing_is_sealed_without_a_key_and_the_sentence_says_what_to_do():
    with pytest.raises(KeyMissing, match="oblik init"):
        Ring({}, "", "keys").seal("x", bound="here")


def test_no_key_shows_in_the_text_of_a_ring():
    assert "b'" not in repr(NEW)


def test_keys_are_files_of_their_owner_alone(data_dir):
    ring = keyring.ring()
    files = sorted(path.name for path in (data_dir / "keys").iterdir())
    assert files == [f"{ring.active}.key", "mark.key"]
    assert {path.stat().st_mode & 0o777 for path in (data_dir / "keys").iterdir()} == {0o600}
    assert keyring.exposed() == []
    keyring.prepare()
    assert keyring.ring() == ring


def test_a_new_key_becomes_the_active_one_and_only_others_can_be_removed(data_dir):
    first = keyring.ring().active
    second = keyring.add_key()
    assert keyring.ring().active == second > first
    with pytest.raises(Exception, match="active"):
        keyring.remove_key(second)
    keyring.remove_key(first)
    assert list(keyring.ring().keys) == [second]


def test_a_damaged_key_file_is_named(data_dir):
    path = data_dir / "keys" / f"{keyring.ring().active}.key"
    path.write_text("A" + path.read_text()[1:] if path.read_text()[0] != "A" else "B" + path.read_text()[1:])
    with pytest.raises(KeyMissing, match=path.name):
        keyring.ring()


SIZES = [0, 1, sealed_files.CHUNK - 1, sealed_files.CHUNK, sealed_files.CHUNK + 1, 2 * sealed_files.CHUNK]


def sealed(path, content, *, ring=OLD):
    stream = io.BytesIO(content)
    chunks = iter(lambda: stream.read(sealed_files.CHUNK), b"")
    sealed_files.write(path, chunks, ring=ring, bound="file:x", check=lambda: None)


@pytest.mark.parametrize("size", SIZES)
def test_a_file_of_any_size_comes_back_whole(tmp_path, size):
    content = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    sealed(tmp_path / "f", content)
    assert b"".join(sealed_files.opened(tmp_path / "f", ring=OLD, bound="file:x")) == content
    assert b"0123456789" not in (tmp_path / "f").read_bytes()
    assert sealed_files.key_of(tmp_path / "f") == FIRST


def test_a_file_cut_joined_or_changed_is_noticed(tmp_path):
    sealed(tmp_path / "f", b"x" * (sealed_files.CHUNK + 100))
    whole = (tmp_path / "f").read_bytes()
    first_chunk = len(whole) - 116
    changes = [whole[:first_chunk], whole[:-1], whole + whole[first_chunk:], whole[:60] + b"?" + whole[61:], b"", b"x"]
    for changed in changes:
        (tmp_path / "g").write_bytes(changed)
        with pytest.raises((DamagedSecret, KeyMissing)):
            list(sealed_files.opened(tmp_path / "g", ring=OLD, bound="file:x"))
    with pytest.raises(DamagedSecret):
        list(sealed_files.opened(tmp_path / "f", ring=OLD, bound="file:y"))
