"""A battle that cannot go on is stopped after three tries: nobody loses by it, no other battle notices."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from django.db import connection
from msgspec.structs import replace
from structlog.testing import capture_logs

from aether.kernel import journal
from aether.kernel.database_threads import in_database_thread
from aether.kernel.facts.models import OutboxFact
from aether.kernel.transactions import transactional
from aether.protocol import combat as wire
from apps.combat import engine, metrics, replays, running, services, tasks
from apps.combat.engine import resolution
from apps.combat.errors import BattleFaultedError, BattleOutdatedError
from apps.combat.faults import BattleFailedError
from apps.combat.models import BattleParticipant, BattleRecord
from apps.combat.services import acting
from tests.combat.cast import ANA, EVE, duel, fighter, ground, hunt, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


class BrokenRulesError(Exception):
    pass


@pytest.fixture
def broken_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine fails on every end of a turn."""
    step = engine.step

    def fail(battle: engine.Battle, actor: int, intent: engine.Input, *rest: object) -> engine.Step:
        if isinstance(intent, engine.inputs.EndTurn | engine.inputs.TurnTimeout):
            raise BrokenRulesError
        return step(battle, actor, intent, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(acting.engine, "step", fail)


async def fail_thrice(battle_id: int) -> None:
    actor = await whose_turn(battle_id)
    for _ in range(2):
        with pytest.raises(BattleFailedError):
            await send(actor, wire.EndTurn(battle=battle_id))
    with pytest.raises(BattleFaultedError):
        await send(actor, wire.EndTurn(battle=battle_id))


@pytest.mark.usefixtures("broken_rules")
async def test_after_three_tries_the_battle_is_stopped() -> None:
    battle_id = await duel()
    await fail_thrice(battle_id)
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert (record.status, record.deadline) == (BattleRecord.Status.FAULTED, None)
    assert (await state_of(battle_id)).end_reason == "engine_fault"


@pytest.mark.usefixtures("broken_rules")
async def test_a_stopped_battle_frees_everybody_and_pays_nobody() -> None:
    battle_id = await duel()
    await fail_thrice(battle_id)
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()
    (fact,) = [fact async for fact in OutboxFact.objects.filter(type="battle.ended")]
    assert '"is_rewarded":false' in fact.payload
    with pytest.raises(BattleFaultedError):
        await send(ANA, wire.Forfeit(battle=battle_id))


@pytest.mark.usefixtures("broken_rules")
async def test_the_sweeper_survives_a_broken_battle_and_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    battle_id = await duel()
    monkeypatch.setattr(running.wall, "now", lambda: 4_000_000_000.0)
    for _ in range(3):
        await services.pass_time(battle_id)
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert record.status == BattleRecord.Status.FAULTED
    assert await tasks.sweep() == 0


async def test_a_log_that_cannot_be_read_stops_its_battle_only() -> None:
    battle_id = await duel()
    head = await journal.head(running.stream_of(battle_id))
    await journal.append(
        journal.Append(stream=running.stream_of(battle_id), expected=head, payload=b'{"entry":"?"}')
    )
    running.forget_all()
    for _ in range(3):
        await services.pass_time(battle_id)
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED


async def test_a_battle_that_cannot_be_read_does_not_end_the_look_for_players(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id = await duel()
    await in_database_thread(change_a_row, battle_id)
    other_id = await in_database_thread(open_other_duel)
    running.forget_all()
    monkeypatch.setattr(tasks, "LOOKS_BEFORE_GONE", 1)
    for _ in range(2):
        await tasks.look_for_players({})
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED
    assert not any(each.is_connected for each in (await state_of(other_id)).combatants)


@transactional
def open_other_duel() -> int:
    builds = (fighter(EVE, team=0), fighter(EVE + 1, team=1))
    return services.open_battle("duel", ground(), builds).battle


async def test_a_changed_row_stops_its_battle_as_soon_as_somebody_reads_it() -> None:
    battle_id = await duel()
    await in_database_thread(change_a_row, battle_id)
    actor = await whose_turn(battle_id)
    await send(actor, wire.EndTurn(battle=battle_id))
    running.forget_all()
    for _ in range(2):
        with pytest.raises(journal.BrokenChainError):
            await send(actor, wire.EndTurn(battle=battle_id))
    with pytest.raises(BattleFaultedError):
        await send(actor, wire.EndTurn(battle=battle_id))
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED


async def test_a_battle_of_other_rules_is_stopped_and_not_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    load = running.rulebook_on_loop

    async def newer(content_hash: str) -> engine.Rulebook:
        return replace(await load(content_hash), rules_version=engine.RULES_VERSION + 1)

    monkeypatch.setattr(running, "rulebook_on_loop", newer)
    running.forget_all()
    with pytest.raises(BattleOutdatedError):
        await send(actor, wire.EndTurn(battle=battle_id))
    with pytest.raises(BattleFaultedError):
        await send(actor, wire.EndTurn(battle=battle_id))
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert record.status == BattleRecord.Status.FAULTED
    assert not await BattleParticipant.objects.filter(is_live=True).aexists()
    assert (await state_of(battle_id)).end_reason == "engine_fault"


def change_a_row(battle_id: int) -> None:
    """Add a blank to the first turn of a battle, as somebody who switches the trigger off."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "UPDATE journal SET payload = payload || ' ' WHERE kind = 1 AND id = %s AND version = 2",
            [battle_id],
        )
        cursor.execute("RESET session_replication_role")


@pytest.mark.usefixtures("broken_rules")
async def test_a_stopped_battle_is_revealed_and_proves_its_dice() -> None:
    battle_id = await duel()
    await fail_thrice(battle_id)
    log = await in_database_thread(replays.read_log, battle_id)
    exported = await in_database_thread(replays.export, log)
    file = engine.read_export(msgspec.json.encode(exported))
    assert list(engine.export_problems(file)) == []
    assert [event.reason for event in file.export.stopped] == ["engine_fault"]
    assert "BrokenRulesError" not in msgspec.json.encode(exported).decode()


def is_monsters(battle: engine.Battle) -> bool:
    owner = battle.find(battle.turn_owner)
    return owner is not None and owner.controller == "ai"


def refused(_house: engine.House, battle: engine.Battle) -> tuple[int, engine.Input] | None:
    """Choose what the rules refuse, for monsters."""
    return (battle.turn_owner, engine.inputs.Cast("unheard_of", (0, 0))) if is_monsters(battle) else None


def raising(_house: engine.House, battle: engine.Battle) -> tuple[int, engine.Input] | None:
    if is_monsters(battle):
        raise BrokenRulesError
    return None


@pytest.mark.parametrize("choosing", [refused, raising])
async def test_what_the_ai_cannot_do_costs_it_the_turn_and_not_the_battle(
    monkeypatch: pytest.MonkeyPatch, choosing: Callable[..., object]
) -> None:
    monkeypatch.setattr(engine.House, "next_input", choosing)
    before = metrics.AUTOMATIC_FAILURES._value.get()
    battle_id = await hunt()
    while (await state_of(battle_id)).round < 3:
        await send(ANA, wire.EndTurn(battle=battle_id))
    assert metrics.AUTOMATIC_FAILURES._value.get() >= before + 2
    record = await BattleRecord.objects.aget(pk=battle_id)
    assert (record.status, record.faults) == (BattleRecord.Status.LIVE, 0)


async def test_a_monster_that_cannot_even_end_its_turn_stops_the_battle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    battle_id = await hunt()
    step = engine.step

    def refuse(battle: engine.Battle, actor: int, *rest: object) -> engine.Step:
        if is_monsters(battle):
            raise engine.Refusal
        return step(battle, actor, *rest)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(acting.engine, "step", refuse)
    for _ in range(2):
        with pytest.raises(BattleFailedError):
            await send(ANA, wire.EndTurn(battle=battle_id))
    with pytest.raises(BattleFaultedError):
        await send(ANA, wire.EndTurn(battle=battle_id))
    assert (await BattleRecord.objects.aget(pk=battle_id)).status == BattleRecord.Status.FAULTED


async def test_rules_that_run_away_are_logged_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    battle_id = await duel()
    actor = await whose_turn(battle_id)
    before = metrics.FAULTS.labels("guard")._value.get()
    with monkeypatch.context() as patched, capture_logs() as logs:
        patched.setattr(resolution, "EVENTS_MAX", 2)
        await send(actor, wire.EndTurn(battle=battle_id))
    assert (await state_of(battle_id)).end_reason == "engine_fault"
    assert metrics.FAULTS.labels("guard")._value.get() == before + 1
    (line,) = [each for each in logs if each["log_level"] == "error"]
    assert (line["battle"], line["input"]) == (battle_id, '{"i":"end_turn"}')


@pytest.mark.usefixtures("broken_rules")
async def test_each_failure_of_the_rules_is_counted() -> None:
    battle_id = await duel()
    before = metrics.FAULTS.labels("failure")._value.get()
    await fail_thrice(battle_id)
    assert metrics.FAULTS.labels("failure")._value.get() == before + 3
