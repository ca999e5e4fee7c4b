from __future__ import annotations

import base64
import hashlib
import hmac
import pickle
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policyenforce.errors import ConflictError, InputError
from policyenforce.privacy.tokens import PERSONAL_KINDS, TokenKeys

KEYS = TokenKeys((("k1", bytes(range(32))),))


@given(st.sampled_from(sorted(PERSONAL_KINDS)), st.text())
def test_a_token_has_one_shape_and_says_its_key(kind: str, value: str) -> None:
    assert re.fullmatch(r"k1\.[A-Za-z0-9_-]{24}", KEYS.token(kind, value))


@given(st.text(), st.text())
def test_equal_values_and_only_they_give_equal_tokens(left: str, right: str) -> None:
    assert (KEYS.token("email", left) == KEYS.token("email", right)) is (left == right)


def test_a_token_is_an_hmac_under_a_key_of_its_kind() -> None:
    derived = hmac.new(bytes(range(32)), b"policyenforce token ip\x01", hashlib.sha256).digest()
    digest = hmac.new(derived, b"203.0.113.7", hashlib.sha256).digest()

    expected = base64.urlsafe_b64encode(digest[:18]).decode()
    assert KEYS.token("ip", "203.0.113.7") == f"k1.{expected}"


def test_one_value_gives_another_token_for_each_kind() -> None:
    tokens = {KEYS.token(kind, "42") for kind in PERSONAL_KINDS}

    assert len(tokens) == len(PERSONAL_KINDS) == 13


def test_another_key_gives_other_tokens() -> None:
    assert TokenKeys.generate().token("ip", "x") != TokenKeys.generate().token("ip", "x")


def test_a_lone_surrogate_is_a_value_like_any_other() -> None:
    assert KEYS.token("person", "\ud800") != KEYS.token("person", "\udbff")


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(InputError, match="`shoe_size` is no kind of personal value"):
        KEYS.token("shoe_size", "44")


def test_after_a_rotation_the_newest_key_writes_and_all_read() -> None:
    rotated = KEYS.rotated("k2")

    assert rotated.key_id == "k2"
    assert rotated.tokens("email", "a") == (rotated.token("email", "a"), KEYS.token("email", "a"))
    assert rotated.token("email", "a").startswith("k2.")


def test_keys_print_nothing_but_their_id() -> None:
    text = f"{KEYS.rotated('k2')!r} {KEYS}"

    assert text == "TokenKeys(k2) TokenKeys(k1)"


def test_keys_survive_the_way_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(KEYS)).token("ip", "x") == KEYS.token("ip", "x")


def test_saved_keys_come_back_and_are_the_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    rotated = KEYS.rotated("k2")
    rotated.save(path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TokenKeys.from_file(path) == rotated
    assert list(tmp_path.iterdir()) == [path]


def test_a_rotation_may_replace_its_file_but_other_keys_may_not(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    KEYS.save(path)
    rotated = KEYS.rotated("k2")
    rotated.save(path)

    with pytest.raises(ConflictError, match="keys that would be lost"):
        KEYS.save(path)
    assert TokenKeys.from_file(path) == rotated


def test_comments_and_blank_lines_are_no_keys() -> None:
    keys = TokenKeys.from_text(f"# made in May\n\n  old {'A' * 43}=\nnew {'B' * 43}\n")

    assert [key_id for key_id, _ in keys.masters] == ["old", "new"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "one key or more"),
        (f"k1 {'A' * 43}\nk1 {'B' * 43}", "each with its own id"),
        (f"\nK! {'A' * 43}", "line 2: the line begins with no key id"),
        ("k1 AAAA", "line 1: the key is not 32 bytes long"),
        ("k1 A", "line 1: the key is not written in base64url"),
        ("k1 ключ", "line 1: the key is not written in base64url"),
    ],
)
def test_text_that_holds_no_keys_is_refused(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        TokenKeys.from_text(text)


@pytest.mark.parametrize(
    "line",
    ["k1 c2VjcmV0", "c2VjcmV0", "C2VJCMV0", "c2vjcmv0 c2VjcmV0", "c2vjcmv0 c", "k1 C2VJcmV0$"],
)
def test_a_refusal_names_the_file_and_the_line_and_never_what_stands_there(
    tmp_path: Path, line: str
) -> None:
    path = tmp_path / "keys"
    path.write_text(f"# made in May\n{line}\n")

    with pytest.raises(InputError) as refusal:
        TokenKeys.from_file(path)
    assert f"{path}:2: the " in str(refusal.value)
    assert "c2vj" not in str(refusal.value).lower()


def test_an_id_that_is_given_apart_is_told() -> None:
    with pytest.raises(InputError, match="`K!` is no key id"):
        KEYS.rotated("K!")
    with pytest.raises(InputError, match="key `k2` is not 32 bytes long"):
        KEYS.rotated("k2", lambda _: b"short")


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the token keys cannot be read"):
        TokenKeys.from_file(tmp_path / "none")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(InputError, match="the token keys cannot be read"):
        TokenKeys.from_file(path)
