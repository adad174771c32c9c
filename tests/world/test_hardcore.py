"""Hardcore zones: what a defeat by monsters takes there, once, and what it never takes."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from msgspec.structs import replace

from aether.kernel import facts
from aether.kernel.facts.types import BattleEnded, Participant
from apps.economy import selectors
from apps.world import ground
from apps.world.definitions import HardcoreRule
from tests.economy.cast import give
from tests.world import cast


@pytest.fixture
def alice(transactional_db: None) -> int:
    who = cast.character()
    give(who, glim=1_005)
    facts.drain()  # what is given at birth comes before what is taken
    return who


@pytest.fixture
def hard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every zone take a tenth."""
    zone = replace(ground.zone_of(cast.MOOR), hardcore=HardcoreRule(glim_pct=10))
    monkeypatch.setattr(ground, "zone_of", lambda _: zone)


def ended(who: int, outcome: str, *, mode: str = "pve", is_rewarded: bool = True) -> BattleEnded:
    return BattleEnded(
        battle=7,
        mode=mode,  # type: ignore[arg-type]
        zone=cast.MOOR,
        instance=cast.FIRST_MOOR,
        group=None,
        rounds=3,
        participants=(Participant(character=who, outcome=outcome, xp=0, loot_key="00"),),  # type: ignore[arg-type]
        slain=(),
        is_rewarded=is_rewarded,
    )


def told(fact: BattleEnded) -> None:
    """Publish a fact as the end of a battle does, and let everybody handle it."""
    with transaction.atomic():
        facts.publish(fact)
    facts.drain()


def test_a_defeat_takes_its_share_of_what_is_carried(alice: int, hard: None) -> None:
    before = selectors.glim(alice)
    told(ended(alice, "lost"))
    assert selectors.glim(alice) == before - before // 10
    call_command("audit_ledger", stdout=StringIO())


def test_it_is_taken_once_however_often_the_end_is_told(alice: int, hard: None) -> None:
    told(ended(alice, "lost"))
    left = selectors.glim(alice)
    told(ended(alice, "lost"))
    assert selectors.glim(alice) == left


@pytest.mark.parametrize(
    ("outcome", "mode", "is_rewarded"),
    [("won", "pve", True), ("drawn", "pve", True), ("lost", "duel", True), ("lost", "pve", False)],
)
def test_nobody_else_pays(alice: int, hard: None, outcome: str, mode: str, is_rewarded: bool) -> None:
    before = selectors.glim(alice)
    told(ended(alice, outcome, mode=mode, is_rewarded=is_rewarded))
    assert selectors.glim(alice) >= before


def test_other_zones_take_nothing(alice: int) -> None:
    before = selectors.glim(alice)
    told(ended(alice, "lost"))
    assert selectors.glim(alice) == before
