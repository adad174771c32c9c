"""Words between shards: through the post of the realm, as each shard would by itself."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connections

from aether.kernel import clock, shards
from aether.kernel.live import close_aredis, presence
from aether.kernel.models import RealmPost, Shard
from aether.kernel.shards import post
from aether.kernel.shards.post import ShardSilentError
from aether.protocol.chat import ChatLine
from apps.accounts import services as accounts
from apps.accounts.selectors import CharacterRecord
from apps.chat import lines, selectors, services
from apps.chat.errors import UnknownCharacterError, UnreachableError
from apps.chat.models import BlockedName
from apps.chat.services import far
from tests.accounts import cast
from tests.shards.two_shards import TwoShards


@contextmanager
def courier_of(two_shards: TwoShards, shard: str) -> Iterator[None]:
    """Let a process of a shard deliver what is sent to it, in a thread of its own."""
    stop = threading.Event()

    def deliver() -> None:
        mine = two_shards.for_another_thread()
        with mine.on(shard):
            post.deliver_until(stop)
        mine.close()
        connections.close_all()

    thread = threading.Thread(target=deliver)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def heard_by(character_id: int) -> list[ChatLine]:
    return async_to_sync(_closing(lines.recent))(lines.whispers(character_id), limit=10)


def _closing(work):  # type: ignore[no-untyped-def]
    """Close what the short loop of a call has opened."""

    async def done(*arguments, **options):  # type: ignore[no-untyped-def]
        try:
            return await work(*arguments, **options)
        finally:
            await close_aredis()

    return done


@pytest.fixture
def maren(two_shards: TwoShards) -> CharacterRecord:
    return cast.character(cast.account("alice"), "Maren")


@pytest.fixture
def tovin(two_shards: TwoShards, maren: CharacterRecord) -> CharacterRecord:
    """Somebody on the second shard, who is online."""
    with two_shards.on("second"):
        made = cast.character(cast.account("bob"), "Tovin")
    async_to_sync(_closing(presence.refresh))([made.id])
    return made


def test_a_question_is_answered_by_a_process_of_the_other_shard(two_shards: TwoShards) -> None:
    with courier_of(two_shards, "second"):
        answer = shards.ask("second", far.WHISPER, {"line": _line("Nobody")})
    assert answer == {"is_heard": False}


def test_a_whisper_crosses_shards_and_is_refused_where_nobody_hears(
    two_shards: TwoShards,
    maren: CharacterRecord,
    tovin: CharacterRecord,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(far, "in_database_thread", lambda work, *args: sync_to_async(work)(*args))
    line = msgspec.convert(_line("Tovin"), ChatLine)
    line = msgspec.structs.replace(line, sender=maren.id)
    with courier_of(two_shards, "second"):
        kept = async_to_sync(_closing(far.whisper_to))("second", line)
        assert [each.id for each in heard_by(maren.id)] == [kept.id]
        assert heard_by(tovin.id)[0].text == "Psst"
        async_to_sync(_closing(presence.leave))(tovin.id)
        with pytest.raises(UnreachableError):
            async_to_sync(_closing(far.whisper_to))("second", line)


def test_a_shard_that_is_silent_is_said_to_be(two_shards: TwoShards) -> None:
    with pytest.raises(ShardSilentError):
        shards.ask("second", far.WHISPER, {"line": _line("Nobody")}, patience_s=0.2)
    Shard.objects.filter(pk="second").update(seen_at=clock.utc_now() - timedelta(minutes=2))
    with pytest.raises(ShardSilentError):
        shards.ask("second", far.WHISPER, {"line": _line("Nobody")})
    assert RealmPost.objects.count() == 1, "nothing is posted to who is known to be away"


def test_what_was_not_taken_in_time_is_never_delivered(two_shards: TwoShards) -> None:
    shards.post_to_all(far.LINE, {"channel": "guild:1", "line": _line(None)})
    RealmPost.objects.update(posted_at=clock.utc_now() - timedelta(seconds=post.LAPSES_S + 1))
    with two_shards.on("second"):
        assert post.deliver_waiting() == 0


def test_whoever_is_online_on_the_other_shard_hears(two_shards: TwoShards, tovin: CharacterRecord) -> None:
    with two_shards.on("second"):
        answer = far.hear_whisper("first", {"line": _line("tovin")})
    assert answer == {"is_heard": True}
    line = heard_by(tovin.id)[0]
    assert (line.name, line.text, line.sender) == ("Maren", "Psst", far.NOBODY)


def test_who_is_blocked_is_not_heard_from_another_shard(
    two_shards: TwoShards, tovin: CharacterRecord
) -> None:
    with two_shards.on("second"):
        services.block(character_id=tovin.id, name="Maren")
        assert far.hear_whisper("first", {"line": _line("Tovin")}) == {"is_heard": False}
        assert selectors.blocked_names(tovin.id) == ["Maren"]
        services.unblock(character_id=tovin.id, name="Maren")
        assert far.hear_whisper("first", {"line": _line("Tovin")}) == {"is_heard": True}
        assert selectors.blocked_names(tovin.id) == []


def test_a_name_that_nobody_bears_any_more_can_still_be_unblocked(
    two_shards: TwoShards, tovin: CharacterRecord
) -> None:
    with two_shards.on("second"):
        BlockedName.objects.create(character_id=tovin.id, name_key="aivar")
        assert selectors.blocked_names(tovin.id) == ["aivar"]
        services.unblock(character_id=tovin.id, name="aivar")
        assert selectors.blocked_names(tovin.id) == []


def test_who_is_offline_there_does_not_hear(two_shards: TwoShards, tovin: CharacterRecord) -> None:
    async_to_sync(_closing(presence.leave))(tovin.id)
    with two_shards.on("second"):
        assert far.hear_whisper("first", {"line": _line("Tovin")}) == {"is_heard": False}


def test_a_name_that_nobody_bears_anywhere_is_unknown(two_shards: TwoShards) -> None:
    with pytest.raises(UnknownCharacterError):
        far.whereabouts("Nobody")
    assert cast.character(cast.account(), "Maren").name == "Maren"
    with pytest.raises(UnknownCharacterError):
        far.whereabouts("Maren")
    with two_shards.on("second"):
        assert far.whereabouts("maren") == ("first", "Maren")


def test_a_line_of_a_shared_channel_is_heard_on_every_other_shard(two_shards: TwoShards) -> None:
    line = ChatLine(id=1, channel="guild", sender=7, name="Maren", text="Hail", at=clock.now())
    services.say_to_all_shards("guild:1", line)
    with two_shards.on("second"):
        assert post.deliver_waiting() == 1
        assert post.deliver_waiting() == 0
    heard = async_to_sync(_closing(lines.recent))("guild:1", limit=10)
    assert [(each.name, each.text, each.sender) for each in heard] == [("Maren", "Hail", far.NOBODY)]


def test_a_block_goes_along_and_stays_behind(two_shards: TwoShards, maren: CharacterRecord) -> None:
    oona = cast.character(cast.account("carol"), "Oona")
    services.block(character_id=maren.id, name="Oona")
    services.block(character_id=oona.id, name="Maren")
    Shard.objects.update(transfer_fee=0)
    accounts.request_transfer(account_id=maren.account_id, character_id=maren.id, target="second")
    for _ in range(4):
        accounts.move_characters()
        with two_shards.on("second"):
            accounts.move_characters()
    assert far.hear_whisper("second", {"line": _line("Oona")}) == {"is_heard": False}
    with two_shards.on("second"):
        assert far.hear_whisper("first", {"line": _line("Maren", sender="Oona")}) == {"is_heard": False}


def _line(to: str | None, sender: str = "Maren") -> dict[str, object]:
    return {"id": 0, "channel": "whisper", "sender": 7, "name": sender, "text": "Psst", "at": 1.0, "to": to}
