"""Rows B and R13 of the hostile list: whatever is sent to a battle, it goes on by its rules, once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from aether.kernel import clock as wall
from aether.kernel import journal, live, rng
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, IdReusedError, StaleError
from aether.kernel.facts.models import OutboxFact
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from aether.protocol.base import Command
from aether.protocol.combat_events import BattleEnded
from apps.combat import engine, logbook, running, services, tasks
from apps.combat.engine import inputs
from apps.combat.engine.effects.ground import COMBATANTS_MAX
from apps.combat.errors import BattleOverError
from apps.combat.faults import BattleFailedError
from apps.combat.models import BattleRecord
from tests.combat.cast import ANA, BO, duel, fighter, ground, hunt, other_than, send, state_of, whose_turn
from tests.combat.engine.lab import MINE, lab, trick


@pytest.fixture(autouse=True)
async def _arena(transactional_db: None) -> AsyncIterator[None]:
    yield
    running.forget_all()
    await journal.close()
    await live.close_aredis()


async def entry_count(battle_id: int) -> int:
    return (await journal.head(running.stream_of(battle_id))).version


async def refused(character_id: int, command: Command) -> str:
    """Send a command that must be refused; return the code. Nothing may have changed."""
    battle_id: int = command.battle  # type: ignore[attr-defined]  # battle commands only
    before = await state_of(battle_id), await entry_count(battle_id)
    with pytest.raises(GameError) as refusal:
        await send(character_id, command)
    assert (await state_of(battle_id), await entry_count(battle_id)) == before
    return refusal.value.code


async def test_b01_actions_out_of_turn_are_refused() -> None:
    battle_id = await duel()
    waiting = await other_than(battle_id)
    for command in (
        wire.EndTurn(battle=battle_id),
        wire.MoveCombatant(battle=battle_id, path=[(1, 1)]),
        wire.CastSkill(battle=battle_id, skill="wire_dart", cell=(1, 1)),
    ):
        assert await refused(waiting, command) == "combat.not_your_turn"


@pytest.mark.parametrize(
    ("skill", "cell"),
    [("wire_dart", (23, 23)), ("hook_swing", (0, 0)), ("no_such_skill", (1, 1)), ("updraft", (0, 23))],
)
async def test_b01_illegal_targets_ranges_and_skills_are_refused(skill: str, cell: tuple[int, int]) -> None:
    battle_id = await duel()
    command = wire.CastSkill(battle=battle_id, skill=skill, cell=cell)
    assert (await refused(await whose_turn(battle_id), command)).startswith("combat.")


async def test_b01_placement_is_over_once_the_fight_has_begun() -> None:
    battle_id = await duel()
    assert await refused(ANA, wire.PlaceCombatant(battle=battle_id, cell=(1, 1))) == "combat.wrong_phase"
    assert await refused(ANA, wire.Ready(battle=battle_id)) == "combat.wrong_phase"


async def test_b01_a_battle_that_ended_takes_no_action() -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    for command in (wire.EndTurn(battle=battle_id), wire.Forfeit(battle=battle_id)):
        assert await refused(BO, command) == "combat.battle_over"


async def test_b01_an_action_for_a_past_state_is_refused_with_what_was_missed() -> None:
    battle_id = await duel()
    actor, before = await whose_turn(battle_id), await entry_count(battle_id)
    with pytest.raises(StaleError):
        await send(actor, wire.EndTurn(battle=battle_id), on=0)
    assert (await whose_turn(battle_id), await entry_count(battle_id)) == (actor, before)


async def test_b01_who_is_out_of_the_battle_does_nothing_more_in_it() -> None:
    """Neither on its own corpse nor anywhere else."""
    battle_id = await hunt_of_two()
    await send(ANA, wire.Forfeit(battle=battle_id))
    mine = (await state_of(battle_id)).of_character(ANA)
    assert mine is not None
    for command in (
        wire.CastSkill(battle=battle_id, skill="wire_dart", cell=mine.cell),
        wire.MoveCombatant(battle=battle_id, path=[(1, 1)]),
        wire.EndTurn(battle=battle_id),
        wire.Forfeit(battle=battle_id),
    ):
        assert await refused(ANA, command) == "combat.not_alive"


async def test_b04_a_loss_stands_whoever_comes_back() -> None:
    battle_id = await duel()
    await services.note_presence(ANA, is_online=False)
    later = wall.now() + 181
    with wall.replaced(lambda: later):
        await tasks.sweep()
        await services.note_presence(ANA, is_online=True)
    ended = await state_of(battle_id)
    assert ended.phase == "ended"
    for command in (wire.EndTurn(battle=battle_id), wire.Ready(battle=battle_id)):
        assert await refused(ANA, command) == "combat.battle_over"
    assert await state_of(battle_id) == ended


async def test_b04_who_goes_does_not_stop_the_clock_of_the_turn() -> None:
    battle_id = await duel()
    owner, start = await whose_turn(battle_id), wall.now()
    await services.note_presence(owner, is_online=False)
    with wall.replaced(lambda: start + 91):
        await tasks.sweep()
    assert await whose_turn(battle_id) != owner


async def test_b04_who_pulls_the_plug_loses_by_the_clock() -> None:
    battle_id = await duel()
    await services.note_presence(ANA, is_online=False)
    assert (await state_of(battle_id)).phase == "fighting"
    later = wall.now() + 181
    with wall.replaced(lambda: later):
        await tasks.sweep()
    state = await state_of(battle_id)
    assert (state.end_reason, state.winner) == ("abandoned", 1)


async def test_b05_reconnecting_does_not_reset_the_clock() -> None:
    battle_id = await duel()
    owner, start = await whose_turn(battle_id), wall.now()
    for second in range(1, 91, 5):
        with wall.replaced(lambda at=start + second: at):
            await services.note_presence(owner, is_online=False)
            await services.note_presence(owner, is_online=True)
    with wall.replaced(lambda: start + 91):
        await tasks.sweep()
    assert await whose_turn(battle_id) != owner


async def test_b06_dice_are_committed_to_and_a_retry_rolls_nothing_again() -> None:
    battle_id = await hunt(level=20)
    state = await state_of(battle_id)
    async with running.locked(battle_id) as battle:
        assert rng.commit(battle.seed).hex() == state.header.commitment
    command = await first_cast(battle_id)
    first = await send(ANA, command, "the-cast")
    rolled = await dice_of(battle_id)
    again = await send(ANA, command, "the-cast")
    assert again.is_replayed
    assert again.reply == b'{"turn":%d}' % first.reply.turn  # type: ignore[union-attr]  # Committed
    assert await dice_of(battle_id) == rolled


async def test_b06_the_command_id_has_no_say_in_the_dice() -> None:
    """The same input on the same state draws the same words, whatever its id."""
    battle_id = await hunt(level=20)
    command = await first_cast(battle_id)
    async with running.locked(battle_id) as battle:
        cast = inputs.Cast(command.skill, command.cell)
        foretold = engine.step(
            battle.state, battle.state.turn_owner, cast, battle.rulebook, battle.dice
        ).events
    await send(ANA, command, "chosen-by-the-player")
    last = logbook.decode((await journal.read(running.stream_of(battle_id)))[-1].payload)
    assert logbook.events_of(last)[: len(foretold)] == foretold


async def test_b06_another_command_under_the_same_id_is_refused() -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    await send(actor, wire.EndTurn(battle=battle_id), "once")
    with pytest.raises(IdReusedError):
        await send(actor, wire.Forfeit(battle=battle_id), "once")


async def test_b08_two_who_give_up_at_once_end_the_battle_once() -> None:
    battle_id = await duel()
    results = await asyncio.gather(
        send(ANA, wire.Forfeit(battle=battle_id)),
        send(BO, wire.Forfeit(battle=battle_id)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["BattleOverError", "Outcome"]
    assert await OutboxFact.objects.filter(type="battle.ended").acount() == 1


async def test_b08_two_who_flee_at_once_lose_once() -> None:
    battle_id = await hunt_of_two()
    outcomes = await asyncio.gather(
        send(ANA, wire.Forfeit(battle=battle_id)), send(BO, wire.Forfeit(battle=battle_id))
    )
    assert len(outcomes) == 2
    state = await state_of(battle_id)
    assert (state.phase, state.winner) == ("ended", 1)
    assert [result.outcome for result in state.results] == ["loss", "loss", "win"]
    assert await OutboxFact.objects.filter(type="battle.ended").acount() == 1


@pytest.mark.parametrize(("mode", "winner"), [("pve", 1), ("pvp", -1)])
def test_b08_when_all_fall_at_once_there_is_one_end(mode: str, winner: int) -> None:
    fight = lab({"type": "kill", "filter": "any"}, shape={"type": "board"})
    fight.battle = replace(fight.battle, header=replace(fight.battle.header, mode=mode))
    (end,) = [event for event in trick(fight) if isinstance(event, BattleEnded)]
    assert end.winner == winner
    assert len(end.results) == len(fight.battle.combatants)


@pytest.mark.parametrize(
    "called",
    [
        {"type": "summon", "monster": "driftling", "linked": False},
        {"type": "wall", "duration": 20},
    ],
)
def test_b09_nobody_fills_a_battle_with_what_it_calls(called: dict[str, Any]) -> None:
    fight = lab(called, shape={"type": "board"}, area_los=False)
    fight.give_stats(0, summon_max=10_000)
    for _ in range(200):
        try:
            trick(fight, MINE)
        except engine.Refusal:
            break
    assert len(fight.battle.combatants) <= COMBATANTS_MAX
    assert fight.battle.phase == "fighting"


async def test_b09_an_endless_chain_of_inputs_stops_its_battle(monkeypatch: pytest.MonkeyPatch) -> None:
    """An AI that never ends its turn meets the cap; after three tries the battle is stopped."""
    battle_id = await hunt()
    monster = next(each.id for each in (await state_of(battle_id)).combatants if each.team == 1)
    calls = 0

    def for_ever(*_: Any) -> tuple[int, engine.Input]:
        nonlocal calls
        calls += 1
        return monster, inputs.Move(((0, 0),))

    monkeypatch.setattr(engine.House, "next_input", for_ever)
    monkeypatch.setattr(engine, "step", lambda battle, *_: engine.Step(battle, ()))
    for _ in range(3):
        with pytest.raises((BattleFailedError, GameError)):
            await send(ANA, wire.EndTurn(battle=battle_id))
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED
    assert calls < 3 * 500


async def test_b10_a_poisoned_battle_is_parked_and_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    poisoned, healthy = await hunt(), await duel_of_others()
    step = engine.step

    def crash(battle: engine.Battle, *rest: Any) -> engine.Step:
        if battle.header.battle_id == poisoned:
            raise ZeroDivisionError
        return step(battle, *rest)

    monkeypatch.setattr(engine, "step", crash)
    for _ in range(3):
        with pytest.raises((BattleFailedError, GameError)):
            await send(ANA, wire.EndTurn(battle=poisoned))
    assert (await BattleRecord.objects.aget(pk=poisoned)).status == BattleRecord.Status.FAULTED
    await send(await whose_turn(healthy), wire.EndTurn(battle=healthy))
    assert (await BattleRecord.objects.aget(pk=healthy)).status == BattleRecord.Status.LIVE


async def test_r13_one_action_by_two_tabs_and_the_sweeper_is_one_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id = await duel()
    actor, before = await whose_turn(battle_id), await entry_count(battle_id)
    late = wall.now() + 90.001
    with wall.replaced(lambda: late):
        results = await asyncio.gather(
            send(actor, wire.EndTurn(battle=battle_id), "tab-1"),
            send(actor, wire.EndTurn(battle=battle_id), "tab-2"),
            services.pass_time(battle_id),
            return_exceptions=True,
        )
    assert sum(not isinstance(result, Exception) for result in results[:2]) <= 1
    assert await entry_count(battle_id) == before + 1
    assert await whose_turn(battle_id) != actor


async def test_r13_the_same_command_twice_at_once_is_answered_twice_and_done_once() -> None:
    battle_id = await duel()
    actor, before = await whose_turn(battle_id), await entry_count(battle_id)
    outcomes = await asyncio.gather(*(send(actor, wire.EndTurn(battle=battle_id), "same") for _ in range(4)))
    assert [outcome.is_replayed for outcome in outcomes].count(False) == 1
    assert await entry_count(battle_id) == before + 1


async def test_r13_a_zombie_owner_cannot_write_over_what_another_process_did() -> None:
    """The entry of this process meets one that was written on another connection in the meantime."""
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    async with running.locked(battle_id) as battle:
        elsewhere = await services.acting.decide(battle, battle.state.turn_owner, inputs.EndTurn())
        head = battle.head
    await journal.append(
        journal.Append(
            stream=running.stream_of(battle_id), expected=head, payload=logbook.encode(elsewhere.entry)
        )
    )
    assert await refused_after_reload(actor, battle_id) == "combat.not_your_turn"


async def test_r14_nobody_is_in_two_battles() -> None:
    await duel()
    with pytest.raises(GameError, match="already_in_battle"):
        await hunt()


async def test_a_battle_over_is_over_for_the_sweeper_too() -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    before = await entry_count(battle_id)
    await services.pass_time(battle_id)
    assert await entry_count(battle_id) == before
    with pytest.raises(BattleOverError):
        await send(BO, wire.Forfeit(battle=battle_id))


async def refused_after_reload(character_id: int, battle_id: int) -> str:
    with pytest.raises(GameError) as refusal:
        await send(character_id, wire.EndTurn(battle=battle_id))
    return refusal.value.code


async def dice_of(battle_id: int) -> tuple[engine.state.StreamIndex, ...]:
    return (await state_of(battle_id)).streams


async def first_cast(battle_id: int) -> wire.CastSkill:
    """Let the turns pass until the monster is near, and return a cast at it."""
    for _ in range(20):
        state = await state_of(battle_id)
        (monster,) = [each for each in state.combatants if each.team == 1]
        command = wire.CastSkill(battle=battle_id, skill="wire_dart", cell=monster.cell)
        async with running.locked(battle_id) as battle:
            cast = inputs.Cast(command.skill, command.cell)
            try:
                engine.step(battle.state, state.turn_owner, cast, battle.rulebook, battle.dice)
                return command
            except engine.Refusal:
                pass
        await send(ANA, wire.EndTurn(battle=battle_id))
    raise AssertionError("the monster never came near")


async def hunt_of_two() -> int:
    """Begin a battle of Ana and Bo against a monster, both ready."""

    @transactional
    def begin() -> int:
        builds = (fighter(ANA, team=0), fighter(BO, team=0), services.monster_build("mud_skitter", 1))
        return services.open_battle("pve", ground(group_id=5), builds).battle

    battle_id = await in_database_thread(begin)
    for character_id in (ANA, BO):
        await send(character_id, wire.Ready(battle=battle_id))
    return battle_id


async def duel_of_others() -> int:
    @transactional
    def begin() -> int:
        builds = (fighter(2001, team=0), fighter(2002, team=1))
        return services.open_battle("duel", ground(), builds).battle

    battle_id = await in_database_thread(begin)
    for character_id in (2001, 2002):
        await send(character_id, wire.Ready(battle=battle_id))
    return battle_id
