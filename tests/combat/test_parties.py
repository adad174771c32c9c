"""Parties in battle: who may join a member against monsters, what each earns, and parties against parties."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aether.kernel import clock, facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, IdReusedError, NotFoundError
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded
from aether.kernel.live import redis
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from apps.accounts.models import Character
from apps.chat import services as chat
from apps.combat import rules, selectors, services
from apps.combat.engine.refusals import TooEarly, WrongPhase
from apps.combat.errors import (
    AlreadyInBattleError,
    ChallengeGoneError,
    PartyLeaderNeededError,
    PartyNotReadyError,
    TeamsChangedError,
    TooFarFromBattleError,
)
from apps.economy.models import Entry
from apps.world.models import MonsterGroup
from tests.combat.cast import elsewhere, ground, send, state_of
from tests.world import cast as world

pytestmark = pytest.mark.usefixtures("arena")


def online(*character_ids: int) -> None:
    redis().zadd("presence", {str(who): clock.now() for who in character_ids})


def party(*names: str) -> list[int]:
    """Return the members of a new party in the town, its leader first."""
    members = [world.character(name) for name in names]
    online(*members)
    for name, who in zip(names[1:], members[1:], strict=True):
        invitation = chat.invite(character_id=members[0], name=name).invitation
        chat.accept_invitation(character_id=who, invitation_id=invitation)
    return members


def hunters(*names: str) -> tuple[list[int], MonsterGroup]:
    """Return a party that stands beside a group of monsters."""
    members, group = party(*names), world.group()
    for who in members:
        world.put(who, world.MOOR, world.beside(group))
    return members, group


async def engaged(*names: str) -> tuple[list[int], int]:
    """Let the leader of a party attack; return the members and the battle."""
    members, group = await in_database_thread(hunters, *names)
    outcome = await send(members[0], wire.EngageGroup(group=group.pk))
    assert isinstance(outcome.reply, wire.BattleStarted)
    return members, outcome.reply.battle


async def join(who: int, battle_id: int, command_id: str = "") -> Any:
    return await send(who, wire.JoinBattle(battle=battle_id), command_id)


async def standing(battle_id: int) -> dict[int, int]:
    """Return the team of each character in a battle."""
    state = await state_of(battle_id)
    return {b.character_id: b.team for b in state.builds if b.character_id is not None}


async def test_a_member_near_by_joins_and_both_fight() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    joined = await join(bo, battle_id)
    assert joined.reply == wire.BattleStarted(battle=battle_id, stream=f"battle:{battle_id}")
    assert joined.follow == (f"battle:{battle_id}",)
    assert await standing(battle_id) == {ana: 0, bo: 0}
    assert await in_database_thread(selectors.current_battle_id, bo) == battle_id
    for who in (ana, bo):
        await send(who, wire.Ready(battle=battle_id))
    assert (await state_of(battle_id)).phase != "placement"


async def test_a_battle_that_somebody_joined_is_the_same_for_another_process() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id)
    here = await state_of(battle_id)
    with elsewhere():
        assert await state_of(battle_id) == here
        await send(bo, wire.Ready(battle=battle_id))
    assert (await state_of(battle_id)).of_character(bo).is_ready  # type: ignore[union-attr]


async def test_who_joins_has_a_clock_of_its_own() -> None:
    from apps.combat import running

    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id)
    async with running.fresh(battle_id) as battle:
        state, banks = battle.state, battle.clock.banks
    banks = {state.build(state.of(who)).character_id: left for who, left in banks.items()}
    assert banks == {ana: 60_000, bo: 60_000}


async def test_joining_again_by_the_same_command_is_one_joining() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id, "come")
    assert (await join(bo, battle_id, "come")).is_replayed
    with pytest.raises(AlreadyInBattleError):
        await join(bo, battle_id)
    with pytest.raises(IdReusedError):
        await send(bo, wire.JoinBattle(battle=battle_id + 1), "come")


async def test_joining_twice_at_once_is_one_joining() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    results = await asyncio.gather(join(bo, battle_id), join(bo, battle_id), return_exceptions=True)
    assert sum(isinstance(result, GameError) for result in results) == 1
    assert await standing(battle_id) == {ana: 0, bo: 0}


async def test_three_who_join_at_once_all_come_in() -> None:
    members, battle_id = await engaged("Alice", "Bastien", "Cyrille", "Delphine")
    await asyncio.gather(*(join(who, battle_id) for who in members[1:]))
    state = await state_of(battle_id)
    cells = [each.cell for each in state.combatants if each.team == 0]
    assert len(set(cells)) == 4
    assert set(cells) <= set(state.header.placement[0])


async def test_nobody_joins_a_fight_that_has_begun() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await send(ana, wire.Ready(battle=battle_id))
    with pytest.raises(WrongPhase):
        await join(bo, battle_id)
    assert await in_database_thread(selectors.current_battle_id, bo) is None


async def test_to_strangers_the_battle_does_not_exist() -> None:
    _, battle_id = await engaged("Alice", "Bastien")
    stranger = await in_database_thread(world.character, "Zelie")
    for given in (battle_id, battle_id + 1000):
        with pytest.raises(NotFoundError):
            await join(stranger, given)


async def test_nobody_joins_from_another_zone_or_from_far_away() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await in_database_thread(world.put, bo, world.TOWN, world.SQUARE)
    with pytest.raises(TooFarFromBattleError):
        await join(bo, battle_id)


async def test_who_fights_already_joins_nobody() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await in_database_thread(_hunt_alone, bo)
    with pytest.raises(AlreadyInBattleError):
        await join(bo, battle_id)


@transactional
def _hunt_alone(who: int) -> None:
    builds = (*services.character_builds([who]), services.monster_build("mud_skitter", 1))
    services.open_battle("pve", ground(), builds)


async def test_who_was_sent_away_does_not_join_any_more_but_who_fights_stays() -> None:
    (ana, bo, cy), battle_id = await engaged("Alice", "Bastien", "Cyrille")
    await join(bo, battle_id)
    for who in (bo, cy):
        await in_database_thread(lambda who=who: chat.remove_from_party(leader_id=ana, character_id=who))
    with pytest.raises(NotFoundError):
        await join(cy, battle_id)
    assert await standing(battle_id) == {ana: 0, bo: 0}
    await send(bo, wire.Ready(battle=battle_id))


async def test_the_battle_goes_on_without_its_leader() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id)
    await in_database_thread(lambda: chat.leave_party(character_id=ana))
    await send(ana, wire.Forfeit(battle=battle_id))
    assert (await state_of(battle_id)).phase == "placement"
    await send(bo, wire.Ready(battle=battle_id))
    assert (await state_of(battle_id)).phase == "fighting"


async def test_who_comes_back_finds_the_battles_that_may_be_joined() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    now = await in_database_thread(selectors.current_battle, bo)
    (offer,) = now.offers
    assert (offer.battle, offer.character, offer.name) == (battle_id, ana, "Alice")
    later = clock.now() + 31
    with clock.replaced(lambda: later):
        assert (await in_database_thread(selectors.current_battle, bo)).offers == ()
    await join(bo, battle_id)
    assert (await in_database_thread(selectors.current_battle, bo)).offers == ()


async def fight_to_the_end(members: list[int], battle_id: int) -> None:
    """Let very strong members win: whoever's turn it is hits what it reaches, or walks on."""
    for who in members:
        await send(who, wire.Ready(battle=battle_id))
    for _ in range(400):
        state = await state_of(battle_id)
        if state.phase == "ended":
            return
        owner = state.of(state.turn_owner)
        who = state.build(owner).character_id
        assert who is not None
        if not await struck(who, battle_id, state, owner):
            await send(who, wire.EndTurn(battle=battle_id))
    raise AssertionError("nobody won")


