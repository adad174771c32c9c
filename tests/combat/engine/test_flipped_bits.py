"""Whichever bit of the seed, the content hash or a receipt is changed in an export, it is found out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.combat import engine

from .test_exports import exported, flipped
from .test_random_play import played

NUMBERS = ("index", "n", "value", "next_index")
HASHES = ("server_seed", "content_hash", "commitment", "log_hash")


@cache
def files() -> list[bytes]:
    """Some battles that were fought to their ends, as files hold them."""
    ended = [fight for fight in map(played, range(60)) if fight.battle.phase == "ended"]
    return [msgspec.json.encode(exported(fight)) for fight in ended[:4]]


def problems(document: dict[str, Any]) -> list[str]:
    return list(engine.export_problems(engine.read_export(json.dumps(document).encode())))


battles = st.integers(0, 3).map(lambda at: json.loads(files()[at]))


@settings(max_examples=60, deadline=None)
@given(document=battles, field=st.sampled_from(HASHES), bit=st.integers(0, 255))
def test_any_bit_of_a_seed_or_a_hash(document: dict[str, Any], field: str, bit: int) -> None:
    document["reveal"][field] = flipped(document["reveal"][field], bit)
    assert problems(document)


@settings(max_examples=150, deadline=None)
@given(
    document=battles,
    at=st.integers(0, 10_000),
    field=st.sampled_from(NUMBERS),
    bit=st.integers(0, 31),
    is_in_log=st.booleans(),
)
def test_any_bit_of_a_receipt(
    document: dict[str, Any], at: int, field: str, bit: int, is_in_log: bool
) -> None:
    """In the reveal, or where the log has it: the two have to be the same, and what the key gives."""
    receipts = logged(document) if is_in_log else document["reveal"]["rolls"]
    receipt = receipts[at % len(receipts)]
    receipt[field] ^= 1 << bit
    assert problems(document)


@settings(max_examples=60, deadline=None)
@given(document=battles, at=st.integers(0, 10_000), field=st.sampled_from(NUMBERS), bit=st.integers(0, 31))
def test_any_bit_of_a_receipt_changed_wherever_it_is_written(
    document: dict[str, Any], at: int, field: str, bit: int
) -> None:
    at %= len(document["reveal"]["rolls"])
    for receipts in (logged(document), document["reveal"]["rolls"]):
        receipts[at][field] ^= 1 << bit
    assert problems(document)


def logged(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [event for step in document["log"] for event in step["events"] if event["e"] == "rolled"]
