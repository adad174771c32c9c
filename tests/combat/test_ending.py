"""The end of a battle is one fact, committed with the last entry: who won, what it is worth, whose dice."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import rng
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded
from aether.protocol import combat as wire
from apps.combat import running
from apps.combat.engine.dice import key_of
from apps.combat.models import BattleRecord
from apps.combat.replays import read_log
from tests.combat import cast
from tests.combat.cast import ANA, BO, duel, hunt, send, state_of

pytestmark = pytest.mark.usefixtures("arena")


async def ended() -> BattleEnded:
    (fact,) = [fact async for fact in OutboxFact.objects.filter(type="battle.ended")]
    return msgspec.json.decode(fact.payload, type=BattleEnded)


async def beat_the_skitter() -> int:
    """Let a strong Ana walk up and strike until nothing stands."""
    battle_id = await hunt(level=30)
    for _ in range(30):
        state = await state_of(battle_id)
        if state.phase == "ended":
            return battle_id
        (enemy,) = [each for each in state.combatants if each.team == 1]
        try:
            await send(ANA, wire.CastSkill(battle=battle_id, skill="wire_dart", cell=enemy.cell))
        except Exception:  # noqa: BLE001 - out of range or points: the turn is over then
            await send(ANA, wire.EndTurn(battle=battle_id))
    raise AssertionError("the skitter still stands")


async def test_a_victory_is_told_with_its_spoils() -> None:
    battle_id = await beat_the_skitter()
    fact = await ended()
    assert (fact.battle, fact.mode, fact.group, fact.is_rewarded) == (battle_id, "pve", 5, True)
    assert [monster.monster for monster in fact.slain] == ["mud_skitter"]
    (ana,) = fact.participants
    assert (ana.character, ana.outcome) == (ANA, "won")
    assert ana.xp > 0


async def test_loot_dice_are_the_battles_own() -> None:
    battle_id = await beat_the_skitter()
    fact = await ended()
    async with running.locked(battle_id) as battle:
        key = key_of(battle.state, battle.seed)
    assert fact.participants[0].loot_key == rng.stream(key, f"loot:{ANA}").key.hex()


async def test_a_duel_pays_nothing() -> None:
    battle_id = await duel()
    await send(BO, wire.Forfeit(battle=battle_id))
    fact = await ended()
    assert (fact.mode, fact.is_rewarded, fact.slain) == ("duel", False, ())
    assert {each.character: each.outcome for each in fact.participants} == {ANA: "won", BO: "lost"}
    assert [each.xp for each in fact.participants] == [0, 0]


async def test_who_flees_has_lost() -> None:
    battle_id = await hunt()
    await send(ANA, wire.Forfeit(battle=battle_id))
    fact = await ended()
    assert fact.participants[0].outcome == "lost"
    assert (await BattleRecord.objects.aget()).status == BattleRecord.Status.ENDED


async def test_what_nobody_touched_for_long_is_worth_more(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = cast.ground
    await beat_the_skitter()
    worth = (await ended()).participants[0].xp
    await OutboxFact.objects.all().adelete()
    monkeypatch.setattr(cast, "ground", lambda group_id=None: plain(group_id)._replace(bonus_pct=100))
    battle_id = await beat_the_skitter()
    running.forget_all()
    fact = await ended()
    assert fact.bonus_pct == 100
    assert fact.participants[0].xp >= 2 * worth > 0
    log = await in_database_thread(read_log, battle_id)
    assert log.opened.bonus_pct == 100


async def test_who_wins_keeps_what_is_left_of_its_hit_points() -> None:
    await beat_the_skitter()
    (ana,) = (await ended()).participants
    assert ana.health is not None
    assert 0 < ana.health <= 10_000


async def test_a_duel_leaves_no_wounds() -> None:
    battle_id = await duel()
    await send(BO, wire.Forfeit(battle=battle_id))
    assert [each.health for each in (await ended()).participants] == [None, None]
