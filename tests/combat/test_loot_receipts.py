"""The dice of a battle's loot belong to its proof: told once it is paid, and checked like all others."""

from __future__ import annotations

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from apps.combat import engine, replays
from tests.combat.test_settling import won_hunt

pytestmark = pytest.mark.usefixtures("arena")


def exported(battle_id: int) -> engine.BattleExport:
    return replays.export(replays.read_log(battle_id))


def problems(export: engine.BattleExport) -> list[str]:
    return list(engine.export_problems(engine.read_export(msgspec.json.encode(export))))


async def test_the_dice_of_the_loot_are_in_the_file_and_hold() -> None:
    battle_id, alice = await won_hunt()
    assert (await in_database_thread(exported, battle_id)).reveal.loot == ()
    await in_database_thread(facts.drain)
    export = await in_database_thread(exported, battle_id)
    assert {roll.stream for roll in export.reveal.loot} == {f"loot:{alice}"}
    assert problems(export) == []


async def test_loot_that_was_thrown_otherwise_is_found_out() -> None:
    battle_id, _ = await won_hunt()
    await in_database_thread(facts.drain)
    export = await in_database_thread(exported, battle_id)
    first, second, *rest = export.reveal.loot
    for loot in (
        (first, replace(second, value=(second.value + 1) % second.n), *rest),
        (second, *rest),
        (replace(first, stream="loot:999"),),
        (replace(first, stream="cast"),),
    ):
        assert problems(replace(export, reveal=replace(export.reveal, loot=loot)))
