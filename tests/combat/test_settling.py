"""A battle is settled again: its end reaches those who missed it, and nobody pays twice."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from msgspec.structs import replace

from aether.kernel import clock, facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts import delivery
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from apps.accounts import selectors as accounts
from apps.combat import services
from apps.combat.errors import BattleNotOverError, SettledLongAgoError
from apps.economy import selectors as economy
from tests import cast
from tests.combat.cast import fighter, ground, send, state_of
from tests.combat.test_console import page
from tests.combat.test_draws import game_master

pytestmark = pytest.mark.usefixtures("arena")


def again(battle_id: int) -> None:
    services.settle_again(actor=game_master(), battle_id=battle_id, reason="somebody is owed")


@transactional
def _begun(character_id: int) -> int:
    builds = (fighter(character_id, team=0, level=30), services.monster_build("mud_skitter", 1))
    return services.open_battle("pve", ground(), builds).battle


async def won_hunt() -> tuple[int, int]:
    """Return a battle that a player has won, not yet settled, and the player's character."""
    alice = await cast.alice()
    battle_id = await in_database_thread(_begun, alice.character_id)
    await send(alice.character_id, wire.Ready(battle=battle_id))
    for _ in range(30):
        state = await state_of(battle_id)
        if state.phase == "ended":
            return battle_id, alice.character_id
        (enemy,) = [each for each in state.combatants if each.team == 1]
        try:
            aimed = wire.CastSkill(battle=battle_id, skill="wire_dart", cell=enemy.cell)
            await send(alice.character_id, aimed)
        except Exception:  # noqa: BLE001 - out of range or points: the turn is over then
            await send(alice.character_id, wire.EndTurn(battle=battle_id))
    raise AssertionError("the skitter still stands")


def owned(character_id: int) -> tuple[int, int]:
    return economy.inventory(character_id).glim, accounts.character(character_id).xp_total


async def test_what_is_settled_is_not_paid_again() -> None:
    battle_id, alice = await won_hunt()
    nothing = await in_database_thread(owned, alice)
    await in_database_thread(facts.drain)
    paid = await in_database_thread(owned, alice)
    assert paid > nothing
    await in_database_thread(again, battle_id)
    await in_database_thread(facts.drain)
    assert await in_database_thread(owned, alice) == paid


async def test_a_parked_subscriber_does_its_part_and_the_others_do_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id, alice = await won_hunt()
    (event_id,) = await in_database_thread(facts.about, BattleEnded, battle_id)
    before = await in_database_thread(owned, alice)
    await in_database_thread(
        lambda: delivery.park(event_id, "accounts.grant_battle_xp", error="RuntimeError: no ink")
    )
    await in_database_thread(facts.drain)
    glim, xp = await in_database_thread(owned, alice)
    assert (glim > before[0], xp) == (True, before[1])
    shown = await in_database_thread(page, battle_id)
    assert "accounts.grant_battle_xp" in shown
    assert "RuntimeError: no ink" in shown
    await in_database_thread(again, battle_id)
    await in_database_thread(facts.drain)
    assert (await in_database_thread(owned, alice))[0] == glim
    assert (await in_database_thread(owned, alice))[1] > xp


async def test_a_fact_that_was_lost_is_published_anew_from_the_log() -> None:
    battle_id, alice = await won_hunt()
    before = await in_database_thread(owned, alice)
    await OutboxFact.objects.filter(type="battle.ended").adelete()
    await in_database_thread(again, battle_id)
    await in_database_thread(facts.drain)
    assert await in_database_thread(owned, alice) > before


async def test_a_fact_that_was_lost_after_it_was_paid_pays_nobody_twice() -> None:
    battle_id, alice = await won_hunt()
    await in_database_thread(facts.drain)
    paid = await in_database_thread(owned, alice)
    await OutboxFact.objects.filter(type="battle.ended").adelete()
    for _ in range(2):
        await in_database_thread(again, battle_id)
        await in_database_thread(facts.drain)
    assert await in_database_thread(owned, alice) == paid


async def test_the_fact_published_anew_is_the_one_that_was_lost() -> None:
    battle_id, _ = await won_hunt()
    (lost,) = [fact.payload async for fact in OutboxFact.objects.filter(type="battle.ended")]
    await OutboxFact.objects.filter(type="battle.ended").adelete()
    await in_database_thread(again, battle_id)
    (anew,) = [fact.payload async for fact in OutboxFact.objects.filter(type="battle.ended")]
    once, again_ = (msgspec.json.decode(each, type=BattleEnded) for each in (lost, anew))
    assert again_ == replace(once, is_again=True, ended_at=None)


async def test_what_was_settled_long_ago_is_left_alone() -> None:
    battle_id, _ = await won_hunt()
    await OutboxFact.objects.filter(type="battle.ended").adelete()
    later = clock.now() + timedelta(days=31).total_seconds()
    with clock.replaced(lambda: later), pytest.raises(SettledLongAgoError):
        await in_database_thread(again, battle_id)


async def test_a_running_battle_is_not_settled() -> None:
    alice = await cast.alice()
    battle_id = await in_database_thread(_begun, alice.character_id)
    with pytest.raises(BattleNotOverError):
        await in_database_thread(again, battle_id)
