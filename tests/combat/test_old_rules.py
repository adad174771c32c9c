"""Battles of other rules: one that runs is frozen and told at once, all are marked as not replayable."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from aether.kernel import content
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, UnavailableError
from aether.kernel.ids import CharacterId
from aether.protocol import combat as wire
from aether.protocol.combat_events import BattleEnded
from apps.combat import engine, replays, rulebooks, running, selectors, services
from apps.combat.errors import BattleUnreadableError
from apps.combat.models import BattleParticipant, BattleRecord
from apps.combat.streaming import BattleSource
from tests.combat.cast import ANA, EVE, duel, hunt, send

pytestmark = pytest.mark.usefixtures("arena")


@pytest.fixture
def newer_rules(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Rules that change when the test says so: all that is in memory is forgotten then."""
    load, version = running.rulebook_on_loop, [engine.RULES_VERSION]

    async def newer(content_hash: str) -> engine.Rulebook:
        return replace(await load(content_hash), rules_version=version[0])

    monkeypatch.setattr(running, "rulebook_on_loop", newer)
    return version


async def test_who_looks_at_a_battle_of_other_rules_sees_it_frozen(newer_rules: list[int]) -> None:
    battle_id = await duel()
    newer_rules[0] += 1
    running.forget_all()
    source, stream = BattleSource(), f"battle:{battle_id}"
    audience = await source.audience(CharacterId(ANA), stream)
    n, shown = await source.snapshot(stream, audience, CharacterId(ANA))
    assert shown.battle.end_reason == "engine_fault"
    (told,) = [update for _, _, update in await source.since(stream, audience, n - 1) or []]
    assert isinstance(told.events[-1], BattleEnded)
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()


async def test_time_freezes_a_battle_of_other_rules_at_once(newer_rules: list[int]) -> None:
    battle_id = await hunt()
    newer_rules[0] += 1
    running.forget_all()
    await services.pass_time(battle_id)
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert (record.status, record.faults) == (BattleRecord.Status.FAULTED, 0)


async def test_a_battle_that_was_over_is_left_as_it_was(newer_rules: list[int]) -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    newer_rules[0] += 1
    running.forget_all()
    _, shown = await BattleSource().snapshot(f"battle:{battle_id}", "team:0", CharacterId(ANA))
    assert shown.battle.end_reason == "forfeit"
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.ENDED


async def test_a_log_that_only_other_rules_can_read_gets_a_typed_refusal(
    newer_rules: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    battle_id = await duel()
    monkeypatch.setattr(running.engine, "RULES_VERSION", engine.RULES_VERSION + 1)
    monkeypatch.setattr(running.logbook, "decode", _unread)
    running.forget_all()
    for _ in range(2):
        with pytest.raises(BattleUnreadableError):
            await BattleSource().audience(CharacterId(ANA), f"battle:{battle_id}")
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED


async def test_a_stranger_freezes_no_battle_by_asking_for_it(newer_rules: list[int]) -> None:
    battle_id = await duel()
    newer_rules[0] += 1
    running.forget_all()
    with pytest.raises(NotFoundError):
        await BattleSource().audience(CharacterId(EVE), f"battle:{battle_id}")
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.LIVE


async def _gone(content_hash: str) -> engine.Rulebook:
    raise content.InvalidContentError([])


@pytest.mark.parametrize("lacking", ["rules", "content"])
async def test_a_battle_of_newer_rules_or_unknown_content_is_left_to_others(
    newer_rules: list[int], monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    battle_id = await duel()
    if lacking == "rules":
        newer_rules[0] -= 1
    else:
        monkeypatch.setattr(running, "rulebook_on_loop", _gone)
    running.forget_all()
    with pytest.raises(UnavailableError):
        await send(ANA, wire.Forfeit(battle=battle_id))
    with pytest.raises(UnavailableError):
        await BattleSource().audience(CharacterId(ANA), f"battle:{battle_id}")
    for _ in range(3):
        await services.pass_time(battle_id)
        await services.check_presence(battle_id, ANA, is_online=False)
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert (record.status, record.faults) == (BattleRecord.Status.LIVE, 0)


def _unread(payload: bytes) -> object:
    raise ValueError("an event of another day")


def marks(battle_id: int) -> list[object]:
    log = replays.read_log(battle_id)
    return [
        selectors.past_battles(ANA, before=None, most=1).battles[0].not_replayable,
        replays.reveal(log).not_replayable,
        replays.export(log).reveal.not_replayable,
        replays.shown_to_staff(log).not_replayable,
    ]


async def test_a_battle_that_cannot_be_fought_again_is_marked_wherever_it_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    assert await in_database_thread(marks, battle_id) == [None] * 4
    monkeypatch.setattr(rulebooks.engine, "RULES_VERSION", engine.RULES_VERSION + 1)
    assert await in_database_thread(marks, battle_id) == ["rules"] * 4


async def test_a_battle_whose_content_is_gone_is_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    battle_id = await duel()
    await send(ANA, wire.Forfeit(battle=battle_id))
    monkeypatch.setattr(content, "is_kept", lambda content_hash: False)
    assert await in_database_thread(marks, battle_id) == ["content"] * 4
