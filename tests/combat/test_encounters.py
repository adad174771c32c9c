"""Attacking what roams, challenging who stands near: the real world, characters and content."""

from __future__ import annotations

import asyncio
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aether.kernel import facts, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, NotFoundError
from aether.protocol import combat as wire
from aether.protocol.combat_values import Objective
from apps.accounts import selectors as accounts
from apps.chat import services as chat
from apps.combat import challenges, selectors
from apps.combat.errors import (
    AlreadyInBattleError,
    ChallengeGoneError,
    ChallengeOpenError,
    NotInSameZoneError,
    OpponentInBattleError,
    SelfChallengeError,
)
from apps.world import services
from apps.world.models import MonsterGroup
from apps.world.services import spawning
from tests.combat.cast import accepted_by_one_who_dies, send, state_of
from tests.world import cast as world

pytestmark = pytest.mark.usefixtures("arena")


def _hunter(name: str = "Alice") -> tuple[int, MonsterGroup]:
    hunter, group = world.character(name), world.group()
    world.put(hunter, world.MOOR, world.beside(group))
    return hunter, group


def _two_in_town() -> tuple[int, int]:
    return world.character("Alice"), world.character("Bastien")


async def test_a_group_next_to_a_character_can_be_attacked() -> None:
    hunter, group = await in_database_thread(_hunter)
    outcome = await send(hunter, wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    state = await state_of(outcome.reply.battle)
    monsters = [(build.ref, build.level) for build in state.header.builds if build.team == 1]
    assert monsters == [(monster, level) for monster, level in group.monsters]
    assert outcome.follow == (outcome.reply.stream,)


async def test_a_group_is_attacked_by_one_of_two() -> None:
    hunter, group = await in_database_thread(_hunter)
    rival = await in_database_thread(_rival_at, group)
    results = await asyncio.gather(
        *(send(one, wire.EngageGroup(group=group.pk)) for one in (hunter, rival)), return_exceptions=True
    )
    assert sum(isinstance(result, GameError) for result in results) == 1


async def test_the_same_attack_sent_again_is_the_same_battle() -> None:
    hunter, group = await in_database_thread(_hunter)
    first = await send(hunter, wire.EngageGroup(group=group.pk), "attack")
    again = await send(hunter, wire.EngageGroup(group=group.pk), "attack")
    assert again.is_replayed
    assert isinstance(first.reply, wire.BattleStarted)
    assert b'"battle":%d' % first.reply.battle in bytes(again.reply)  # type: ignore[arg-type]  # stored JSON


async def test_builds_are_the_characters_as_they_are() -> None:
    hunter, group = await in_database_thread(_hunter)
    outcome = await send(hunter, wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    build = (await state_of(outcome.reply.battle)).header.builds[0]
    character = await in_database_thread(accounts.character, hunter)
    assert (build.name, build.level, build.ref) == (character.name, character.level, character.class_id)


async def test_fleeing_frees_the_group_and_sends_home() -> None:
    hunter, group = await in_database_thread(_hunter)
    outcome = await send(hunter, wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    await send(hunter, wire.Forfeit(battle=outcome.reply.battle))
    await in_database_thread(facts.drain)
    await group.arefresh_from_db()
    assert (group.state, group.battle) == (MonsterGroup.State.ROAMING, None)
    assert await in_database_thread(selectors.current_battle_id, hunter) is None


async def test_a_duel_begins_when_a_challenge_is_accepted() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    issued = await send(alice, wire.ChallengeCharacter(character=bastien))
    assert isinstance(issued.reply, wire.ChallengeIssued)
    started = await send(bastien, wire.AcceptChallenge(challenge=issued.reply.challenge))
    assert isinstance(started.reply, wire.BattleStarted)
    for character_id in (alice, bastien):
        now = await in_database_thread(selectors.current_battle, character_id)
        assert now == wire.CurrentBattle(battle=started.reply.battle, stream=started.reply.stream)


async def test_accepting_again_answers_the_same_and_others_find_nothing() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    issued = await send(alice, wire.ChallengeCharacter(character=bastien))
    assert isinstance(issued.reply, wire.ChallengeIssued)
    accept = wire.AcceptChallenge(challenge=issued.reply.challenge)
    with pytest.raises(ChallengeGoneError):
        await send(alice, accept)
    await send(bastien, accept, "yes")
    assert (await send(bastien, accept, "yes")).is_replayed
    with pytest.raises(ChallengeGoneError):
        await send(bastien, accept)


async def test_the_same_challenge_sent_again_is_one_challenge() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    command = wire.ChallengeCharacter(character=bastien)
    first, again = await send(alice, command, "come"), await send(alice, command, "come")
    assert isinstance(first.reply, wire.ChallengeIssued)
    assert isinstance(again.reply, wire.ChallengeIssued)
    assert first.reply.challenge == again.reply.challenge


async def test_a_player_can_be_challenged_by_another_once_until_that_is_answered() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    command = wire.ChallengeCharacter(character=bastien)
    issued = await send(alice, command)
    with pytest.raises(ChallengeOpenError):
        await send(alice, command)
    assert isinstance(issued.reply, wire.ChallengeIssued)
    started = await send(bastien, wire.AcceptChallenge(challenge=issued.reply.challenge))
    assert isinstance(started.reply, wire.BattleStarted)
    await send(alice, wire.Forfeit(battle=started.reply.battle))
    await in_database_thread(facts.drain)
    assert isinstance((await send(alice, command)).reply, wire.ChallengeIssued)


async def test_a_challenge_whose_acceptor_died_before_dropping_it_is_in_nobodys_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    command = wire.ChallengeCharacter(character=bastien)
    issued = await send(alice, command)
    assert isinstance(issued.reply, wire.ChallengeIssued)
    answered = wire.AcceptChallenge(challenge=issued.reply.challenge)
    started = await accepted_by_one_who_dies(bastien, answered, monkeypatch)
    await send(alice, wire.Forfeit(battle=started.battle))
    await in_database_thread(facts.drain)
    with pytest.raises(ChallengeGoneError):
        await send(bastien, answered)
    again = await send(alice, command)
    assert isinstance(again.reply, wire.ChallengeIssued)
    with pytest.raises(ChallengeOpenError):
        await send(alice, command)
    await send(bastien, wire.AcceptChallenge(challenge=again.reply.challenge))


async def test_a_late_drop_of_an_accepted_challenge_leaves_the_next_one_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    command = wire.ChallengeCharacter(character=bastien)
    issued = await send(alice, command)
    assert isinstance(issued.reply, wire.ChallengeIssued)
    old = await challenges.find(issued.reply.challenge, challenged=bastien)
    answered = wire.AcceptChallenge(challenge=issued.reply.challenge)
    started = await accepted_by_one_who_dies(bastien, answered, monkeypatch)
    await send(alice, wire.Forfeit(battle=started.battle))
    await in_database_thread(facts.drain)
    again = await send(alice, command)
    assert isinstance(again.reply, wire.ChallengeIssued)
    await challenges.drop(old)
    with pytest.raises(ChallengeOpenError):
        await send(alice, command)


async def test_a_battle_of_one_with_others_answers_no_challenge_of_two() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    zelie = await in_database_thread(world.character, "Zelie")
    issued = await send(alice, wire.ChallengeCharacter(character=bastien))
    other = await send(alice, wire.ChallengeCharacter(character=zelie))
    assert isinstance(issued.reply, wire.ChallengeIssued)
    assert isinstance(other.reply, wire.ChallengeIssued)
    started = await send(zelie, wire.AcceptChallenge(challenge=other.reply.challenge))
    assert isinstance(started.reply, wire.BattleStarted)
    await send(zelie, wire.Forfeit(battle=started.reply.battle))
    await in_database_thread(facts.drain)
    with pytest.raises(ChallengeOpenError):
        await send(alice, wire.ChallengeCharacter(character=bastien))
    await send(bastien, wire.AcceptChallenge(challenge=issued.reply.challenge))


async def test_no_duel_while_the_world_still_holds_one_of_the_two_for_the_last_battle() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    await in_database_thread(services.set_in_battle, character_ids=[bastien], battle_id=7)
    with pytest.raises(OpponentInBattleError):
        await send(alice, wire.ChallengeCharacter(character=bastien))
    with pytest.raises(AlreadyInBattleError):
        await send(bastien, wire.ChallengeCharacter(character=alice))


async def test_the_list_of_battles_to_watch_costs_the_same_however_many_fight() -> None:
    watcher = await in_database_thread(world.character, "Zelie")

    async def duel(*names: str) -> list[int]:
        first, second = [await in_database_thread(world.character, name) for name in names]
        issued = await send(first, wire.ChallengeCharacter(character=second))
        await send(second, wire.AcceptChallenge(challenge=issued.reply.challenge))  # type: ignore[union-attr]
        return [first, second]

    def listed() -> tuple[list[int], int]:
        with CaptureQueriesContext(connection) as captured:
            shown = selectors.battles_to_watch(watcher, most=10)
        return [len(each.fighters) for each in shown.battles], len(captured)

    await duel("Alice", "Bastien")
    fighters, cost = await in_database_thread(listed)
    assert fighters == [2]
    await duel("Cyrille", "Delphine")
    _, blocking = await duel("Emile", "Fanny")
    assert await in_database_thread(listed) == ([2, 2, 2], cost)
    await in_database_thread(lambda: chat.block(character_id=blocking, name="Zelie"))
    assert await in_database_thread(listed) == ([2, 2], cost)


async def test_who_has_blocked_a_player_is_not_told_of_its_challenges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    told: list[int] = []

    async def tell(character_id: int, update: wire.ChallengeReceived) -> None:
        told.append(character_id)

    monkeypatch.setattr(realtime, "tell_character_now", tell)
    await in_database_thread(lambda: chat.block(character_id=bastien, name="Alice"))
    await send(alice, wire.ChallengeCharacter(character=bastien))
    await send(bastien, wire.ChallengeCharacter(character=alice))
    assert told == [alice]


async def test_nobody_duels_alone_or_across_zones() -> None:
    alice, bastien = await in_database_thread(_two_in_town)
    with pytest.raises(SelfChallengeError):
        await send(alice, wire.ChallengeCharacter(character=alice))
    await in_database_thread(world.put, bastien, world.MOOR, (5, 5))
    with pytest.raises(NotInSameZoneError):
        await send(alice, wire.ChallengeCharacter(character=bastien))
    with pytest.raises((NotFoundError, NotInSameZoneError)):
        await send(alice, wire.ChallengeCharacter(character=999_999))


def _rival_at(group: MonsterGroup) -> int:
    rival = world.character("Bastien")
    world.put(rival, world.MOOR, world.beside(group))
    return rival


def _at_the_kilns() -> tuple[int, MonsterGroup]:
    """Return a hunter beside the Matron's group."""
    hunter = world.character("Alice")
    spawning.ensure_groups("cinder_terraces.1")
    spawning.keep_groups("cinder_terraces.1", Random(1))
    group = MonsterGroup.objects.get(zone="cinder_terraces", rule="court", slot=0)
    world.put(hunter, "cinder_terraces", world.beside(group))
    return hunter, group


async def test_what_a_spawn_rule_asks_is_the_goal_of_the_battle() -> None:
    hunter, group = await in_database_thread(_at_the_kilns)
    outcome = await send(hunter, wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    header = (await state_of(outcome.reply.battle)).header
    assert header.objectives == (Objective(team=0, goal="kill", ref="furnace_matron"),)


async def test_a_group_from_before_the_rule_is_fought_without_a_goal() -> None:
    hunter, group = await in_database_thread(_at_the_kilns)
    await MonsterGroup.objects.filter(pk=group.pk).aupdate(monsters=[["kiln_imp", 10]])
    outcome = await send(hunter, wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    assert (await state_of(outcome.reply.battle)).header.objectives == ()
