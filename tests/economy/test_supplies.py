"""Whatever is brought into battles, used, given back and told again: nothing is made, lost or held twice."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.kernel.facts.types import BattleEnded, Participant
from apps.economy import auditing, services
from apps.economy.models import Hold, Line
from tests.economy.cast import all_at_once, character, give, stacks
from tests.long_run import examples

pytestmark = pytest.mark.django_db

BOMB = "chalk_bomb"
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["begin", "end", "break_off", "tell_again", "wait"]),
        st.integers(0, 1),
        st.integers(1, 3),
    ),
    min_size=5,
    max_size=30,
)


def told(battle_id: int, used: dict[int, dict[str, int] | None]) -> BattleEnded:
    return BattleEnded(
        battle=battle_id,
        mode="duel",
        zone="lastmoor",
        instance="lastmoor.1",
        group=None,
        rounds=1,
        participants=tuple(
            Participant(character=who, outcome="drawn", xp=0, loot_key="", used=items)
            for who, items in used.items()
        ),
        slain=(),
        is_rewarded=False,
    )


def bring(battle_id: int, supplies: dict[int, dict[str, int]]) -> None:
    with transaction.atomic():
        services.set_aside_supplies(battle_id=battle_id, supplies=supplies)


class World:
    """Two people, the battles that they are in, and all ends that were ever told."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.people = [character(name) for name in ("Ann", "Bob")]
        self.running: dict[int, tuple[int, int]] = {}
        self.ends: list[BattleEnded] = []
        self.battles = 0
        self.used = 0

    def begin(self, who: int, count: int) -> None:
        if who in self.running:
            return
        self.battles += 1
        services.set_aside_supplies(battle_id=self.battles, supplies={who: {BOMB: count}})
        self.running[who] = (self.battles, count)

    def end(self, who: int, count: int) -> None:
        if who in self.running:
            battle_id, brought = self.running.pop(who)
            used = min(count, brought)
            self.used += used
            self._tell(told(battle_id, {who: {BOMB: used}}))

    def break_off(self, who: int, count: int) -> None:
        if who in self.running:
            battle_id, _ = self.running.pop(who)
            self._tell(told(battle_id, {who: {}}))

    def tell_again(self, who: int, count: int) -> None:
        for end in self.ends[-count:]:
            services.settle_supplies(end)

    def wait(self, who: int, count: int) -> None:
        self.now += 86_400 * count
        services.sweep()

    def _tell(self, end: BattleEnded) -> None:
        self.ends.append(end)
        services.settle_supplies(end)


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_nothing_is_made_lost_or_held_twice(acts: list[tuple[str, int, int]]) -> None:
    with transaction.atomic():
        world = World()
        for each in world.people:
            give(each, **{BOMB: 9})
        with clock.replaced(lambda: world.now):
            for name, who, count in acts:
                try:
                    with transaction.atomic():
                        getattr(world, name)(world.people[who], count)
                except GameError:
                    continue
                connection.check_constraints()
        assert auditing.audit_ledger() == []
        in_bags = sum(stacks(each).get(BOMB, 0) for each in world.people)
        pending = Hold.objects.filter(state="pending")
        aside = sum(hold.contents[BOMB] for hold in pending)
        assert {hold.character_id for hold in pending} == set(world.running)
        assert in_bags + aside + world.used == 18
        gone = Line.objects.filter(account__bucket="sink:use", asset=BOMB).values_list("amount", flat=True)
        assert sum(gone) == world.used
        transaction.set_rollback(True)


def test_a_battle_of_two_settles_each_by_what_it_used() -> None:
    ann, bob = character("Ann"), character("Bob")
    give(ann, **{BOMB: 3, "ember_salve": 2})
    give(bob, **{BOMB: 1})
    supplies = {ann: {BOMB: 3, "ember_salve": 2}, bob: {BOMB: 1}}
    bring(1, supplies)
    assert (stacks(ann), stacks(bob)) == ({}, {})
    services.settle_supplies(told(1, {ann: {BOMB: 2, "ember_salve": 2}, bob: {}}))
    assert (stacks(ann), stacks(bob)) == ({BOMB: 1}, {BOMB: 1})
    assert auditing.audit_ledger() == []


def test_what_nobody_ever_tells_of_comes_home_in_the_end() -> None:
    ann = character("Ann")
    give(ann, **{BOMB: 2})
    bring(1, {ann: {BOMB: 2}})
    late = clock.now() + 91 * 86_400
    with clock.replaced(lambda: late):
        services.sweep()
    assert stacks(ann) == {BOMB: 2}
    services.settle_supplies(told(1, {ann: {BOMB: 2}}))
    assert stacks(ann) == {BOMB: 2}


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once_settle_once() -> None:
    ann = character("Ann")
    give(ann, **{BOMB: 3})
    bring(1, {ann: {BOMB: 3}})
    end = told(1, {ann: {BOMB: 2}})
    assert all_at_once(*[lambda: services.settle_supplies(end)] * 3) == [None] * 3
    assert stacks(ann) == {BOMB: 1}
    assert auditing.audit_ledger() == []


@pytest.mark.django_db(transaction=True)
def test_the_last_ones_are_brought_once() -> None:
    ann = character("Ann")
    give(ann, **{BOMB: 3})
    results = all_at_once(lambda: bring(1, {ann: {BOMB: 3}}), lambda: bring(2, {ann: {BOMB: 3}}))
    assert sorted(type(each).__name__ for each in results) == ["NoneType", "StaleError"]
    assert stacks(ann) == {}
    assert auditing.audit_ledger() == []
