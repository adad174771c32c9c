"""Battles as streams: snapshot plus updates is the snapshot later, per audience, and nothing leaks."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import journal, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol import combat as wire
from apps.combat import engine, running
from apps.combat.streaming import BattleSource
from tests.combat.cast import ANA, BO, EVE, duel, elsewhere, open_duel, send, state_of, whose_turn

pytestmark = pytest.mark.usefixtures("arena")

SOURCE = BattleSource()


Reads = list[int]
"""After which version the journal was read, each time."""


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Reads:
    done: Reads = []
    read = journal.read

    async def noting(stream: journal.Stream, *, after: int = 0) -> list[journal.Entry]:
        done.append(after)
        return await read(stream, after=after)

    monkeypatch.setattr(journal, "read", noting)
    return done


async def moved_on_elsewhere(battle_id: int, *, turns: int) -> None:
    with elsewhere():
        await some_turns(battle_id, turns)


async def whose_turn_in_the_journal(battle_id: int) -> int:
    with elsewhere():
        return await whose_turn(battle_id)


async def some_turns(battle_id: int, count: int) -> None:
    for _ in range(count):
        await send(await whose_turn(battle_id), wire.EndTurn(battle=battle_id))


async def test_a_battle_that_begins_here_is_in_memory_as_the_journal_has_it(reads: Reads) -> None:
    await realtime.start()
    try:
        battle_id = await in_database_thread(open_duel)
        begun = running.kept(battle_id)
        assert begun is not None
        assert not reads
    finally:
        await realtime.stop()
    read = running.RunningBattle(battle_id)
    await read.load()
    for name in ("state", "clock", "site", "seed", "rulebook", "numbers", "head"):
        assert getattr(begun, name) == getattr(read, name), name


async def test_each_team_is_its_own_audience() -> None:
    stream = running.stream_name(await duel())
    assert await SOURCE.audience(CharacterId(ANA), stream) == "team:0"
    assert await SOURCE.audience(CharacterId(BO), stream) == "team:1"


@pytest.mark.parametrize(
    "stream", ["battle:x", "battle:0", "battle:٣", "battle:99999999999999999999", "battle:"]
)
async def test_streams_that_are_no_battle_do_not_exist(stream: str) -> None:
    with pytest.raises(NotFoundError):
        await SOURCE.audience(CharacterId(ANA), stream)


async def test_a_stranger_has_no_audience() -> None:
    stream = running.stream_name(await duel())
    with pytest.raises(NotFoundError):
        await SOURCE.audience(CharacterId(EVE), stream)


@pytest.mark.parametrize("audience", ["team:0", "team:1", "spectator"])
async def test_snapshot_and_updates_make_the_later_snapshot(audience: str) -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    n, _ = await SOURCE.snapshot(stream, audience, CharacterId(ANA))
    then = await state_of(battle_id)
    await some_turns(battle_id, 5)
    updates = await SOURCE.since(stream, audience, n)
    assert updates is not None
    seen = then
    for first, last, update in updates:
        assert isinstance(update, wire.BattleEvents)
        assert last - first + 1 == len(update.events)
        assert first == n + 1
        n = last
        seen = engine.fold(seen, update.events)  # type: ignore[arg-type]  # events are a union of leaves
    head, snapshot = await SOURCE.snapshot(stream, audience, CharacterId(ANA))
    assert isinstance(snapshot, wire.BattleSnapshot)
    assert head == n == await SOURCE.head(stream, audience)
    assert engine.view(seen, engine.Audience(audience)) == snapshot.battle


async def test_a_gap_is_filled_from_its_middle() -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    await some_turns(battle_id, 2)
    head = await SOURCE.head(stream, "team:0")
    missed = await SOURCE.since(stream, "team:0", head - 2)
    assert missed is not None
    assert [(first, last) for first, last, _ in missed][-1][1] == head
    assert sum(last - first + 1 for first, last, _ in missed) == 2
    assert await SOURCE.since(stream, "team:0", head) == []


async def test_who_claims_to_have_seen_the_future_gets_a_snapshot() -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    assert await SOURCE.since(stream, "team:0", 10_000) is None


async def test_a_viewer_on_another_process_sees_what_was_committed_elsewhere() -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    async with running.locked(battle_id) as battle:
        before = battle.state, battle.clock, dict(battle.numbers), battle.head
    await some_turns(battle_id, 1)
    head = await SOURCE.head(stream, "team:0")
    async with running.locked(battle_id) as battle:
        battle.state, battle.clock, battle.numbers, battle.head = before
    assert await SOURCE.head(stream, "team:0") == head


async def test_a_battle_that_is_in_memory_is_never_read_from_its_beginning(reads: Reads) -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    await SOURCE.head(stream, "team:0")
    reads.clear()
    await some_turns(battle_id, 2)
    head = await SOURCE.head(stream, "team:0")
    await SOURCE.snapshot(stream, "team:0", CharacterId(ANA))
    assert await SOURCE.since(stream, "team:0", head - 1)
    assert min(reads) > 0


async def test_what_another_process_has_committed_is_all_that_is_read(reads: Reads) -> None:
    battle_id = await duel()
    stream = running.stream_name(battle_id)
    async with running.locked(battle_id) as battle:
        here = battle.head.version
    await moved_on_elsewhere(battle_id, turns=3)
    reads.clear()
    head = await SOURCE.head(stream, "team:0")
    async with running.locked(battle_id) as battle:
        assert battle.head.version > here
        warm, numbers = battle.state, dict(battle.numbers)
    assert reads == [here - 1]
    running.forget_all()
    async with running.locked(battle_id) as battle:
        assert (battle.state, battle.numbers) == (warm, numbers)
        assert battle.numbers[engine.Audience("team:0")] == head


async def test_a_command_to_a_process_that_is_behind_succeeds_at_the_second_try(reads: Reads) -> None:
    battle_id = await duel()
    await moved_on_elsewhere(battle_id, turns=2)
    actor = await whose_turn_in_the_journal(battle_id)
    reads.clear()
    assert "turn" in str(await send(actor, wire.EndTurn(battle=battle_id)))
    assert min(reads) > 0


async def test_a_battle_whose_journal_says_something_else_is_read_anew(reads: Reads) -> None:
    battle_id = await duel()
    async with running.locked(battle_id) as battle:
        state = battle.state
        battle.head = battle.head._replace(hash=b"x" * 32)
    async with running.fresh(battle_id) as battle:
        assert battle.state == state
    assert reads[-1] == 0


async def test_nobody_is_sent_seeds_dice_or_hashes() -> None:
    """HOSTILE A13: what an audience may not see is in no update and no snapshot."""
    battle_id = await duel()
    await some_turns(battle_id, 4)
    async with running.locked(battle_id) as battle:
        seed = battle.seed.hex()
    stream = running.stream_name(battle_id)
    _, snapshot = await SOURCE.snapshot(stream, "team:0", CharacterId(ANA))
    updates = await SOURCE.since(stream, "team:0", 0)
    sent = msgspec.json.encode([snapshot, updates]).decode()
    assert seed not in sent
    assert '"e":"rolled"' not in sent
    assert '"seed":"bb"' not in sent
    assert '"state_hash":""' in sent
