"""Time is an input: deadlines are kept by the sweeper, whoever is connected, and survive everything."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from aether.kernel import clock as wall
from aether.kernel import journal
from aether.kernel.database_threads import in_database_thread
from aether.kernel.ids import CharacterId
from aether.protocol import combat as wire
from apps.combat import clocks, running, services, tasks
from apps.combat.models import BattleRecord
from tests.combat.cast import ANA, BO, duel, hunt, open_duel, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")


class Time:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now

    def pass_s(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def time() -> Iterator[Time]:
    time = Time()
    with wall.replaced(time):
        yield time


async def test_placement_ends_after_its_time(time: Time) -> None:
    battle_id = await in_database_thread(open_duel)
    time.pass_s(29)
    assert await tasks.sweep() == 0
    time.pass_s(1)
    assert await tasks.sweep() == 1
    assert (await state_of(battle_id)).phase == "fighting"


async def test_a_turn_ends_after_its_time_and_the_bank(time: Time) -> None:
    battle_id = await duel()
    owner = await whose_turn(battle_id)
    time.pass_s(89)
    await tasks.sweep()
    assert await whose_turn(battle_id) == owner
    time.pass_s(1)
    await tasks.sweep()
    assert await whose_turn(battle_id) != owner


async def test_the_bank_that_was_used_is_gone_but_for_what_each_turn_adds(time: Time) -> None:
    battle_id = await duel()
    owner = await whose_turn(battle_id)
    time.pass_s(50)
    await send(owner, wire.EndTurn(battle=battle_id))
    async with running.locked(battle_id) as battle:
        combatant = battle.state.of_character(owner)
        assert combatant is not None
        assert battle.clock.banks[combatant.id] == 60_000 - 20_000 + 5_000


async def test_deadlines_survive_the_loss_of_all_memory(time: Time) -> None:
    battle_id = await duel()
    owner = await whose_turn(battle_id)
    running.forget_all()
    time.pass_s(90)
    assert await tasks.sweep() == 1
    assert await whose_turn(battle_id) != owner


async def test_a_claimed_battle_is_left_alone_until_the_lease_ends(time: Time) -> None:
    battle_id = await duel()
    time.pass_s(90)
    assert await services.claim_due(since=tasks.BEGINNING) == [battle_id]
    assert await services.claim_due(since=tasks.BEGINNING) == []
    time.pass_s(6)
    assert await services.claim_due(since=tasks.BEGINNING) == [battle_id]


async def test_what_became_due_before_a_start_waits_for_the_players(time: Time) -> None:
    battle_id = await duel()
    time.pass_s(3600)
    assert await services.claim_due(since=wall.utc_now()) == []
    assert await services.claim_due(since=tasks.BEGINNING) == [battle_id]


async def test_an_absent_player_is_skipped_then_played_by_the_ai(time: Time) -> None:
    battle_id = await duel()
    owner = await whose_turn(battle_id)
    await services.note_presence(owner, is_online=False)
    for waited_s in (90, 1):
        while await whose_turn(battle_id) != owner:
            await send(ANA + BO - owner, wire.EndTurn(battle=battle_id))
        time.pass_s(waited_s)
        await tasks.sweep()
    combatant = (await state_of(battle_id)).of_character(owner)
    assert combatant is not None
    assert combatant.controller == "afk"


async def test_who_comes_back_decides_again(time: Time) -> None:
    await test_an_absent_player_is_skipped_then_played_by_the_ai(time)
    battle_id = (await BattleRecord.objects.aget()).pk
    away = next(c for c in (await state_of(battle_id)).combatants if c.controller == "afk")
    character_id = (await state_of(battle_id)).build(away).character_id or 0
    await services.note_presence(character_id, is_online=True)
    back = (await state_of(battle_id)).of_character(character_id)
    assert back is not None
    assert (back.controller, back.is_connected) == ("human", True)


async def test_a_side_that_stays_away_loses(time: Time) -> None:
    battle_id = await duel()
    await services.note_presence(ANA, is_online=False)
    time.pass_s(180)
    await tasks.sweep()
    state = await state_of(battle_id)
    assert (state.end_reason, state.winner) == ("abandoned", 1)


async def test_of_two_sides_that_stay_away_the_first_to_leave_loses_however_late_it_is_noticed(
    time: Time,
) -> None:
    battle_id = await duel()
    await services.note_presence(BO, is_online=False)
    time.pass_s(1)
    await services.note_presence(ANA, is_online=False)
    time.pass_s(clocks.ABANDON_MS / 1000 + 60)
    await services.pass_time(battle_id)
    state = await state_of(battle_id)
    loser = state.of_character(BO)
    assert loser is not None
    assert (state.end_reason, state.winner) == ("abandoned", 1 - loser.team)


async def test_players_who_are_missing_thrice_are_gone(time: Time) -> None:
    battle_id = await duel()
    missing: dict[int, int] = {}
    for _ in range(tasks.LOOKS_BEFORE_GONE):
        assert all(each.is_connected for each in (await state_of(battle_id)).combatants)
        missing = await tasks.look_for_players(missing)
    assert not any(each.is_connected for each in (await state_of(battle_id)).combatants)


async def test_a_look_for_players_who_are_where_they_should_be_reads_no_journal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await duel()
    reads: list[journal.Stream] = []
    read = journal.read

    async def noting(stream: journal.Stream, *, after: int = 0) -> list[journal.Entry]:
        reads.append(stream)
        return await read(stream, after=after)

    monkeypatch.setattr(journal, "read", noting)
    monkeypatch.setattr(tasks.live, "online_characters", lambda: [CharacterId(ANA), CharacterId(BO)])
    assert await tasks.look_for_players({}) == {}
    assert reads == []


async def test_monsters_are_never_waited_for() -> None:
    battle_id = await hunt()
    for _ in range(3):
        await send(ANA, wire.EndTurn(battle=battle_id))
        if (await state_of(battle_id)).phase == "ended":
            break
        assert await whose_turn(battle_id) == ANA


@pytest.mark.parametrize("begin", [lambda: in_database_thread(open_duel), duel])
async def test_the_row_knows_the_deadline_of_the_battle(begin: Callable[[], Awaitable[int]]) -> None:
    battle_id = await begin()
    async with running.locked(battle_id) as battle:
        deadline = clocks.moment(clocks.deadline(battle.clock, battle.state))
    assert (await BattleRecord.objects.aget(pk=battle_id)).deadline == deadline


async def test_the_sweeper_stops_when_asked() -> None:
    stop = asyncio.Event()
    keeping = asyncio.create_task(tasks.keep_deadlines(stop))
    await asyncio.sleep(0)
    stop.set()
    await asyncio.wait_for(keeping, 5)
    assert keeping.done()
