"""Conditions are total and pure, and nothing outside the language is one."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quests.conditions import Condition, Situation, depth, holds, size

HERO = Situation(
    level=5,
    class_id="anchorite",
    zone="lastmoor",
    quests={"mq1": ("active", "prove")},
    flags={"sold_gauge": 2},
    holdings={"glim": 40, "reed_hook": 1},
)

LEAVES: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda low: {"level": {">=": low}}, st.integers(1, 30)),
    st.builds(lambda high: {"level": {"<=": high}}, st.integers(1, 30)),
    st.sampled_from(["anchorite", "kitewright"]).map(lambda name: {"class": name}),
    st.sampled_from(["available", "active", "completed", "locked"]).map(
        lambda state: {"quest": {"id": "mq1", "is": state}}
    ),
    st.integers(-3, 3).map(lambda value: {"flag": {"key": "sold_gauge", "op": "=", "value": value}}),
    st.integers(1, 3).map(lambda n: {"has_item": {"id": "reed_hook", "n": n}}),
    st.integers(1, 99).map(lambda n: {"currency": {"id": "glim", "n": n}}),
    st.sampled_from(["lastmoor", "reedmoor_flats"]).map(lambda zone: {"zone": zone}),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda parts: {"all": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda parts: {"any": parts}, st.lists(inner, max_size=3)),
        st.builds(lambda part: {"not": part}, inner),
    ),
    max_leaves=8,
)


def condition(document: dict[str, Any]) -> Condition:
    return msgspec.convert(document, Condition)


@pytest.mark.parametrize(
    ("document", "truth"),
    [
        ({"level": {">=": 5}}, True),
        ({"level": {">=": 2, "<=": 4}}, False),
        ({"class": "anchorite"}, True),
        ({"quest": {"id": "mq1", "is": "active"}}, True),
        ({"quest": {"id": "mq1", "is": "active", "step": "return"}}, False),
        ({"quest": {"id": "mq2", "is": "locked"}}, True),
        ({"flag": {"key": "sold_gauge"}}, True),
        ({"flag": {"key": "never_set", "op": "=", "value": 0}}, True),
        ({"has_item": {"id": "reed_hook", "n": 2}}, False),
        ({"currency": {"n": 40}}, True),
        ({"zone": "reedmoor_flats"}, False),
        ({"all": []}, True),
        ({"any": []}, False),
        ({"not": {"zone": "lastmoor"}}, False),
    ],
)
def test_each_leaf_says_what_it_means(document: dict[str, Any], truth: bool) -> None:
    assert holds(condition(document), HERO) is truth


@given(TREES)
def test_evaluation_always_answers_and_not_is_its_opposite(document: dict[str, Any]) -> None:
    try:
        tree = condition(document)
        opposite = condition({"not": document})
    except msgspec.ValidationError:
        return
    assert holds(tree, HERO) is not holds(opposite, HERO)


@given(TREES, TREES)
def test_de_morgan_holds(left: dict[str, Any], right: dict[str, Any]) -> None:
    try:
        first = condition({"not": {"all": [left, right]}})
        second = condition({"any": [{"not": left}, {"not": right}]})
    except msgspec.ValidationError:
        return
    assert holds(first, HERO) is holds(second, HERO)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"level": {">=": 1}, "zone": "lastmoor"},
        {"python": "__import__('os')"},
        {"level": {">": 1}},
        {"level": {">=": "1"}},
        {"flag": {"key": "a", "op": "!="}},
        {"quest": {"id": "mq1", "is": "nearly"}},
        {"zone": "../../etc"},
    ],
)
def test_what_is_not_of_the_language_is_no_condition(document: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        condition(document)


def test_a_condition_nests_six_deep_and_no_deeper() -> None:
    document: dict[str, Any] = {"zone": "lastmoor"}
    for _ in range(5):
        document = {"not": document}
    assert depth(condition(document)) == 6
    with pytest.raises(msgspec.ValidationError, match="6 deep"):
        condition({"not": document})


def test_a_condition_has_64_nodes_at_most() -> None:
    assert size(condition({"any": [{"zone": "lastmoor"}] * 63})) == 64
    with pytest.raises(msgspec.ValidationError, match="64 nodes"):
        condition({"any": [{"zone": "lastmoor"}] * 64})