async def struck(who: int, battle_id: int, state: Any, owner: Any) -> bool:
    from apps.combat import rulebooks
    from apps.combat.engine import Dice
    from apps.combat.engine.ai import choose
    from apps.combat.engine.inputs import Cast, Move

    chosen = choose(state, owner.id, rulebooks.current_rulebook(), Dice(b"any")).intent
    match chosen:
        case Cast(skill=skill, cell=cell):
            await send(who, wire.CastSkill(battle=battle_id, skill=skill, cell=cell))
        case Move(path=path):
            await send(who, wire.MoveCombatant(battle=battle_id, path=list(path)))
        case _:
            return False
    return True


async def test_all_who_fought_are_paid_once_and_who_stayed_away_is_not() -> None:
    members, group = await in_database_thread(hunters, "Alice", "Bastien", "Cyrille")
    await Character.objects.filter(pk__in=members).aupdate(xp_total=100_000)
    outcome = await send(members[0], wire.EngageGroup(group=group.pk))
    battle_id = outcome.reply.battle  # type: ignore[union-attr]
    await join(members[1], battle_id)
    await fight_to_the_end(members[:2], battle_id)
    fact = await ended()
    assert {each.character: each.outcome for each in fact.participants} == dict.fromkeys(members[:2], "won")
    assert len({each.loot_key for each in fact.participants}) == 2
    await in_database_thread(facts.drain)
    paid = [entry.idempotency_key async for entry in Entry.objects.filter(cause=f"battle:{battle_id}")]
    assert sorted(paid) == sorted(f"loot:{battle_id}:{who}" for who in members[:2])
    earned = {who.pk: who.xp_total - 100_000 async for who in Character.objects.filter(pk__in=members)}
    assert earned == {each.character: each.xp for each in fact.participants} | {members[2]: 0}
    await group.arefresh_from_db()
    assert group.state == MonsterGroup.State.COOLDOWN


async def ended() -> BattleEnded:
    import msgspec

    (fact,) = [fact async for fact in OutboxFact.objects.filter(type="battle.ended")]
    return msgspec.json.decode(fact.payload, type=BattleEnded)


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_shares_of_a_party_sum_exactly(count: int) -> None:
    levels = {who: 3 * who + 1 for who in range(1, count + 1)}
    for total in range(0, 400, 7):
        assert sum(rules.split(total, levels).values()) == total


