"""What is brought into a battle is set aside while it lasts; then what was not used comes back, once."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, StaleError
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded, Participant
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from aether.protocol.exchange import Goods, Portion
from apps.combat import engine, running, services
from apps.combat.engine.refusals import NoneLeft
from apps.combat.errors import AlreadyInBattleError
from apps.economy import auditing
from apps.economy import services as economy
from apps.economy.models import Hold, Line
from tests.combat.cast import ground, send, state_of, whose_turn
from tests.combat.company import engaged, join
from tests.combat.test_draws import draw
from tests.combat.test_parking import broken_rules, fail_thrice
from tests.combat.test_settling import again
from tests.economy.cast import deal, give, stacks
from tests.world import cast as world

__all__ = ["broken_rules"]

BOMBS = {"chalk_bomb": 5}


@pytest.fixture(autouse=True)
def _lawful(arena: None) -> Iterator[None]:
    yield
    assert auditing.audit_ledger() == []


@transactional
def _opened(ana: int, bo: int) -> int:
    return services.open_battle("duel", ground(), services.character_builds([ana], [bo])).battle


def _two(**items: int) -> tuple[int, int]:
    ana, bo = world.character("Alice"), world.character("Bastien")
    if items:
        give(ana, **items)
    return ana, bo


async def a_duel(**items: int) -> tuple[int, int, int]:
    """Return a duel whose first turn has begun, and who fights; Ana was given some items before."""
    ana, bo = await in_database_thread(lambda: _two(**items))
    battle_id = await in_database_thread(_opened, ana, bo)
    for who in (ana, bo):
        await send(who, wire.Ready(battle=battle_id))
    while await whose_turn(battle_id) != ana:
        await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))
    return battle_id, ana, bo


async def throw(battle_id: int, who: int, times: int = 1) -> None:
    combatant = (await state_of(battle_id)).of_character(who)
    assert combatant is not None
    for _ in range(times):
        await send(who, wire.CastSkill(battle=battle_id, skill="chalk_bomb", cell=combatant.cell))


async def settled() -> None:
    await in_database_thread(facts.drain)


async def bag(who: int) -> dict[str, int]:
    """Return what somebody carries of what is used in battle."""
    held = await in_database_thread(stacks, who)
    return {item: count for item, count in held.items() if item in ("chalk_bomb", "ember_salve")}


def used_up() -> int:
    lines = Line.objects.filter(account__bucket="sink:use", asset="chalk_bomb")
    return sum(lines.values_list("amount", flat=True))


async def test_what_is_brought_leaves_the_bag_while_the_battle_lasts() -> None:
    battle_id, ana, _ = await a_duel(**BOMBS)
    assert await bag(ana) == {"chalk_bomb": 2}
    build = (await state_of(battle_id)).header.builds[0]
    assert engine.brought(build) == {"chalk_bomb": 3}
    hold = await Hold.objects.aget()
    assert (hold.character_id, hold.contents, hold.cause) == (ana, {"chalk_bomb": 3}, f"battle:{battle_id}")


async def test_what_was_used_is_gone_and_the_rest_comes_back() -> None:
    battle_id, ana, bo = await a_duel(**BOMBS)
    await throw(battle_id, ana, times=2)
    await send(bo, wire.Forfeit(battle=battle_id))
    await settled()
    assert await bag(ana) == {"chalk_bomb": 3}
    assert await in_database_thread(used_up) == 2


async def test_what_was_not_used_comes_back_whole() -> None:
    battle_id, ana, _ = await a_duel(**BOMBS)
    await send(ana, wire.Forfeit(battle=battle_id))
    await settled()
    assert await bag(ana) == BOMBS
    assert (await Hold.objects.aget()).state == Hold.State.VOIDED


async def test_nothing_is_left_after_what_was_brought() -> None:
    battle_id, ana, _ = await a_duel(chalk_bomb=1)
    await throw(battle_id, ana)
    with pytest.raises(NoneLeft):
        await throw(battle_id, ana)


@pytest.mark.parametrize("is_lost", [False, True])
async def test_an_end_that_is_told_often_settles_once(is_lost: bool) -> None:
    battle_id, ana, bo = await a_duel(**BOMBS)
    await throw(battle_id, ana)
    await send(bo, wire.Forfeit(battle=battle_id))
    (told,) = [
        msgspec.json.decode(fact.payload, type=BattleEnded)
        async for fact in OutboxFact.objects.filter(type="battle.ended")
    ]
    if is_lost:
        await OutboxFact.objects.filter(type="battle.ended").adelete()
    for _ in range(2):
        await in_database_thread(again, battle_id)
        await settled()
        await in_database_thread(economy.settle_supplies, told)
    assert await bag(ana) == {"chalk_bomb": 4}
    assert await in_database_thread(used_up) == 1


async def test_a_process_that_dies_forgets_nothing_of_what_was_used() -> None:
    battle_id, ana, bo = await a_duel(**BOMBS)
    await throw(battle_id, ana, times=2)
    running.forget_all()
    await send(bo, wire.Forfeit(battle=battle_id))
    running.forget_all()
    await settled()
    assert await bag(ana) == {"chalk_bomb": 3}


async def test_a_settlement_that_breaks_off_is_done_again_from_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id, ana, bo = await a_duel(chalk_bomb=3)
    await throw(battle_id, ana)
    await send(bo, wire.Forfeit(battle=battle_id))
    with monkeypatch.context() as broken:
        broken.setattr("apps.economy.services.holds.tell_change", _die)
        with pytest.raises(RuntimeError):
            await settled()
        assert await bag(ana) == {}
    await in_database_thread(again, battle_id)
    await settled()
    assert await bag(ana) == {"chalk_bomb": 2}


def _die(*_: object) -> None:
    raise RuntimeError("the worker was killed")


@pytest.mark.usefixtures("broken_rules")
async def test_a_stopped_battle_takes_nothing() -> None:
    ana, bo = await in_database_thread(lambda: _two(**BOMBS))
    battle_id = await in_database_thread(_opened, ana, bo)
    for who in (ana, bo):
        await send(who, wire.Ready(battle=battle_id))
    if await whose_turn(battle_id) == ana:
        await throw(battle_id, ana)
    await fail_thrice(battle_id)
    await settled()
    assert await bag(ana) == BOMBS


async def test_a_battle_that_a_game_master_ends_as_a_draw_takes_nothing() -> None:
    battle_id, ana, _ = await a_duel(**BOMBS)
    await throw(battle_id, ana)
    await in_database_thread(draw, battle_id)
    await settled()
    assert await bag(ana) == BOMBS
    await in_database_thread(again, battle_id)
    await settled()
    assert await bag(ana) == BOMBS
    assert await in_database_thread(used_up) == 0


async def test_what_is_set_aside_cannot_be_sold_nor_given_away() -> None:
    _, ana, bo = await a_duel(chalk_bomb=3)
    sending = economy.Sending(
        character_id=ana,
        to="Bastien",
        subject="Chalk",
        body="",
        goods=Goods(stacks=[Portion(item="chalk_bomb", count=1)]),
        cod=0,
        idempotency_key="m",
    )
    with pytest.raises(GameError):
        await in_database_thread(lambda: economy.send_letter(sending))
    with pytest.raises(GameError):
        await in_database_thread(lambda: economy.sell(deal(ana, "chalk_bomb", 1)))
    assert await bag(bo) == {}


async def test_what_was_parted_with_meanwhile_does_not_come_along() -> None:
    ana, _ = await in_database_thread(lambda: _two(**BOMBS))

    @transactional
    def bring() -> None:
        economy.set_aside_supplies(battle_id=1, supplies={ana: {"chalk_bomb": 6}})

    with pytest.raises(StaleError):
        await in_database_thread(bring)
    assert await bag(ana) == BOMBS


async def test_a_battle_that_is_refused_leaves_the_bag_as_it_was() -> None:
    _, ana, bo = await a_duel(**BOMBS)
    held = await bag(ana)
    with pytest.raises(AlreadyInBattleError):
        await in_database_thread(_opened, ana, bo)
    assert await bag(ana) == held
    assert await Hold.objects.acount() == 1


async def test_who_joins_a_hunt_brings_its_own() -> None:
    (ana, bo), battle_id = await engaged("Alice", "Bastien")
    await in_database_thread(lambda: give(bo, ember_salve=3))
    await join(bo, battle_id)
    assert await bag(bo) == {"ember_salve": 1}
    for who in (ana, bo):
        await send(who, wire.Ready(battle=battle_id))
        await send(who, wire.Forfeit(battle=battle_id))
    await settled()
    assert await bag(bo) == {"ember_salve": 3}


async def test_who_carries_nothing_costs_a_battle_no_query() -> None:
    def queries(ana: int, bo: int) -> list[str]:
        with CaptureQueriesContext(connection) as asked:
            _opened(ana, bo)
        return [each["sql"] for each in asked]

    ana, bo = await in_database_thread(lambda: _two(reed_fibre=4))
    asked = await in_database_thread(queries, ana, bo)
    assert [each for each in asked if "economy_lock_holders" in each or '"economy_hold"' in each] == []
    assert len({each for each in asked if "account.bucket = 'bag'" in each}) == 1


async def test_a_battle_that_nobody_brought_anything_to_is_not_settled() -> None:
    battle_id, _, bo = await a_duel()
    await send(bo, wire.Forfeit(battle=battle_id))
    (told,) = [
        msgspec.json.decode(fact.payload, type=BattleEnded)
        async for fact in OutboxFact.objects.filter(type="battle.ended")
    ]
    assert not told.has_supplies
    one = Participant(character=1, outcome="won", xp=0, loot_key="", used={})
    assert replace(told, participants=(*told.participants, one)).has_supplies
