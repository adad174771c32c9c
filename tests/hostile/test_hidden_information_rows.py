"""Rows A12 and A13 of the hostile list: nobody acts for another, nobody sees what is not theirs to see."""

from __future__ import annotations

from collections.abc import AsyncIterator

import msgspec
import pytest

from aether.kernel import journal, live
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol import combat as wire
from aether.protocol.base import Command
from apps.combat import running
from apps.combat.running import stream_name
from apps.combat.streaming import BattleSource
from tests.combat.cast import ANA, BO, EVE, duel, send, state_of, whose_turn

ANAS_SEED = "a1" * 16


@pytest.fixture(autouse=True)
async def _arena(transactional_db: None) -> AsyncIterator[None]:
    yield
    running.forget_all()
    await journal.close()
    await live.close_aredis()


async def seen_by(character_id: int, battle_id: int) -> str:
    """Return everything that a character's socket would get of a battle, from its beginning, as text."""
    source, stream = BattleSource(), stream_name(battle_id)
    audience = await source.audience(CharacterId(character_id), stream)
    _, snapshot = await source.snapshot(stream, audience, CharacterId(character_id))
    missed = await source.since(stream, audience, 0)
    assert missed
    return msgspec.json.encode([snapshot, *(update for _, _, update in missed)]).decode()


@pytest.mark.parametrize(
    "command_type",
    [wire.EndTurn, wire.Forfeit, wire.Ready],
)
async def test_a12_who_is_not_in_a_battle_does_nothing_there(command_type: type[wire.BattleCommand]) -> None:
    battle_id = await duel()
    before = await state_of(battle_id)
    command: Command = command_type(battle=battle_id)
    with pytest.raises(NotFoundError):
        await send(EVE, command)
    assert await state_of(battle_id) == before


async def test_a12_the_battle_of_others_cannot_be_followed() -> None:
    battle_id = await duel()
    with pytest.raises(NotFoundError):
        await BattleSource().audience(CharacterId(EVE), stream_name(battle_id))


async def test_a13_seeds_rolls_and_hashes_stay_hidden_while_the_battle_runs() -> None:
    battle_id = await duel()
    await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    async with running.locked(battle_id) as battle:
        secret = battle.seed.hex()
    for character_id in (ANA, BO):
        seen = await seen_by(character_id, battle_id)
        assert secret not in seen
        assert '"e":"rolled"' not in seen
        assert '"state_hash":"' not in seen.replace('"state_hash":""', "")


async def test_a13_the_seed_of_the_other_side_stays_hidden() -> None:
    battle_id = await duel(seed=ANAS_SEED)
    assert ANAS_SEED not in await seen_by(BO, battle_id)


async def test_a13_the_skills_of_the_other_side_stay_hidden() -> None:
    battle_id = await duel()
    source, stream = BattleSource(), stream_name(battle_id)
    audience = await source.audience(CharacterId(BO), stream)
    _, snapshot = await source.snapshot(stream, audience, CharacterId(BO))
    assert isinstance(snapshot, wire.BattleSnapshot)
    by_name = {fighter.character_id: fighter for fighter in snapshot.battle.combatants}
    assert by_name[BO].skills
    assert (by_name[ANA].skills, by_name[ANA].uses) == ((), ())
