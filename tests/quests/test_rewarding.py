"""Gifts of talks: once per character and option, takes before gifts, and all or nothing."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from aether.kernel.effects import Effect
from apps.economy import selectors as economy
from apps.economy.errors import InsufficientError
from apps.quests import selectors
from apps.quests.services import apply_effects
from tests.quests.cast import MQ1, hero, progress, say, state

pytestmark = pytest.mark.django_db


def effects(*documents: dict[str, Any]) -> list[Effect]:
    return [msgspec.convert(document, Effect) for document in documents]


def test_gifts_of_the_same_source_come_once() -> None:
    alice = hero()
    gift = effects({"give": {"item": "reed_fibre", "n": 2}}, {"currency": {"n": 5}}, {"flag": {"key": "met"}})
    for _ in range(3):
        apply_effects(alice, gift, "dialogue:somebody:node:option")
    assert economy.count_of(alice, "reed_fibre") == 2
    assert economy.glim(alice) == 25
    assert selectors.flags(alice) == {"met": 1}


def test_who_cannot_give_gets_nothing() -> None:
    alice = hero()
    trade = effects({"give": {"item": "lampfat", "n": 1}}, {"take": {"item": "peat_clod", "n": 3}})
    with pytest.raises(InsufficientError):
        apply_effects(alice, trade, "dialogue:a:b:c")
    assert economy.count_of(alice, "lampfat") == 0


def test_nobody_pays_with_what_he_is_given() -> None:
    alice = hero()
    trick = effects({"give": {"item": "peat_clod", "n": 3}}, {"take": {"item": "peat_clod", "n": 3}})
    with pytest.raises(InsufficientError):
        apply_effects(alice, trick, "dialogue:a:b:c")


def test_the_longest_names_still_fit() -> None:
    alice = hero()
    source = f"dialogue:{'n' * 48}:{'o' * 48}:{'p' * 48}"
    apply_effects(alice, effects({"give": {"item": "lampfat", "n": 1}}), source)
    assert economy.count_of(alice, "lampfat") == 1


def test_a_step_can_be_advanced_by_a_talk() -> None:
    alice = hero()
    say(alice, "accept")
    apply_effects(alice, effects({"quest.advance": MQ1}), "dialogue:a:b:c")
    assert (state(alice), progress(alice)) == ("ready", {})
