"""Experience arrives once, levels give points, points are spent within what there is."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from aether.kernel import facts, journal
from aether.kernel.errors import GameError
from aether.kernel.facts.types import BattleEnded, LevelReached, Participant
from aether.kernel.journal import StreamKind
from aether.kernel.models import OutboxFact
from apps.accounts import selectors, services
from apps.accounts.errors import NotEnoughPointsError, NothingToAllocateError
from apps.accounts.rules.progress import STATS, stat_points_earned
from tests.accounts import cast
from tests.long_run import examples

pytestmark = pytest.mark.django_db

Told = list[tuple[int, Any]]


def battle_of(*characters: int, xp: int = 500, is_rewarded: bool = True) -> BattleEnded:
    return BattleEnded(
        battle=77,
        mode="pve",
        zone="reedmoor_flats",
        instance="reedmoor_flats.1",
        group=3,
        rounds=4,
        participants=tuple(
            Participant(character=each, outcome="won", xp=xp, loot_key="00") for each in characters
        ),
        slain=(),
        is_rewarded=is_rewarded,
    )


def published(fact: BattleEnded) -> None:
    with transaction.atomic():
        facts.publish(fact)


def test_experience_raises_the_level_and_tells_the_player(told: Told) -> None:
    maren = cast.character(cast.account())

    services.grant_xp(character_id=maren.id, amount=500, cause="quest:mq1")

    profile = selectors.profile(maren.id)
    assert (profile.level, profile.xp, profile.stat_points) == (2, 68, 5)
    [(character_id, update)] = told
    assert (character_id, update.gained_xp, update.gained_levels) == (maren.id, 500, 1)
    assert update.profile == profile


def test_each_level_that_is_reached_is_a_fact(told: Told) -> None:
    maren = cast.character(cast.account())
    OutboxFact.objects.all().delete()

    services.grant_xp(character_id=maren.id, amount=432 + 660, cause="quest:mq1")

    assert [fact.type for fact in OutboxFact.objects.all()] == [LevelReached.type_name] * 2


def test_the_total_is_the_sum_of_the_journal(told: Told) -> None:
    maren = cast.character(cast.account())
    for amount in (10, 20, 30):
        services.grant_xp(character_id=maren.id, amount=amount, cause="quest:mq1")

    entries = list(journal.entries(StreamKind.CHARACTER, maren.id, after=1))
    assert [
        b'"amount":%d' % amount in entry.payload for amount, entry in zip((10, 20, 30), entries, strict=True)
    ]
    assert selectors.character(maren.id).xp_total == 60


def test_nothing_is_gained_past_the_last_level(told: Told) -> None:
    maren = cast.character(cast.account())
    services.grant_xp(character_id=maren.id, amount=10**7, cause="quest:mq1")
    told.clear()

    services.grant_xp(character_id=maren.id, amount=1, cause="quest:mq1")

    assert selectors.profile(maren.id).level == 30
    assert not told


def test_a_battle_rewards_its_participants_once(told: Told) -> None:
    owner = cast.account()
    maren, edda = cast.character(owner, "Maren"), cast.character(owner, "Edda")
    published(battle_of(maren.id, edda.id))

    event_id = OutboxFact.objects.get(type="battle.ended").pk
    for _ in range(2):
        facts.deliver(event_id, "accounts.grant_battle_xp")

    assert [selectors.character(each.id).xp_total for each in (maren, edda)] == [500, 500]


def test_a_battle_without_rewards_gives_nothing(told: Told) -> None:
    maren = cast.character(cast.account())
    services.reward_participants(battle=battle_of(maren.id, is_rewarded=False))
    assert selectors.character(maren.id).xp_total == 0


def test_points_are_spent_and_the_player_is_told(told: Told) -> None:
    maren = cast.character(cast.account())
    services.grant_xp(character_id=maren.id, amount=500, cause="quest:mq1")

    profile = services.allocate(character_id=maren.id, points={"vigor": 2, "stone": 3, "tide": 0})

    assert profile.stat_points == 0
    assert profile.stats["stone"] == 3
    assert told[-1][1].profile == profile


def test_more_points_than_there_are_is_refused(told: Told) -> None:
    maren = cast.character(cast.account())
    with pytest.raises(NotEnoughPointsError):
        services.allocate(character_id=maren.id, points={"vigor": 1})
    assert selectors.profile(maren.id).stats["vigor"] == 0


def test_spending_nothing_is_refused() -> None:
    maren = cast.character(cast.account())
    with pytest.raises(NothingToAllocateError):
        services.allocate(character_id=maren.id, points={"vigor": 0})


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["grant", "allocate", "reset"]),
        st.integers(1, 3_000),
        st.dictionaries(st.sampled_from(STATS), st.integers(0, 8), max_size=3),
    ),
    max_size=20,
)


@settings(max_examples=examples(25), deadline=None)
@given(ACTS)
def test_points_spent_are_never_more_than_earned_and_a_respec_changes_no_total(
    acts: list[tuple[str, int, dict[str, int]]],
) -> None:
    """38: after every prefix of what a character does."""
    with transaction.atomic():
        who = cast.character(cast.account("spender"), "Spender").id
        for name, amount, points in acts:
            before = selectors.profile(who)
            try:
                with transaction.atomic():
                    match name:
                        case "grant":
                            services.grant_xp(character_id=who, amount=amount, cause="test")
                        case "allocate":
                            services.allocate(character_id=who, points=points)
                        case _:
                            services.reset_stats(character_id=who)
            except GameError:
                assert selectors.profile(who) == before
                continue
            after = selectors.profile(who)
            spent = sum(after.stats.values())
            assert spent + after.stat_points == stat_points_earned(after.level)
            assert after.stat_points >= 0
            assert after.level >= before.level
            if name == "reset":
                assert spent == 0
                assert (after.level, after.xp) == (before.level, before.xp)
        transaction.set_rollback(True)
