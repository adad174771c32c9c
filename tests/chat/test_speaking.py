"""What is said is kept, heard where it was said, and refused where it must be."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import clock, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, RateLimitedError
from aether.kernel.live import redis
from apps.accounts.models import FOREVER
from apps.chat import lines, services
from apps.chat.errors import (
    MutedError,
    NoRecipientError,
    NowhereError,
    OneselfError,
    TooManyBlockedError,
    UnknownCharacterError,
    UnreachableError,
)
from apps.chat.models import Block
from apps.chat.services import blocking
from apps.chat.streams import ChatSource
from tests.chat.cast import person, speech

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> dict[str, Any]:
    return {name: person(name) for name in ("Alice", "Bob", "Carol")}


async def test_a_line_is_kept_with_who_said_it(cast: dict[str, Any]) -> None:
    line_id = await services.say(speech(cast["Alice"], "  Good morning, Lastmoor!  "))
    (line,) = await lines.recent("global", limit=10)
    assert (line.id, line.sender, line.name) == (line_id, cast["Alice"].pk, "Alice")
    assert line.text == "Good morning, Lastmoor!"


async def test_zone_lines_stay_in_their_zone(cast: dict[str, Any], zones: dict[int, str]) -> None:
    zones |= {cast["Alice"].pk: "lastmoor.1", cast["Bob"].pk: "reedmoor_flats.1"}
    await services.say(speech(cast["Alice"], "here", "zone"))
    await services.say(speech(cast["Bob"], "there", "zone"))
    assert [line.text for line in await lines.recent("zone:lastmoor.1", limit=10)] == ["here"]


async def test_who_is_nowhere_cannot_speak_to_a_zone(cast: dict[str, Any], zones: dict[int, str]) -> None:
    with pytest.raises(NowhereError):
        await services.say(speech(cast["Alice"], "here", "zone"))


async def test_only_the_last_two_hundred_lines_are_kept(cast: dict[str, Any]) -> None:
    for number in range(205):
        with clock.replaced(lambda number=number: 1_000_000.0 + 10 * number):
            await services.say(speech(cast["Alice"], f"line {number}"))
    kept = await lines.recent("global", limit=1000)
    assert (len(kept), kept[0].text, kept[-1].text) == (200, "line 5", "line 204")


async def test_history_pages_backwards(cast: dict[str, Any]) -> None:
    ids = [await services.say(speech(cast["Alice"], word)) for word in ("one", "two", "three")]
    earlier = await lines.recent("global", limit=1, before=ids[2])
    assert [line.text for line in earlier] == ["two"]


async def test_a_whisper_reaches_both_sides_and_nobody_else(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, Any]] = []

    async def tell(character_id: int, update: Any) -> None:
        told.append((character_id, update))

    monkeypatch.setattr(realtime, "tell_character_now", tell)
    await services.say(speech(cast["Alice"], "psst", "whisper", "bob"))
    assert [who for who, _ in told] == [cast["Alice"].pk, cast["Bob"].pk]
    assert {update.line.to for _, update in told} == {"Bob"}
    assert await lines.recent(lines.whispers(cast["Carol"].pk), limit=10) == []


async def test_a_whisper_to_an_unknown_name_is_refused(cast: dict[str, Any]) -> None:
    with pytest.raises(UnknownCharacterError):
        await services.say(speech(cast["Alice"], "psst", "whisper", "Nobody"))


async def test_a_whisper_to_somebody_offline_is_refused(cast: dict[str, Any]) -> None:
    redis().zrem("presence", str(cast["Bob"].pk))
    with pytest.raises(UnreachableError):
        await services.say(speech(cast["Alice"], "psst", "whisper", "Bob"))


async def test_a_whisper_to_oneself_is_refused(cast: dict[str, Any]) -> None:
    with pytest.raises(OneselfError):
        await services.say(speech(cast["Alice"], "psst", "whisper", "Alice"))


@pytest.mark.parametrize(("channel", "to"), [("whisper", None), ("global", "Bob"), ("zone", "Bob")])
async def test_only_whispers_name_somebody(cast: dict[str, Any], channel: str, to: str | None) -> None:
    with pytest.raises(NoRecipientError):
        await services.say(speech(cast["Alice"], "hm", channel, to))


async def test_a_muted_account_is_silent_with_each_of_its_characters(cast: dict[str, Any]) -> None:
    account = cast["Alice"].account
    account.muted_until = clock.utc_now().replace(year=9999)
    await sync_to_async(account.save)()
    for channel, to in (("global", None), ("whisper", "Bob")):
        with pytest.raises(MutedError):
            await services.say(speech(cast["Alice"], "hello", channel, to))


async def test_who_is_muted_is_told_until_when_if_that_ends(cast: dict[str, Any]) -> None:
    account = cast["Alice"].account
    tomorrow = clock.utc_now() + timedelta(days=1)
    for until, told in ((tomorrow, tomorrow.timestamp()), (FOREVER, None)):
        account.muted_until = until
        await sync_to_async(account.save)()
        with pytest.raises(MutedError) as refused:
            await services.say(speech(cast["Alice"], "hello"))
        assert refused.value.details == {"until": told}


async def test_a_seventh_line_at_once_has_to_wait(cast: dict[str, Any]) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        for number in range(6):
            await services.say(speech(cast["Alice"], f"line {number}"))
        with pytest.raises(RateLimitedError) as refusal:
            await services.say(speech(cast["Alice"], "line 6"))
    assert refusal.value.details == {"retry_after_ms": 600}
    with clock.replaced(lambda: 1_000_000.7):
        assert await services.say(speech(cast["Alice"], "line 6"))


async def test_what_is_refused_counts_as_spoken(cast: dict[str, Any]) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        for _ in range(6):
            with pytest.raises(UnknownCharacterError):
                await services.say(speech(cast["Alice"], "psst", "whisper", "Nobody"))
        with pytest.raises(RateLimitedError):
            await services.say(speech(cast["Alice"], "psst", "whisper", "Nobody"))
        with pytest.raises(RateLimitedError):
            await services.say(speech(cast["Alice"], "hello"))


async def test_blocking_stops_whispers_and_hides_history(cast: dict[str, Any]) -> None:
    await services.say(speech(cast["Alice"], "before"))
    await in_database_thread(services.block, character_id=cast["Bob"].pk, name="Alice")
    with pytest.raises(UnreachableError):
        await services.say(speech(cast["Alice"], "psst", "whisper", "Bob"))
    _, shown = await ChatSource().snapshot("chat:global", "", cast["Bob"].pk)
    assert shown.lines == []
    await in_database_thread(services.unblock, character_id=cast["Bob"].pk, name="Alice")
    assert await services.say(speech(cast["Alice"], "psst", "whisper", "Bob"))


async def test_blocking_twice_is_blocking_once_even_when_no_more_may_be_blocked(
    cast: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocking, "BLOCKED_MAX", 1)
    for _ in range(2):
        await in_database_thread(services.block, character_id=cast["Bob"].pk, name="Alice")
    with pytest.raises(TooManyBlockedError):
        await in_database_thread(services.block, character_id=cast["Bob"].pk, name="Carol")
    assert await Block.objects.filter(character_id=cast["Bob"].pk).acount() == 1


async def test_a_snapshot_shows_the_recent_lines(cast: dict[str, Any]) -> None:
    await services.say(speech(cast["Alice"], "hello"))
    _, shown = await ChatSource().snapshot("chat:global", "", cast["Bob"].pk)
    assert (shown.channel, [line.text for line in shown.lines]) == ("global", ["hello"])


async def test_a_snapshot_of_long_lines_still_fits_into_a_frame(cast: dict[str, Any]) -> None:
    for number in range(60):
        with clock.replaced(lambda number=number: 1_000_000.0 + 10 * number):
            await services.say(speech(cast["Alice"], f"{number:04}" + "é" * 996))
    _, shown = await ChatSource().snapshot("chat:global", "", cast["Bob"].pk)
    assert 10 < len(shown.lines) < 30
    assert shown.lines[-1].text.startswith("0059")


async def test_only_who_stands_in_a_zone_may_follow_its_chat(
    cast: dict[str, Any], zones: dict[int, str]
) -> None:
    zones[cast["Alice"].pk] = "lastmoor.1"
    assert await ChatSource().audience(cast["Alice"].pk, "chat:zone:lastmoor.1") == ""
    for stream in ("chat:zone:reedmoor_flats.1", "chat:whisper:1", "chat:", "chat:zone:"):
        with pytest.raises(NotFoundError):
            await ChatSource().audience(cast["Alice"].pk, stream)


async def test_line_ids_grow_when_redis_was_wiped(cast: dict[str, Any]) -> None:
    before = await services.say(speech(cast["Alice"], "hello"))
    redis().delete("chat:line_id")
    assert await services.say(speech(cast["Alice"], "again")) > before


async def test_who_speaks_at_the_same_moment_is_judged_alone(
    cast: dict[str, Any], zones: dict[int, str]
) -> None:
    """Trips to the database and to Redis are shared; refusals and line ids are not."""
    alice, bob, carol = cast["Alice"], cast["Bob"], cast["Carol"]
    zones[alice.pk] = "lastmoor.1"
    carol.account.muted_until = clock.utc_now().replace(year=9999)
    await sync_to_async(carol.account.save)()
    first = asyncio.create_task(services.say(speech(alice, "first")))
    said = await asyncio.gather(
        first,
        services.say(speech(alice, "here", "zone")),
        services.say(speech(bob, "nowhere", "zone")),
        services.say(speech(carol, "muted")),
        services.say(speech(bob, "everywhere")),
        return_exceptions=True,
    )
    assert [type(each) for each in said] == [int, int, NowhereError, MutedError, int]
    assert len({each for each in said if isinstance(each, int)}) == 3
    everywhere = await lines.recent("global", limit=10)
    assert [line.id for line in everywhere] == sorted(
        each for each in (said[0], said[4]) if isinstance(each, int)
    )
    assert [line.text for line in await lines.recent("zone:lastmoor.1", limit=10)] == ["here"]


async def test_of_many_lines_at_once_only_the_burst_is_heard(cast: dict[str, Any]) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        said = await asyncio.gather(
            *(services.say(speech(cast["Alice"], f"line {number}")) for number in range(10)),
            *(services.say(speech(cast["Bob"], f"word {number}")) for number in range(2)),
            return_exceptions=True,
        )
    assert [isinstance(each, int) for each in said] == [True] * 6 + [False] * 4 + [True] * 2
    assert len(await lines.recent("global", limit=20)) == 8


async def test_the_same_words_by_many_are_spam(cast: dict[str, Any]) -> None:
    with clock.replaced(lambda: 1_000_000.0):
        said = await asyncio.gather(
            *(services.say(speech(who, "Buy NOW")) for who in cast.values() for _ in range(3)),
            return_exceptions=True,
        )
    assert sum(isinstance(each, int) for each in said) == 5
