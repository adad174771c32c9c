"""Joining a member of one's party against monsters: who may, until when, and what each earns."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import call_command

from aether.kernel import clock, facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, IdReusedError, NotFoundError
from aether.protocol import combat as wire
from apps.accounts.models import Character
from apps.chat import services as chat
from apps.combat import engine, replays, rulebooks, rules, running, selectors, spectators
from apps.combat.engine import Dice
from apps.combat.engine.ai import choose
from apps.combat.engine.inputs import Cast, Move
from apps.combat.engine.refusals import WrongPhase
from apps.combat.errors import (
    AlreadyInBattleError,
    BattleFaultedError,
    BattleFullError,
    TooFarFromBattleError,
)
from apps.combat.faults import BattleFailedError
from apps.combat.models import BattleRecord
from apps.combat.services import acting
from apps.economy.models import Entry
from apps.world import ground
from apps.world.models import MonsterGroup
from tests.combat.cast import elsewhere, send, state_of
from tests.combat.company import ended, engaged, hunt_alone, hunters, join, online, standing
from tests.world import cast as world

pytestmark = pytest.mark.usefixtures("arena")


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
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id)
    async with running.fresh(battle_id) as battle:
        state, banks = battle.state, battle.clock.banks
    banks = {state.build(state.of(who)).character_id: left for who, left in banks.items()}
    assert banks == {ana: 60_000, bo: 60_000}


async def test_a_battle_that_somebody_joined_proves_itself(tmp_path: Path) -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await join(bo, battle_id)
    for who in (ana, bo):
        await send(who, wire.Ready(battle=battle_id, seed="ab"))
    for who in (ana, bo):
        await send(who, wire.Forfeit(battle=battle_id))
    path = tmp_path / "battle.json"
    await in_database_thread(lambda: call_command("export_battle", str(battle_id), "--out", str(path)))
    file = engine.read_export(path.read_bytes())
    assert list(engine.export_problems(file)) == []
    assert not engine.fight_again(file.export, rulebooks.current_rulebook()).problem
    forged = path.read_bytes().replace(b'"i":"join"', b'"i":"ready"', 1)
    assert forged != path.read_bytes()
    with pytest.raises(engine.UnreadableExportError):
        engine.read_export(forged)


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


def _far_from(group: MonsterGroup) -> tuple[int, int]:
    """Return a cell of the moor from which nobody reaches a battle of this group."""
    drawn, (x, y) = ground.map_of(world.MOOR), group.cell
    cells = ((column, row) for row in range(drawn.height) for column in range(drawn.width))
    return next(
        cell for cell in cells if drawn.is_walkable(cell) and abs(cell[0] - x) + abs(cell[1] - y) > 30
    )


async def test_who_stands_far_off_in_the_zone_is_asked_and_has_to_come_near() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    group = await MonsterGroup.objects.aget(battle=battle_id)
    await in_database_thread(world.put, bo, world.MOOR, _far_from(group))
    assert (await in_database_thread(selectors.current_battle, bo)).offers
    with pytest.raises(TooFarFromBattleError):
        await join(bo, battle_id)
    await in_database_thread(world.put, bo, world.MOOR, world.beside(group))
    await join(bo, battle_id)
    assert await standing(battle_id) == {ana: 0, bo: 0}


async def test_who_is_in_another_zone_is_offered_nothing() -> None:
    (_, bo), _battle = await engaged("Alice", "Bastien")
    await in_database_thread(world.put, bo, world.TOWN, world.SQUARE)
    assert (await in_database_thread(selectors.current_battle, bo)).offers == ()


async def test_a_side_has_room_for_four() -> None:
    members, battle_id = await engaged("Alice", "Bastien", "Cyrille", "Delphine")
    for who in members[1:]:
        await join(who, battle_id)
    await in_database_thread(lambda: chat.leave_party(character_id=members[3]))
    late = await in_database_thread(_fifth, members[0])
    with pytest.raises(BattleFullError):
        await join(late, battle_id)


async def test_two_who_come_at_once_do_not_both_take_the_last_place() -> None:
    (_, bo, cy), battle_id = await engaged("Alice", "Bastien", "Cyrille")
    await BattleRecord.objects.filter(pk=battle_id).aupdate(team_max=2)
    results = await asyncio.gather(join(bo, battle_id), join(cy, battle_id), return_exceptions=True)
    assert sum(isinstance(result, BattleFullError) for result in results) == 1
    assert len([team for team in (await standing(battle_id)).values() if team == 0]) == 2


async def test_what_fails_in_joining_counts_as_a_fault_of_the_battle(monkeypatch: pytest.MonkeyPatch) -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")

    def fail(*_: object) -> engine.Step:
        raise ZeroDivisionError

    monkeypatch.setattr(acting.engine, "step", fail)
    for _ in range(2):
        with pytest.raises(BattleFailedError):
            await join(bo, battle_id)
    with pytest.raises(BattleFaultedError):
        await join(bo, battle_id)


async def test_who_joins_what_it_watched_watches_it_no_longer() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await spectators.admit(bo, spectators.Watching(battle_id, is_delayed=False), most=9)
    await join(bo, battle_id)
    assert await spectators.watching(bo) is None
    assert not (await spectators.watchers(battle_id)).present


async def test_who_may_not_join_goes_on_watching(monkeypatch: pytest.MonkeyPatch) -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await spectators.admit(bo, spectators.Watching(battle_id, is_delayed=False), most=9)

    def refuse(*_: object) -> engine.Step:
        raise WrongPhase

    monkeypatch.setattr(acting.engine, "step", refuse)
    with pytest.raises(WrongPhase):
        await join(bo, battle_id)
    assert await spectators.watching(bo) is not None


def _fifth(leader: int) -> int:
    group = MonsterGroup.objects.get(battle__isnull=False)
    late = world.character("Zelie")
    online(late)
    invitation = chat.invite(character_id=leader, name="Zelie").invitation
    chat.accept_invitation(character_id=late, invitation_id=invitation)
    world.put(late, world.MOOR, world.beside(group))
    return late


async def test_who_fights_already_joins_nobody() -> None:
    (_, bo), battle_id = await engaged("Alice", "Bastien")
    await in_database_thread(hunt_alone, bo)
    with pytest.raises(AlreadyInBattleError):
        await join(bo, battle_id)


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
    export = await in_database_thread(lambda: replays.export(replays.read_log(battle_id)))
    assert {f"loot:{who}" for who in members[:2]} <= {roll.stream for roll in export.reveal.loot}
    assert list(engine.export_problems(engine.read_export(msgspec.json.encode(export)))) == []
    earned = {who.pk: who.xp_total - 100_000 async for who in Character.objects.filter(pk__in=members)}
    assert earned == {each.character: each.xp for each in fact.participants} | {members[2]: 0}
    await group.arefresh_from_db()
    assert group.state == MonsterGroup.State.COOLDOWN


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_shares_of_a_party_sum_exactly(count: int) -> None:
    levels = {who: 3 * who + 1 for who in range(1, count + 1)}
    for total in range(0, 400, 7):
        assert sum(rules.split(total, levels).values()) == total
