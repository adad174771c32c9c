"""Frames are read strictly, whatever their spelling, and mean the same in both formats."""

from __future__ import annotations

import json
from typing import Any

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel.errors import BadJsonError, StaleError
from aether.protocol import codec
from aether.protocol.accounts import NoticeReceived
from aether.protocol.codec import Encoded
from aether.protocol.gateway import Pong


class Pairs(list[tuple[str, Any]]):
    """An object that may have a key twice."""


KEYS = st.sampled_from(["a", "b", "id", "t", '":', " :", "é"])
VALUES = st.recursive(
    st.integers(-5, 5) | st.sampled_from(["", '":', '"":', "x :", "\\", "é"]) | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(KEYS, inner), max_size=3).map(Pairs),
    max_leaves=8,
)


def written(value: Any, colon: str, ascii_only: bool) -> str:
    if isinstance(value, Pairs):
        inner = (
            f"{json.dumps(key, ensure_ascii=ascii_only)}{colon}{written(each, colon, ascii_only)}"
            for key, each in value
        )
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(each, colon, ascii_only) for each in value) + "]"
    return json.dumps(value, ensure_ascii=ascii_only)


def has_twins(value: Any) -> bool:
    if isinstance(value, Pairs):
        keys = [key for key, _ in value]
        return len(set(keys)) < len(keys) or any(has_twins(each) for _, each in value)
    return isinstance(value, list) and any(has_twins(each) for each in value)


@given(
    pairs=st.lists(st.tuples(KEYS, VALUES), max_size=4).map(Pairs),
    colon=st.sampled_from([":", ": ", " :", "\t:", "\n: "]),
    ascii_only=st.booleans(),
)
def test_a_key_given_twice_is_found_however_it_is_written(pairs: Pairs, colon: str, ascii_only: bool) -> None:
    text = written(pairs, colon, ascii_only)
    if has_twins(pairs):
        with pytest.raises(BadJsonError):
            codec.parse(text)
    else:
        assert codec.parse(text) == json.loads(text)


@given(st.text() | st.binary(max_size=40))
def test_whatever_comes_is_read_or_refused(frame: str | bytes) -> None:
    try:
        outcome: object = codec.parse(frame)
    except BadJsonError as refused:
        outcome = refused
    assert isinstance(outcome, dict | BadJsonError)


@given(fields=st.dictionaries(st.sampled_from(["t", "id", "d", "on"]), st.integers() | st.text(max_size=3)))
def test_an_id_is_echoed_only_when_it_is_one(fields: dict[str, Any]) -> None:
    echoed = codec.id_of(fields)
    assert echoed is None or (echoed == fields["id"] and 1 <= len(echoed) <= 36)


def test_both_formats_say_the_same() -> None:
    encoded = Encoded.of(NoticeReceived(key="hail", values={"who": "Zoé"}))
    text = codec.update_frame("me", (3, 4), encoded, "json")
    packed = codec.update_frame("me", (3, 4), encoded, "msgpack")
    assert isinstance(text, str)
    assert json.loads(text) == msgpack.unpackb(packed)


def test_an_update_from_the_bus_says_the_same_as_at_home() -> None:
    update = NoticeReceived(key="hail", values={"who": "Zoé"})
    travelled = Encoded(update.type_name, None, Encoded.of(update).body("json"))
    for form in ("json", "msgpack"):
        here = codec.update_frame("me", (1, 1), Encoded.of(update), form)
        assert codec.update_frame("me", (1, 1), travelled, form) == here


def test_a_stored_reply_is_replayed_in_either_format() -> None:
    stored = b'{"server_time":1.5}'
    expected = {"re": "a", "ok": {"server_time": 1.5}, "replayed": True}
    assert json.loads(codec.reply_frame("a", stored, "json", is_replayed=True)) == expected
    assert msgpack.unpackb(codec.reply_frame("a", stored, "msgpack", is_replayed=True)) == expected
    fresh = codec.reply_frame("a", Pong(server_time=1.5), "json")
    assert json.loads(fresh) == {"re": "a", "ok": {"server_time": 1.5}}


def test_a_refusal_speaks_the_language_of_its_socket() -> None:
    said = [json.loads(codec.refusal_frame("a", StaleError(), lang, "json"))["err"] for lang in ("en", "fr")]
    assert said[0]["code"] == said[1]["code"] == "stale"
    assert said[0]["message"] != said[1]["message"]