async def two_parties(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[list[int], list[int]]:
    return await in_database_thread(party, *first), await in_database_thread(party, *second)


async def asked(challenger: int, challenged: int) -> str:
    issued = await send(challenger, wire.ChallengeCharacter(character=challenged, party=True))
    assert isinstance(issued.reply, wire.ChallengeIssued)
    return issued.reply.challenge


THREE = ("Cyrille", "Delphine", "Emile")


@pytest.mark.parametrize("sizes", [(("Alice", "Bastien"), THREE[:2]), (("Alice", "Bastien"), THREE)])
async def test_two_parties_fight_with_everybody(sizes: tuple[tuple[str, ...], tuple[str, ...]]) -> None:
    ours, theirs = await two_parties(*sizes)
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    assert await standing(battle_id) == dict.fromkeys(ours, 0) | dict.fromkeys(theirs, 1)
    for who in (*ours, *theirs):
        assert await in_database_thread(selectors.current_battle_id, who) == battle_id
    past = await in_database_thread(lambda: selectors.past_battles(ours[1], before=None, most=5))
    assert (past.battles[0].mode, past.battles[0].team) == ("team", 0)


async def test_one_member_alone_does_not_surrender_for_all() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    for who in (*ours, *theirs):
        await send(who, wire.Ready(battle=battle_id))
    with pytest.raises(TooEarly):
        await send(ours[0], wire.Forfeit(battle=battle_id))
    for _ in range(4):
        state = await state_of(battle_id)
        await send(state.build(state.of(state.turn_owner)).character_id, wire.EndTurn(battle=battle_id))  # type: ignore[arg-type]
    await send(ours[0], wire.Forfeit(battle=battle_id))
    assert (await state_of(battle_id)).phase == "fighting"
    await send(ours[1], wire.Forfeit(battle=battle_id))
    state = await state_of(battle_id)
    assert (state.phase, state.winner, state.end_reason) == ("ended", 1, "forfeit")
    await in_database_thread(facts.drain)
    fact = await ended()
    assert (fact.mode, fact.is_rewarded) == ("team", False)
    assert {each.character: each.outcome for each in fact.participants} == dict.fromkeys(
        ours, "lost"
    ) | dict.fromkeys(theirs, "won")
    await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))


async def test_only_leaders_of_two_parties_ask_and_are_asked() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    alone = await in_database_thread(world.character, "Zelie")
    wrong = [(ours[1], theirs[0]), (ours[0], theirs[1]), (ours[0], ours[1]), (ours[0], alone)]
    wrong += [(alone, ours[0]), (ours[0], ours[0])]
    for challenger, challenged in wrong:
        with pytest.raises(PartyLeaderNeededError):
            await asked(challenger, challenged)


async def test_everybody_has_to_be_there_and_free() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    await in_database_thread(world.put, theirs[1], world.MOOR, (5, 5))
    with pytest.raises(PartyNotReadyError) as refused:
        await asked(ours[0], theirs[0])
    assert refused.value.details == {"names": "Delphine"}
    await in_database_thread(world.put, theirs[1], world.TOWN, world.SQUARE)
    redis().zrem("presence", str(ours[1]))
    with pytest.raises(PartyNotReadyError):
        await asked(ours[0], theirs[0])


async def test_who_was_named_fights_or_nobody() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien", "Emile"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    await in_database_thread(lambda: chat.remove_from_party(leader_id=ours[0], character_id=ours[2]))
    with pytest.raises(TeamsChangedError):
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))


async def test_a_member_does_not_accept_for_the_leader() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    for who in (theirs[1], ours[0], ours[1]):
        with pytest.raises(ChallengeGoneError):
            await send(who, wire.AcceptChallenge(challenge=challenge))


async def test_a_member_who_fights_meanwhile_keeps_the_parties_from_it() -> None:
    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    challenge = await asked(ours[0], theirs[0])
    await in_database_thread(_hunt_alone, ours[1])
    with pytest.raises(PartyNotReadyError):
        await send(theirs[0], wire.AcceptChallenge(challenge=challenge))


async def test_a_member_acts_for_nobody_else() -> None:
    from apps.combat.engine.refusals import NotYourTurn

    ours, theirs = await two_parties(("Alice", "Bastien"), ("Cyrille", "Delphine"))
    started = await send(theirs[0], wire.AcceptChallenge(challenge=await asked(ours[0], theirs[0])))
    battle_id = started.reply.battle  # type: ignore[union-attr]
    for who in (*ours, *theirs):
        await send(who, wire.Ready(battle=battle_id))
    state = await state_of(battle_id)
    owner = state.build(state.of(state.turn_owner)).character_id
    for who in {*ours, *theirs} - {owner}:
        with pytest.raises(NotYourTurn):
            await send(who, wire.EndTurn(battle=battle_id))
