"""Wherever a group of the game roams, a whole party finds room to fight it."""

from __future__ import annotations

import pytest

from aether.kernel import content
from apps.combat import engine
from apps.world.definitions import MapDef, SpawnRule, ZoneDef
from apps.world.rules.battleground import battleground

PARTY = 4
EVERY = 3
"""Looking at each third cell keeps this fast; neighbours share nearly the whole board."""

ZONES = ["reedmoor_flats", "cinder_terraces", "gullwind_spans", "drowned_archive"]


def largest(rule: SpawnRule) -> int:
    return max(min(8, sum(kin.count[1] for kin in group.monsters)) for group in rule.groups)


@pytest.mark.parametrize("zone", ZONES)
def test_a_party_finds_room_wherever_groups_roam(zone: str) -> None:
    pack = content.current()
    drawn = pack.get(MapDef, pack.get(ZoneDef, zone).map)
    for rule in pack.get(ZoneDef, zone).spawns:
        for cell in drawn.regions[rule.region][::EVERY]:
            found = battleground(drawn, cell)
            ours, theirs = engine.placement_cells(
                found.board, contact=found.contact, teams=(PARTY, largest(rule))
            )
            assert len(ours) >= PARTY, (rule.id, cell)
            assert len(theirs) >= largest(rule), (rule.id, cell)


def test_the_court_of_the_matron_says_where_its_battle_begins() -> None:
    drawn = content.current().get(MapDef, "cinder_terraces")
    found = battleground(drawn, (33, 8))
    assert found.placement is not None
    left, top = found.origin
    ours, theirs = ([(x + left, y + top) for x, y in side] for side in found.placement)
    assert (tuple(ours), tuple(theirs)) == drawn.placement["matron_court"]
    assert battleground(drawn, (22, 40)).placement is None
