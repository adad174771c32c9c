"""A monster group attacks: the battle begins for whoever was attacked, once, with the hit points it has."""

from __future__ import annotations

import msgspec
import pytest
from django.db import connection
from msgspec.structs import replace

from aether.kernel import facts
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.models import OutboxFact
from aether.kernel.facts.types import BattleEnded
from aether.protocol import combat as wire
from apps.combat import running, selectors, services
from apps.combat.models import BattleRecord
from apps.world import positions
from apps.world.models import CharacterPlace, MonsterGroup, Vitality
from tests import cast
from tests.combat.cast import send, state_of
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast as world


def attacked(who: int, group: MonsterGroup) -> None:
    """Let a group claim a character, as one that hunts does when it is there."""
    world.put(who, world.MOOR, world.beside(group))
    MonsterGroup.objects.filter(pk=group.pk).update(
        state="engaging", engaged_by=who, engaged_at="2026-01-01T00:00Z", bonus_pct=40
    )


def _prey() -> tuple[int, MonsterGroup]:
    who, group = world.character(), world.group()
    attacked(who, group)
    return who, group


@pytest.mark.usefixtures("arena")
class TestAmbush:
    async def test_the_battle_begins_for_who_was_attacked(self) -> None:
        who, group = await in_database_thread(_prey)
        await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        battle = await in_database_thread(selectors.current_battle_id, who)
        assert battle is not None
        header = (await state_of(battle)).header
        assert [build.character_id for build in header.builds if build.team == 0] == [who]
        assert header.attackers == 1
        row = await MonsterGroup.objects.aget(pk=group.pk)
        assert (row.state, row.battle) == ("in_battle", battle)

    async def test_told_twice_it_begins_once(self) -> None:
        who, group = await in_database_thread(_prey)
        for _ in range(2):
            await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        assert await BattleRecord.objects.acount() == 1

    async def test_who_fights_already_is_let_go(self) -> None:
        who, group = await in_database_thread(_prey)
        await CharacterPlace.objects.filter(pk=who).aupdate(battle=99)
        await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        row = await MonsterGroup.objects.aget(pk=group.pk)
        assert (row.state, row.engaged_by) == ("roaming", None)
        assert not await BattleRecord.objects.aexists()

    async def test_a_battle_that_cannot_begin_leaves_the_group_free(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from apps.combat.errors import AlreadyInBattleError
        from apps.combat.services import encounters

        def refuse(*_: object) -> None:
            with connection.cursor() as cursor:
                cursor.execute("UPDATE world_monstergroup SET bonus_pct = 1")
            raise AlreadyInBattleError

        who, group = await in_database_thread(_prey)
        monkeypatch.setattr(encounters, "open_battle", refuse)
        await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        row = await MonsterGroup.objects.aget(pk=group.pk)
        assert (row.state, row.bonus_pct) == ("roaming", 40)

    async def test_who_is_hurt_fights_hurt_and_keeps_what_is_left(self) -> None:
        who, group = await in_database_thread(_prey)
        await Vitality.objects.filter(pk=who).aupdate(health=5_000, pace=0)
        await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        battle = await in_database_thread(selectors.current_battle_id, who)
        assert battle is not None
        own = (await state_of(battle)).combatants[0]
        assert (own.hp, own.hp_max) == (31, 62)
        await send(who, wire.Ready(battle=battle))
        await send(who, wire.Forfeit(battle=battle))
        await in_database_thread(facts.drain)
        health = await Vitality.objects.aget(pk=who)
        assert health.health < 1_000

    async def test_the_log_keeps_what_the_group_is_worth_more(self) -> None:
        who, group = await in_database_thread(_prey)
        await in_database_thread(lambda: services.ambush(character_id=who, group_id=group.pk))
        battle = await in_database_thread(selectors.current_battle_id, who)
        assert battle is not None
        running.forget_all()
        await send(who, wire.Ready(battle=battle))
        await send(who, wire.Forfeit(battle=battle))
        (fact,) = [row async for row in OutboxFact.objects.filter(type="battle.ended")]
        told = msgspec.json.decode(fact.payload, type=BattleEnded)
        assert told.bonus_pct == 40
        assert [each.health for each in told.participants] != [None]


def beside_gulls(who: int) -> None:
    """Put a character of their level beside gulls, which look four cells far in the worst of weathers two."""
    world.group()
    gulls = MonsterGroup.objects.filter(rule="heath", state="roaming").order_by("pk")[0]
    world.put(who, world.MOOR, world.beside(gulls))
    Vitality.objects.filter(pk=who).update(spared_until=None)
    positions.change_looks(who, lambda seen: replace(seen, level=7))


async def test_a_group_attacks_a_walker_and_a_battle_begins(server: Served) -> None:
    """The whole way: the zone's keeper sees her, the fact travels through the outbox, her socket is told."""
    alice = await cast.alice()
    async with Wire(server.socket_url) as hers:
        await hers.hello(await alice.ticket())
        assert "ok" in await hers.call("world.enter")
        me = (await hers.update("me.snapshot"))["d"]["parts"]
        assert me["health"]["hp"] == me["health"]["hp_max"] > 1
        await in_database_thread(beside_gulls, alice.character_id)
        began = await hers.update("combat.current")
        assert began["d"]["battle"] is not None
        snapshot = await hers.update("combat.snapshot")
        assert {each["team"] for each in snapshot["d"]["battle"]["combatants"]} == {0, 1}
