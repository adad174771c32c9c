"""A command of battle is committed once, told after that, and survives any loss of memory."""

from __future__ import annotations

import asyncio

import pytest

from aether.kernel import journal
from aether.kernel.errors import NotFoundError, StaleError
from aether.protocol import combat as wire
from apps.combat import engine, logbook, running
from apps.combat.engine.board import neighbours
from apps.combat.errors import BattleOverError
from apps.combat.models import BattleParticipant, BattleRecord
from tests.combat.cast import ANA, BO, EVE, duel, hunt, other_than, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


async def entries_of(battle_id: int) -> list[logbook.LogEntry]:
    entries = await journal.read(running.stream_of(battle_id))
    return [logbook.decode(entry.payload) for entry in entries]


async def test_a_duel_begins_when_both_are_ready() -> None:
    state = await state_of(await duel())
    assert state.phase == "fighting"
    assert [seed.seed for seed in state.client_seeds] == ["aa", "bb"]


async def test_a_reply_names_the_turn_and_not_the_entry_that_was_committed() -> None:
    battle_id = await duel()
    outcome = await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    assert outcome.reply == wire.Committed(turn=2)
    assert (await journal.head(running.stream_of(battle_id))).version == 4


async def test_a_reply_does_not_count_the_commands_of_others() -> None:
    """Invariant 55: who acts unseen more often leaves no trace in what the others are answered."""
    replies = []
    for extra in (0, 2):
        battle_id = await duel()
        one, other = await whose_turn(battle_id), await other_than(battle_id)
        await send(one, wire.EndTurn(battle=battle_id))
        for _ in range(extra):
            await send(other, wire.MoveCombatant(battle=battle_id, path=[await free_step(battle_id, other)]))
        await send(other, wire.EndTurn(battle=battle_id))
        replies.append((await send(one, wire.EndTurn(battle=battle_id))).reply)
        await send(one, wire.Forfeit(battle=battle_id))
    assert replies[0] == replies[1]


async def free_step(battle_id: int, character_id: int) -> tuple[int, int]:
    state = await state_of(battle_id)
    own = state.of_character(character_id)
    assert own is not None
    taken = {each.cell for each in state.combatants}
    return next(cell for cell in neighbours(own.cell) if cell not in taken and min(cell) >= 0)


async def test_one_command_is_one_entry_with_the_turns_that_follow() -> None:
    battle_id = await hunt()
    before = len(await entries_of(battle_id))
    await send(ANA, wire.EndTurn(battle=battle_id))
    entries = await entries_of(battle_id)
    assert len(entries) == before + 1
    last = entries[-1]
    assert isinstance(last, logbook.Acted)
    assert len(last.steps) > 1
    assert await whose_turn(battle_id) == ANA


async def test_state_is_rebuilt_from_the_journal_alone() -> None:
    battle_id = await duel()
    for _ in range(6):
        await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    async with running.locked(battle_id) as battle:
        known = battle.state, battle.clock, battle.numbers, battle.head
    running.forget_all()
    async with running.locked(battle_id) as battle:
        assert (battle.state, battle.clock, battle.numbers, battle.head) == known


async def test_another_process_that_moved_the_battle_on_is_noticed() -> None:
    """The memory of this process is set back, as if somebody else had taken the last turn."""
    battle_id = await duel()
    actor, other = await whose_turn(battle_id), await other_than(battle_id)
    async with running.locked(battle_id) as battle:
        before = battle.state, battle.clock, dict(battle.numbers), battle.head
    await send(actor, wire.EndTurn(battle=battle_id))
    async with running.locked(battle_id) as battle:
        battle.state, battle.clock, battle.numbers, battle.head = before
    with pytest.raises(engine.Refusal, match="not_your_turn"):
        await send(actor, wire.EndTurn(battle=battle_id))
    await send(other, wire.EndTurn(battle=battle_id))
    assert await whose_turn(battle_id) == actor


async def test_a_battle_of_others_does_not_exist() -> None:
    battle_id = await duel()
    with pytest.raises(NotFoundError):
        await send(EVE, wire.EndTurn(battle=battle_id))
    with pytest.raises(NotFoundError):
        await send(EVE, wire.EndTurn(battle=battle_id + 1))


async def test_a_command_for_an_earlier_state_is_refused_with_what_was_missed() -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    with pytest.raises(StaleError) as refused:
        await send(actor, wire.EndTurn(battle=battle_id), on=1)
    (first, *_) = refused.value.details["missed"]  # type: ignore[misc]  # a list here
    assert first["t"] == "combat.events"
    assert first["n"][0] == 2
    assert await whose_turn(battle_id) == actor


async def test_a_command_for_the_present_state_is_accepted() -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    async with running.locked(battle_id) as battle:
        head = battle.numbers[engine.audience_of(battle.state, actor)]
    await send(actor, wire.EndTurn(battle=battle_id), on=head)
    assert await whose_turn(battle_id) != actor


async def test_giving_up_ends_a_duel_and_frees_both() -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert record.status == BattleRecord.Status.ENDED
    assert record.deadline is None
    outcomes = {row.character_id: row.outcome async for row in BattleParticipant.objects.all()}
    assert outcomes == {ANA: "lost", BO: "won"}
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()


async def test_a_battle_that_is_over_takes_nothing_more() -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    with pytest.raises(BattleOverError):
        await send(BO, wire.EndTurn(battle=battle_id))


async def test_commands_of_one_battle_queue_up() -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    results = await asyncio.gather(
        *(send(actor, wire.EndTurn(battle=battle_id)) for _ in range(5)), return_exceptions=True
    )
    assert sum(not isinstance(result, Exception) for result in results) == 1
