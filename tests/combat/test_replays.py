"""A battle fought again from its log is the same battle, or the command says where it is not."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from aether.kernel.database_threads import in_database_thread
from aether.protocol import combat as wire
from tests.combat.cast import ANA, duel, hunt, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


async def replay(battle_id: int) -> str:
    out = StringIO()
    await in_database_thread(lambda: call_command("replay", str(battle_id), stdout=out))
    return out.getvalue()


async def test_a_battle_with_monsters_replays() -> None:
    battle_id = await hunt()
    for _ in range(4):
        if (await state_of(battle_id)).phase == "fighting":
            await send(ANA, wire.EndTurn(battle=battle_id))
    assert "turn hashes agree" in await replay(battle_id)


async def test_a_duel_with_a_surrender_replays() -> None:
    battle_id = await duel()
    await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    await send(ANA, wire.Forfeit(battle=battle_id))
    assert "turn hashes agree" in await replay(battle_id)


async def test_a_log_that_was_changed_is_found_out() -> None:
    battle_id = await duel()
    for _ in range(3):
        await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    await in_database_thread(_change_a_hash, battle_id)
    with pytest.raises(CommandError, match="turn 2 went differently"):
        await replay(battle_id)


async def test_a_battle_that_never_was_is_one_sentence() -> None:
    with pytest.raises(CommandError, match="There is no battle 99"):
        await replay(99)


def _change_a_hash(battle_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            r"UPDATE journal SET payload = convert_to(regexp_replace(convert_from(payload, 'UTF8'),"
            r""" '"state_hash":"[0-9a-f]{8}', '"state_hash":"00000000'), 'UTF8')"""
            " WHERE kind = 1 AND id = %s AND version = 5",
            [battle_id],
        )
        cursor.execute("RESET session_replication_role")
