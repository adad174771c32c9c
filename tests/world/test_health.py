"""Hit points out of battle: what a battle leaves, and what time, rest and tonics give back."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from aether.kernel.errors import GameError
from aether.kernel.facts.types import BattleEnded, Participant
from apps.economy import services as economy
from apps.world import positions, services
from apps.world.errors import InBattleError, NotHurtError
from apps.world.rules.health import WHOLE, health_after, health_of, hit_points, seconds_to_whole
from tests.economy.cast import give, stacks
from tests.world import cast
from tests.world.conftest import Clock


@given(hp_max=st.integers(1, WHOLE), data=st.data())
def test_health_says_what_hit_points_were(hp_max: int, data: st.DataObject) -> None:
    hp = data.draw(st.integers(1, hp_max))
    assert hit_points(health_of(hp, hp_max), hp_max) == hp


@given(health=st.integers(0, WHOLE), pace=st.integers(0, 100_000), seconds=st.floats(0, 1e7))
def test_health_only_grows_and_ends_whole(health: int, pace: int, seconds: float) -> None:
    later = health_after(health, pace, seconds)
    assert health <= later <= WHOLE
    left = seconds_to_whole(health, pace)
    if left is not None:
        assert health_after(health, pace, left + 1) == WHOLE


@given(health=st.integers(0, WHOLE), hp_max=st.integers(1, 2_000))
def test_nobody_is_dead_out_of_battle(health: int, hp_max: int) -> None:
    assert 1 <= hit_points(health, hp_max) <= hp_max


@pytest.fixture
def alice(transactional_db: None) -> int:
    return cast.character()


def after_a_battle(who: int, outcome: str, health: int | None, mode: str = "pve") -> None:
    services.set_in_battle(character_ids=[who], battle_id=7)
    services.end_battle(
        BattleEnded(
            battle=7,
            mode=mode,  # type: ignore[arg-type]
            zone=cast.MOOR,
            instance=cast.FIRST_MOOR,
            group=None,
            rounds=3,
            participants=(
                Participant(character=who, outcome=outcome, xp=0, loot_key="00", health=health),  # type: ignore[arg-type]
            ),
            slain=(),
            is_rewarded=True,
        )
    )


def hp(who: int) -> int:
    shown = services.health_shown(who)
    assert shown is not None
    return shown.hp


def whole(who: int) -> int:
    shown = services.health_shown(who)
    assert shown is not None
    return shown.hp_max


def test_who_was_never_hurt_is_whole(alice: int) -> None:
    assert hp(alice) == whole(alice) == 62


def test_who_wins_keeps_what_is_left_and_regains_it(alice: int, time: Clock) -> None:
    cast.put(alice, cast.MOOR, (2, 24))
    after_a_battle(alice, "won", health_of(20, 62))
    assert hp(alice) == 20
    shown = services.health_shown(alice)
    assert shown is not None
    assert shown.full_at is not None
    time.go(30)
    assert 20 < hp(alice) < 62
    time.go(shown.full_at - shown.at)
    assert hp(alice) == 62


def test_the_defeated_wake_up_at_home_with_one_hit_point_and_recover_faster_there(
    alice: int, time: Clock
) -> None:
    cast.put(alice, cast.MOOR, (2, 24))
    after_a_battle(alice, "lost", health_of(20, 62))
    assert hp(alice) == 1
    time.go(10)
    at_home = hp(alice)
    bob = cast.character("Bob")
    cast.put(bob, cast.MOOR, (2, 24))
    after_a_battle(bob, "won", 0)
    time.go(10)
    assert at_home > hp(bob) > 1


def test_a_battle_that_leaves_nothing_takes_nothing(alice: int) -> None:
    after_a_battle(alice, "drawn", None)
    assert hp(alice) == 62


def test_a_duel_hurts_nobody_for_long(alice: int) -> None:
    after_a_battle(alice, "lost", 0, mode="duel")
    assert hp(alice) == 62


def test_who_sits_recovers_faster_until_it_walks(alice: int, time: Clock) -> None:
    bob = cast.character("Bob")
    for who in (alice, bob):
        cast.put(who, cast.MOOR, (2, 24))
        after_a_battle(who, "won", 0)
    services.rest(character_id=alice)
    time.go(10)
    assert hp(alice) > 2 * hp(bob)
    here = positions.everybody(cast.FIRST_MOOR)
    services.end_rests(cast.FIRST_MOOR, here)
    assert services.health_shown(alice).is_resting  # type: ignore[union-attr]
    walked = [
        seen.__class__(**{f: getattr(seen, f) for f in seen.__struct_fields__} | {"started_at": time.now + 1})
        for seen in here
    ]
    services.end_rests(cast.FIRST_MOOR, walked)
    assert not services.health_shown(alice).is_resting  # type: ignore[union-attr]


def test_a_tonic_heals_sixty_and_is_not_wasted_on_the_whole(alice: int) -> None:
    give(alice, marsh_tonic=2)
    with pytest.raises(NotHurtError):
        economy.use(character_id=alice, item="marsh_tonic", idempotency_key="u1")
    assert stacks(alice) == {"marsh_tonic": 2}
    after_a_battle(alice, "lost", 0)
    used = economy.use(character_id=alice, item="marsh_tonic", idempotency_key="u2")
    assert (used.left, used.prepared) == (1, [])
    assert hp(alice) == 61
    assert economy.use(character_id=alice, item="marsh_tonic", idempotency_key="u2") == used
    assert hp(alice) == 61


def test_nobody_drinks_in_battle(alice: int) -> None:
    give(alice, marsh_tonic=1)
    after_a_battle(alice, "won", 0)
    services.set_in_battle(character_ids=[alice], battle_id=8)
    with pytest.raises(GameError):
        economy.use(character_id=alice, item="marsh_tonic", idempotency_key="u")
    with pytest.raises(InBattleError):
        services.heal(alice, 10)


def test_two_tonics_at_once_both_count(alice: int, time: Clock) -> None:
    give(alice, marsh_tonic=2)
    after_a_battle(alice, "lost", 0)

    def drink(n: int) -> str:
        try:
            services.heal(alice, 20)
        finally:
            connections.close_all()
        return "healed"

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(drink, range(2))) == ["healed"] * 2
    assert hp(alice) == 41


@pytest.fixture(autouse=True)
def _nothing_runs_away() -> Iterator[None]:
    yield
    connections.close_all()
