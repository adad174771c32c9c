"""Monster groups: they spawn, stroll, are claimed by one, and come back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest
from django.db import connections, transaction

from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.facts.types import BattleEnded, Participant
from aether.kernel.transactions import transactional
from apps.world import ground, positions, selectors, services
from apps.world.errors import GroupBusyError, InBattleError, TooFarError
from apps.world.models import CharacterPlace, MonsterGroup
from apps.world.rules.battleground import HEIGHT, WIDTH
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


def hunter(name: str, row: MonsterGroup) -> int:
    character_id = cast.character(name)
    cast.put(character_id, cast.MOOR, cast.beside(row))
    return character_id


def ended(battle: int, group: int, outcomes: dict[int, str]) -> BattleEnded:
    return BattleEnded(
        battle=battle,
        mode="pve",
        zone=cast.MOOR,
        instance=cast.FIRST_MOOR,
        group=group,
        rounds=3,
        participants=tuple(
            Participant(character=who, outcome=outcome, xp=0, loot_key="00")  # type: ignore[arg-type]
            for who, outcome in outcomes.items()
        ),
        slain=(),
        is_rewarded=True,
    )


def test_every_rule_has_its_groups_inside_its_region() -> None:
    cast.group()
    zone, drawn = ground.zone_of(cast.MOOR), ground.map_of(cast.MOOR)
    for rule in [each for each in zone.spawns if each.when is None]:
        rows = MonsterGroup.objects.filter(rule=rule.id, state="roaming")
        assert len(rows) == rule.max_groups
        assert all(row.cell in drawn.regions[rule.region] for row in rows)
        assert all(1 <= len(row.monsters) <= 8 for row in rows)


def test_groups_stroll_along_cells_of_their_region(time: Clock) -> None:
    row = cast.group()
    rule = next(rule for rule in ground.zone_of(cast.MOOR).spawns if rule.id == row.rule)
    region = ground.map_of(cast.MOOR).regions[rule.region]
    for second in range(40):
        time.go(1)
        services.keep_groups(cast.FIRST_MOOR, Random(second))
        row.refresh_from_db()
        assert all((x, y) in region for x, y in row.path)
    assert row.path


def test_groups_that_nobody_watched_for_long_stand_somewhere_else(time: Clock) -> None:
    row = cast.group()
    time.go(3600)
    services.keep_groups(cast.FIRST_MOOR, Random(5))
    before = row.cell
    row.refresh_from_db()
    assert row.cell != before
    assert row.path == []


def test_a_claimed_group_comes_with_its_ground() -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    claimed = services.claim_group(character_id=alice, group_id=row.pk)
    assert claimed.monsters == tuple((monster, level) for monster, level in row.monsters)
    assert (claimed.board.width, claimed.board.height) == (WIDTH, HEIGHT)
    x, y = claimed.contact
    assert (x + claimed.origin[0], y + claimed.origin[1]) == row.cell
    assert int(claimed.board.terrain[y * WIDTH + x], 16) & 1


def test_of_many_who_claim_at_once_one_has_the_group() -> None:
    row = cast.group()
    hunters = [hunter(name, row) for name in ("Alice", "Bob", "Carla", "Doran", "Elin")]

    @transactional
    def engage(character_id: int) -> None:
        services.claim_group(character_id=character_id, group_id=row.pk)
        services.set_in_battle(character_ids=[character_id], battle_id=character_id)

    def claim(character_id: int) -> str:
        try:
            engage(character_id)
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "claimed"

    with ThreadPoolExecutor(len(hunters)) as pool:
        outcomes = sorted(pool.map(claim, hunters))
    assert outcomes == ["claimed", *[GroupBusyError.code] * 4]
    row.refresh_from_db()
    assert row.state == "in_battle"
    assert CharacterPlace.objects.get(battle__isnull=False).battle == row.battle


def test_one_character_claims_one_group_at_a_time() -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    services.claim_group(character_id=alice, group_id=row.pk)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    other = MonsterGroup.objects.filter(state="roaming").first()
    assert other is not None
    with pytest.raises(InBattleError):
        services.claim_group(character_id=alice, group_id=other.pk)


def test_a_claim_that_is_undone_leaves_the_group_free() -> None:
    row = cast.group()
    alice = hunter("Alice", row)

    @transactional
    def undone() -> None:
        services.claim_group(character_id=alice, group_id=row.pk)
        transaction.set_rollback(True)

    undone()
    row.refresh_from_db()
    assert row.state == "roaming"


def test_a_group_out_of_reach_is_not_claimed() -> None:
    row = cast.group()
    alice = cast.character()
    with pytest.raises(NotFoundError):
        services.claim_group(character_id=alice, group_id=row.pk)
    far = max(ground.map_of(cast.MOOR).regions["gull_heath"])
    cast.put(alice, cast.MOOR, far)
    with pytest.raises(TooFarError):
        services.claim_group(character_id=alice, group_id=row.pk)


def test_a_claim_without_a_battle_lapses(time: Clock) -> None:
    row = cast.group()
    services.claim_group(character_id=hunter("Alice", row), group_id=row.pk)
    time.go(61)
    services.keep_groups(cast.FIRST_MOOR, Random(1))
    row.refresh_from_db()
    assert row.state == "roaming"


def test_a_beaten_group_comes_back_later(time: Clock) -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    services.claim_group(character_id=alice, group_id=row.pk)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    services.end_battle(ended(7, row.pk, {alice: "won"}))
    row.refresh_from_db()
    assert (row.state, row.battle) == ("cooldown", None)
    assert selectors.groups_seen(row.instance)[row.pk] is None
    assert CharacterPlace.objects.get(pk=alice).battle is None
    time.go(600)
    services.keep_groups(cast.FIRST_MOOR, Random(2))
    row.refresh_from_db()
    assert row.state == "roaming"


def test_the_defeated_wake_up_at_home_and_the_group_roams_on() -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    services.claim_group(character_id=alice, group_id=row.pk)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    services.end_battle(ended(7, row.pk, {alice: "lost"}))
    place = selectors.place_of(alice)
    assert (place.zone, place.cell) == (cast.TOWN, cast.SQUARE)
    assert positions.everybody(row.instance) == []
    row.refresh_from_db()
    assert row.state == "roaming"


def test_the_end_of_another_battle_frees_nobody() -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    services.claim_group(character_id=alice, group_id=row.pk)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    services.end_battle(ended(6, row.pk, {alice: "lost"}))
    row.refresh_from_db()
    assert (row.state, CharacterPlace.objects.get(pk=alice).battle) == ("in_battle", 7)


def test_who_fights_is_shown_fighting() -> None:
    row = cast.group()
    alice = hunter("Alice", row)
    services.claim_group(character_id=alice, group_id=row.pk)
    services.set_in_battle(character_ids=[alice], battle_id=7)
    (seen,) = positions.everybody(row.instance)
    group = selectors.groups_seen(row.instance)[row.pk]
    assert seen.is_in_battle
    assert group is not None
    assert group.is_in_battle
