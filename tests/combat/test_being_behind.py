"""A process whose memory of a battle is old: others have moved it on, and it acts as if it knew."""

from __future__ import annotations

import asyncio

import pytest

from aether.kernel import clock, journal
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, StaleError
from aether.protocol import combat as wire
from apps.combat import engine, services, tasks
from apps.combat.errors import BattleOverError
from tests.combat.cast import ANA, BO, EVE, duel, elsewhere, open_duel, other_than, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


async def test_who_has_the_turn_by_now_may_act() -> None:
    battle_id = await duel()
    one, other = await whose_turn(battle_id), await other_than(battle_id)
    with elsewhere():
        await send(one, wire.EndTurn(battle=battle_id))
    assert (await send(other, wire.EndTurn(battle=battle_id))).reply == wire.Committed(turn=3)


async def test_a_battle_that_has_begun_meanwhile_goes_on() -> None:
    battle_id = await in_database_thread(open_duel)
    await send(ANA, wire.Ready(battle=battle_id))
    with elsewhere():
        await send(BO, wire.Ready(battle=battle_id))
        actor = await whose_turn(battle_id)
    assert (await send(actor, wire.EndTurn(battle=battle_id))).reply == wire.Committed(turn=2)


async def test_what_is_wrong_by_now_is_refused_as_it_is_now() -> None:
    battle_id = await duel()
    with elsewhere():
        await send(ANA, wire.Forfeit(battle=battle_id))
    with pytest.raises(BattleOverError):
        await send(BO, wire.EndTurn(battle=battle_id))


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """After which versions the journal is read."""
    reads: list[int] = []
    read = journal.read

    async def noting(stream: journal.Stream, *, after: int = 0) -> list[journal.Entry]:
        reads.append(after)
        return await read(stream, after=after)

    monkeypatch.setattr(journal, "read", noting)
    return reads


async def test_what_is_wrong_for_good_is_not_looked_up(reads: list[int]) -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    reads.clear()
    with pytest.raises(StaleError):
        await send(actor, wire.EndTurn(battle=battle_id), on=0)
    with pytest.raises(NotFoundError):
        await send(EVE, wire.EndTurn(battle=battle_id))
    await send(ANA, wire.Forfeit(battle=battle_id))
    with pytest.raises(BattleOverError):
        await send(BO, wire.EndTurn(battle=battle_id))
    assert reads == []


async def test_what_is_wrong_anyhow_is_looked_up_once(reads: list[int]) -> None:
    battle_id = await duel()
    other = await other_than(battle_id)
    reads.clear()
    with pytest.raises(engine.Refusal, match="not_your_turn"):
        await send(other, wire.EndTurn(battle=battle_id))
    assert len(reads) == 1


async def test_who_went_elsewhere_comes_back_here() -> None:
    """The socket dropped on the other gateway, and the player is on this one now."""
    battle_id = await duel()
    with elsewhere():
        await services.note_presence(ANA, is_online=False)
    assert not (await state_of(battle_id)).of_character(ANA).is_connected  # type: ignore[union-attr]
    await services.note_presence(ANA, is_online=True)
    assert (await state_of(battle_id)).of_character(ANA).is_connected  # type: ignore[union-attr]


async def test_a_turn_that_began_elsewhere_ends_here_when_it_is_due() -> None:
    battle_id = await duel()
    began = clock.now()
    first, other = await whose_turn(battle_id), await other_than(battle_id)
    with clock.replaced(lambda: began + 80):
        with elsewhere():
            await send(first, wire.EndTurn(battle=battle_id))
            await send(other, wire.EndTurn(battle=battle_id))
        assert await tasks.sweep() == 0
    with clock.replaced(lambda: began + 80 + 89):
        await asyncio.gather(tasks.sweep(), tasks.sweep())
    with elsewhere():
        assert await whose_turn(battle_id) == other
