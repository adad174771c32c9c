"""Skills that would be cast without end: what pays for itself or for others needs a limit that holds."""

from __future__ import annotations

from typing import Any

import pytest

from tests.combat.engine.test_content import problems_of, trick_with


def test_a_skill_that_pays_for_itself_needs_a_limit() -> None:
    free = trick_with({"type": "gain", "filter": "self", "pool": "ap", "n": 5})
    assert [each.message for each in problems_of(free)] == [
        "it gives back what it costs, so it needs a limit or a cooldown"
    ]
    assert problems_of({**free, "limits": {"cooldown": 2}}) == []


GIFT = {"type": "gain", "filter": "self", "pool": "ap", "n": 2}


@pytest.mark.parametrize(
    "hidden",
    [
        {"type": "if", "cond": [{"hp_below_pct": 50}], "else": [GIFT, GIFT]},
        {"type": "random_of", "options": [{"w": 1}, {"w": 1, "effects": [GIFT, GIFT]}]},
        {"type": "trigger", "on": "cast", "duration": 1, "effects": [GIFT, GIFT]},
        {"type": "per_stack", "key": "brand", "effects": [GIFT]},
        {"type": "drain", "filter": "enemy", "pool": "ap", "n": 4, "steal": True},
    ],
    ids=lambda effect: str(effect["type"]),
)
def test_what_pays_for_its_skill_is_found_however_deep_it_is(hidden: dict[str, Any]) -> None:
    assert [each.message for each in problems_of(trick_with(hidden))] == [
        "it gives back what it costs, so it needs a limit or a cooldown"
    ]


def test_what_pays_for_its_skill_once_that_has_become_cheaper_is_found() -> None:
    cheaper = {"type": "skill_mod", "skill": "wire_dart", "path": "ap", "delta": -1, "duration": 2}
    assert problems_of(trick_with(GIFT)) == []
    assert [each.message for each in problems_of(trick_with(GIFT, cheaper))] == [
        "it gives back what it costs, so it needs a limit or a cooldown"
    ]


@pytest.mark.parametrize(
    "effect",
    [
        {"type": "cooldown", "skill": "all", "delta": -1, "filter": "self"},
        {"type": "skill_mod", "skill": "wire_dart", "path": "cooldown", "delta": -1, "duration": 2},
    ],
    ids=lambda effect: str(effect["type"]),
)
def test_a_cooldown_that_is_shortened_is_no_limit(effect: dict[str, Any]) -> None:
    free = {**trick_with(GIFT, GIFT, effect), "limits": {"cooldown": 1}}
    assert [each.message for each in problems_of(free)] == [
        "it gives back what it costs, so it needs a limit or a cooldown"
    ]


def test_a_trigger_that_pays_for_other_skills_needs_a_limit() -> None:
    laid = {"type": "trigger", "on": "cast", "duration": 20, "filter": "self", "effects": [GIFT, GIFT]}
    paying = {**trick_with(laid), "limits": {"per_turn": 1}}
    assert [each.message for each in problems_of(paying)] == [
        "what it lays gives action points without end, so it needs a limit"
    ]
    assert problems_of({**trick_with({**laid, "limit": 2}), "limits": {"per_turn": 1}}) == []
    assert problems_of({**trick_with({**laid, "on": "turn_start"}), "limits": {"per_turn": 1}}) == []
