"""Conditions are total and pure, and nothing outside the language is one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel import content
from aether.kernel.conditions import (
    LEAVES,
    Condition,
    Situation,
    Topic,
    alternatives,
    any_holds,
    asks_for,
    depth,
    holds,
    names_of,
    size,
    truths,
    truths_after,
    why_not,
)

HERO = Situation(
    level=5,
    class_id="anchorite",
    zone="lastmoor",
    quests={"mq1": ("active", "prove")},
    flags={"sold_gauge": 2},
    holdings={"glim": 40, "reed_hook": 1},
    worn={"reed_hook": 1},
    banked={"lampfat": 3},
    stats={"vigor": 5},
    professions={"brewer": 4},
    party_size=2,
    guild=frozenset({"props"}),
    guild_rank=2,
    unlocked=frozenset({("lastmoor", "loft_stair")}),
    cooling=frozenset({"blessing"}),
    events=frozenset({"lantern_night"}),
    weather="fog",
    minute=23 * 60,
    weekday="friday",
)

QUESTIONS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.builds(lambda low: {"level": {">=": low}}, st.integers(1, 30)),
    st.builds(lambda high: {"level": {"<=": high}}, st.integers(1, 30)),
    st.sampled_from(["anchorite", "kitewright"]).map(lambda name: {"class": name}),
    st.sampled_from(["available", "active", "completed", "failed", "locked"]).map(
        lambda state: {"quest": {"id": "mq1", "is": state}}
    ),
    st.integers(-3, 3).map(lambda value: {"flag": {"key": "sold_gauge", "op": "=", "value": value}}),
    st.integers(1, 3).map(lambda n: {"has_item": {"id": "reed_hook", "n": n}}),
    st.integers(1, 99).map(lambda n: {"currency": {"id": "glim", "n": n}}),
    st.sampled_from(["lastmoor", "reedmoor_flats"]).map(lambda zone: {"zone": zone}),
    st.integers(1, 4).map(lambda n: {"party_size": {">=": n}}),
    st.sampled_from([{}, {"may": "props"}, {"may": "kick"}]).map(lambda asked: {"guild": asked}),
    st.sampled_from(["bag", "worn", "bank"]).map(
        lambda where: {"has_item": {"id": "reed_hook", "where": where}}
    ),
    st.integers(1, 4).map(lambda n: {"guild_rank": {"<=": n}}),
    st.sampled_from(["loft_stair", "moor_gate"]).map(
        lambda way: {"unlocked": {"zone": "lastmoor", "exit": way}}
    ),
    st.sampled_from(["blessing", "other"]).map(lambda key: {"cooldown": {"key": key}}),
    st.sampled_from(["06:00", "23:30"]).map(lambda begin: {"time": {"between": [begin, "20:00"]}}),
)
TREES = st.recursive(
    QUESTIONS,
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
        ({"stat": {"id": "vigor", ">=": 5}}, True),
        ({"stat": {"id": "tide", ">=": 1}}, False),
        ({"has_item": {"id": "reed_hook", "where": "bag"}}, False),
        ({"has_item": {"id": "reed_hook", "where": "worn"}}, True),
        ({"has_item": {"id": "lampfat", "n": 3, "where": "bank"}}, True),
        ({"has_item": {"id": "lampfat"}}, False),
        ({"equipped": "reed_hook"}, True),
        ({"equipped": "lampfat"}, False),
        ({"profession": {"id": "brewer", "level": 4}}, True),
        ({"profession": {"id": "weaver", "level": 2}}, False),
        ({"time": {"between": ["22:00", "06:00"]}}, True),
        ({"time": {"between": ["06:00", "22:00"]}}, False),
        ({"time": {"weekday": ["friday", "sunday"]}}, True),
        ({"party_size": {">=": 2}}, True),
        ({"guild": {}}, True),
        ({"guild": {"may": "props"}}, True),
        ({"guild": {"may": "kick"}}, False),
        ({"guild_rank": {"<=": 2}}, True),
        ({"guild_rank": {"<=": 1}}, False),
        ({"unlocked": {"zone": "lastmoor", "exit": "loft_stair"}}, True),
        ({"unlocked": {"zone": "lastmoor", "exit": "moor_gate"}}, False),
        ({"cooldown": {"key": "blessing"}}, False),
        ({"cooldown": {"key": "other"}}, True),
        ({"event_active": "lantern_night"}, True),
        ({"event_active": "other"}, False),
        ({"weather": "fog"}, True),
        ({"flag": {"key": "sold_gauge", "of": "copy"}}, False),
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
        {"time": {}},
        {"time": {"between": ["25:00", "06:00"]}},
        {"time": {"weekday": ["someday"]}},
        {"party_size": 2},
        {"stat": {">=": 2}},
        {"has_item": {"id": "reed_hook", "where": "moon"}},
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


def test_a_condition_comes_to_256_alternatives_at_most() -> None:
    two = {"any": [{"zone": "lastmoor"}, {"level": {">=": 2}}]}
    assert size(condition({"all": [two] * 8})) == 25
    with pytest.raises(msgspec.ValidationError, match="256 alternatives"):
        condition({"all": [two] * 9})


SITUATIONS = st.builds(
    Situation,
    level=st.integers(1, 30),
    class_id=st.sampled_from(["anchorite", "kitewright"]),
    zone=st.sampled_from(["lastmoor", "reedmoor_flats"]),
    quests=st.dictionaries(
        st.just("mq1"), st.tuples(st.sampled_from(["available", "active", "completed", "failed"]), st.none())
    ),
    flags=st.dictionaries(st.just("sold_gauge"), st.integers(-3, 3)),
    holdings=st.fixed_dictionaries({"reed_hook": st.integers(0, 3), "glim": st.integers(0, 99)}),
    worn=st.dictionaries(st.just("reed_hook"), st.just(1)),
    banked=st.dictionaries(st.just("reed_hook"), st.integers(0, 2)),
    party_size=st.integers(1, 4),
    guild=st.sampled_from([None, frozenset(), frozenset({"props"})]),
    guild_rank=st.sampled_from([None, 1, 3]),
    unlocked=st.sampled_from([frozenset(), frozenset({("lastmoor", "loft_stair")})]),
    cooling=st.sampled_from([frozenset(), frozenset({"blessing"})]),
    minute=st.integers(0, 24 * 60 - 1),
)


def tree(document: dict[str, Any]) -> Condition | None:
    try:
        return condition(document)
    except msgspec.ValidationError:
        return None


@given(TREES.map(tree), SITUATIONS)
def test_the_alternatives_of_a_condition_say_the_same(asked: Condition | None, here: Situation) -> None:
    assert any_holds(alternatives(asked), here) is holds(asked, here)


CHANGES: dict[Topic, tuple[str, ...]] = {
    "level.reached": ("level",),
    "zone.entered": ("zone",),
    "quest.moved": ("quests",),
    "flag.set": ("flags",),
    "holdings.changed": ("holdings", "worn", "banked"),
    "exit.unlocked": ("unlocked",),
    "party.changed": ("party_size",),
    "guild.changed": ("guild", "guild_rank"),
    "cooldown.changed": ("cooling",),
    "clock": ("minute",),
}
"""What each topic may change of a situation."""


@given(
    st.lists(TREES.map(tree), max_size=5),
    SITUATIONS,
    st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), SITUATIONS), max_size=6),
)
def test_looking_only_at_what_can_have_changed_is_looking_at_everything(
    trees: list[Condition | None], here: Situation, happened: list[tuple[Topic, Situation]]
) -> None:
    asked = dict(enumerate(trees))
    known = truths(asked, here)
    for topic, other in happened:
        here = replace(here, **{field: getattr(other, field) for field in CHANGES[topic]})
        known = truths_after(topic, known, asked, here)
        assert known == truths(asked, here)


@pytest.mark.parametrize(
    ("document", "en", "fr"),
    [
        ({"level": {">=": 6}}, "It takes level 6 or more.", "Il faut niveau 6 ou plus."),
        (
            {"has_item": {"id": "moor_licence"}},
            "It takes 1 × Moorhand's licence with you.",
            "Il faut 1 × Licence de la lande sur vous.",
        ),
        (
            {"all": [{"level": {">=": 2}}, {"currency": {"n": 90}}, {"party_size": {">=": 3}}]},
            "It takes 90 glim, and a party of 3 or more.",
            "Il faut 90 glim, et un groupe de 3 ou plus.",
        ),
        (
            {"not": {"any": [{"zone": "lastmoor"}, {"zone": "reedmoor_flats"}]}},
            "It takes to be elsewhere than in Lastmoor.",
            "Il faut être ailleurs que dans la zone Lastmoor.",
        ),
        (
            {"flag": {"key": "the_culprit_is_nim"}},
            "It takes something that you have not found out yet.",
            "Il faut quelque chose que vous n’avez pas encore découvert.",
        ),
        (
            {"guild_rank": {"<=": 1}},
            "It takes rank 1 or less of a guild (1 is its leader’s).",
            "Il faut le rang 1 ou moins d’une guilde (1 est celui du chef).",
        ),
        (
            {"unlocked": {"zone": "lastmoor", "exit": "moor_gate"}},
            "It takes somebody who opens this way for you.",
            "Il faut quelqu’un qui vous ouvre ce passage.",
        ),
        ({"any": []}, "It takes what nobody can do.", "Il faut ce que personne ne peut faire."),
    ],
)
def test_why_something_is_locked_is_said_in_both_languages(
    document: dict[str, Any], en: str, fr: str
) -> None:
    said = why_not(condition(document), HERO, names_of(content.current()))
    assert said is not None
    assert (said.en, said.fr) == (en, fr)


@given(TREES.map(tree), SITUATIONS)
def test_whatever_does_not_hold_can_be_said(asked: Condition | None, here: Situation) -> None:
    names = names_of(content.current())
    assert (why_not(asked, here, names) is None) is holds(asked, here)
    if asked is not None:
        assert "{" not in asks_for(asked, names).en + asks_for(asked, names).fr


def test_every_leaf_says_who_may_see_it_and_what_can_change_it() -> None:
    fields = {name.rstrip("_") for name in Condition.__struct_fields__} - {"all", "any", "not"}
    assert set(LEAVES) == fields
    assert [name for name, leaf in LEAVES.items() if not leaf.is_shown] == ["flag"]
    assert {name for name, leaf in LEAVES.items() if not leaf.changed_by} == {"class"}
