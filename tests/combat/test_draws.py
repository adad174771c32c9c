"""A game master ends a battle as a draw: nobody wins, nobody is paid, everybody is free and told."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

from aether.console.roles import GAME_MASTERS
from aether.kernel import audit, facts, journal
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.models import OutboxFact
from aether.kernel.journal import StreamKind
from aether.protocol import combat as wire
from apps.combat import engine, replays, running, selectors, services
from apps.combat.errors import BattleOverError
from apps.combat.models import BattleParticipant, BattleRecord
from tests import cast
from tests.combat.cast import ANA, BO, duel, hunt, send, state_of, whose_turn
from tests.combat.test_lost_words import begin
from tests.combat.test_parking import broken_rules, fail_thrice
from tests.console.conftest import sign_in
from tests.serving import Served
from tests.wire import Wire

__all__ = ["broken_rules"]

DRAWN = BattleRecord.Status.DRAWN


def game_master(name: str = "gwen") -> Any:
    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        found = get_user_model().objects.create_user(name, password=cast.PASSWORD, is_staff=True)
        found.groups.add(Group.objects.get_or_create(name=GAME_MASTERS)[0])
    return found


def draw(battle_id: int, reason: str = "the clock stood still") -> None:
    services.end_as_draw(actor=game_master(), battle_id=battle_id, reason=reason)


@pytest.mark.usefixtures("arena")
async def test_a_running_battle_ends_without_a_winner_and_pays_nobody() -> None:
    battle_id = await hunt(level=30)
    await in_database_thread(draw, battle_id)
    state = await state_of(battle_id)
    assert (state.phase, state.end_reason, state.winner) == ("ended", "staff", -1)
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == DRAWN
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()
    (fact,) = [each async for each in OutboxFact.objects.filter(type="battle.ended")]
    assert '"is_rewarded":false' in fact.payload


@pytest.mark.usefixtures("arena")
async def test_how_many_of_the_latest_battles_were_broken_off_is_seen() -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    assert await in_database_thread(selectors.broken_off_among_latest, 10) == (0, 1)
    await in_database_thread(draw, await duel())
    assert await in_database_thread(selectors.broken_off_among_latest, 10) == (1, 2)
    assert await in_database_thread(selectors.broken_off_among_latest, 1) == (1, 1)


@pytest.mark.usefixtures("arena")
async def test_whoever_plays_on_is_told_that_it_is_over() -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    await in_database_thread(draw, battle_id)
    with pytest.raises(BattleOverError):
        await send(actor, wire.EndTurn(battle=battle_id))


@pytest.mark.usefixtures("arena", "broken_rules")
async def test_a_battle_that_a_fault_has_stopped_becomes_a_draw() -> None:
    battle_id = await duel()
    await fail_thrice(battle_id)
    await in_database_thread(draw, battle_id)
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == DRAWN
    assert (await state_of(battle_id)).end_reason == "engine_fault"
    with pytest.raises(BattleOverError):
        await in_database_thread(draw, battle_id)


@pytest.mark.usefixtures("arena")
async def test_what_has_been_won_stays_won() -> None:
    battle_id = await duel()
    await send(BO, wire.Forfeit(battle=battle_id))
    entries = await journal.read(running.stream_of(battle_id))
    with pytest.raises(BattleOverError):
        await in_database_thread(draw, battle_id)
    assert await journal.read(running.stream_of(battle_id)) == entries
    assert (await BattleParticipant.objects.aget(character_id=ANA)).outcome == "won"


@pytest.mark.usefixtures("arena")
async def test_a_draw_needs_a_reason_and_stands_in_the_journal() -> None:
    battle_id = await duel()
    with pytest.raises(audit.ReasonMissingError):
        await in_database_thread(draw, battle_id, "  ")
    assert (await state_of(battle_id)).phase == "fighting"
    await in_database_thread(draw, battle_id)
    (act,) = await in_database_thread(lambda: list(journal.entries(StreamKind.AUDIT, audit.STREAM_ID)))
    assert b'"action":"draw_battle"' in act.payload
    assert f'"target":"battle:{battle_id}"'.encode() in act.payload


@pytest.mark.usefixtures("arena")
async def test_a_drawn_battle_can_be_kept_as_a_file_and_checked() -> None:
    battle_id = await duel()
    await in_database_thread(draw, battle_id)
    exported = await in_database_thread(lambda: replays.export(replays.read_log(battle_id)))
    assert list(engine.export_problems(engine.read_export(msgspec.json.encode(exported)))) == []


async def test_players_see_the_draw_and_are_back_in_their_zone(server: Served) -> None:
    alice, bob = await cast.alice(), await cast.bob()
    async with Wire(server.socket_url) as socket:
        await socket.hello(await alice.ticket())
        battle_id = await sync_to_async(begin)(alice.character_id, bob.character_id)
        assert (await socket.update("combat.current"))["d"]["battle"] == battle_id
        await socket.update("combat.snapshot")
        await sync_to_async(draw)(battle_id)
        told = await socket.update("combat.events")
        left = await socket.update("combat.current")
        end = told["d"]["events"][-1]
        assert (end["e"], end["winner"], end["reason"]) == ("battle_ended", -1, "staff")
        assert (left["d"]["battle"], left["d"]["outcome"]) == (None, "drawn")
        await sync_to_async(facts.drain)()
        assert await sync_to_async(begin)(alice.character_id, bob.character_id) > battle_id


@pytest.mark.parametrize(
    ("language", "told"), [("en", "A fault has stopped 1 battle"), ("fr", "Une panne a arrêté 1 combat")]
)
@pytest.mark.usefixtures("arena", "broken_rules")
async def test_a_stopped_battle_stands_above_every_page_until_it_is_dealt_with(
    language: str, told: str
) -> None:
    battle_id = await duel()
    assert told not in await in_database_thread(overview, language)
    await fail_thrice(battle_id)
    assert told in await in_database_thread(overview, language)
    await in_database_thread(draw, battle_id)
    assert told not in await in_database_thread(overview, language)


def overview(language: str) -> str:
    page = sign_in(game_master().username).get("/gm/", headers={"accept-language": language})
    return str(page.content.decode())
