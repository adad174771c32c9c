"""What is told of guilds: to all members on their stream, to one character on `me`, on every shard.

A change is numbered while the guild's row is held. After commit it is told here, and posted to the other
shards, which tell their own; what is lost on the way, the heads of the stream show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from django.db import transaction
from django.db.models import F

from aether.kernel import facts, realm, realtime, shards
from aether.kernel.facts import types as fact
from aether.protocol import guilds as wire
from apps.accounts import selectors as accounts
from apps.chat import guilds, selectors
from apps.chat.models import Guild, GuildInvitation, GuildMember

NEWS = "chat.guild"

Cause = Literal["founded", "joined", "left", "removed", "disbanded"]
Answer = Literal["accepted", "declined", "withdrawn"]


class Word(msgspec.Struct, frozen=True, kw_only=True):
    """Something for one character, whom its name's `key` tells; only one of the updates is there.

    Who does not hear `by` is not told.
    """

    key: str
    current: wire.CurrentGuildChanged | None = None
    invited: wire.GuildInvitationReceived | None = None
    answered: wire.GuildInvitationClosed | None = None
    by: str = ""


class News(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a guild with its change `n`, if it changed, and what single characters are told.

    `moved` are those, by the keys of their names, whose rank, its place or its permissions are others now.
    """

    guild: int
    n: int = 0
    change: wire.GuildChanged | None = None
    words: tuple[Word, ...] = ()
    moved: tuple[str, ...] = ()


def tell(
    guild: Guild,
    change: wire.GuildChanged | None = None,
    words: Sequence[Word] = (),
    *,
    moved: Iterable[GuildMember] = (),
) -> None:
    """Count a change of a guild and tell it once it is committed. Call while holding the guild's row.

    Whoever has `moved` to another rank, or whose rank stands elsewhere or may do something else, is named.
    """
    if change is not None:
        Guild.objects.filter(pk=guild.pk).update(version=F("version") + 1)
        guild.version += 1
    keys = tuple(str(member.pk) for member in moved)
    news = News(guild=guild.pk, n=guild.version, change=change, words=tuple(words), moved=keys)
    _once_committed(lambda: bring(news))
    _once_committed(lambda: shards.post_to_all(NEWS, {"news": msgspec.to_builtins(news)}))


def _once_committed(act: Callable[[], None]) -> None:
    """Do something once both shard and realm have committed, whichever transaction is around the other."""
    transaction.on_commit(lambda: realm.on_commit(act), robust=True)


@shards.receives(NEWS)
def bring_from_afar(sender: str, body: dict[str, Any]) -> None:
    """Tell this shard's characters what became of a guild on another."""
    bring(msgspec.convert(body["news"], News))


def bring(news: News) -> None:
    """Tell this shard's characters; what it is about is committed."""
    here = accounts.borne_here({*news.moved, *(word.key for word in news.words)})
    if news.change is not None:
        realtime.send_numbered(guilds.stream_of(news.guild), news.n, news.n, news.change)
    for word in news.words:
        if word.key in here:
            _bring_word(here[word.key], news.guild, word)
    _publish_standings(here, {*news.moved, *(word.key for word in news.words if word.current is not None)})


def _publish_standings(here: Mapping[str, int], keys: set[str]) -> None:
    """Let the other apps of this shard know whose standing in a guild is another now."""
    changed = sorted(here[key] for key in keys & here.keys())
    with transaction.atomic():
        facts.publish_all(fact.GuildChanged(character=character_id) for character_id in changed)


def _bring_word(character_id: int, guild_id: int, word: Word) -> None:
    if word.by and not selectors.hears_called(character_id, word.by):
        return
    for update in (word.current, word.invited, word.answered):
        if update is not None:
            realtime.tell_character(character_id, update)
    if word.current is not None:
        streams = guilds.followed(guild_id)
        if word.current.guild is None:
            realtime.follow_character(character_id, unfollow=streams)
        else:
            realtime.follow_character(character_id, follow=streams)


def comes(key: str, guild: Guild, *, cause: Cause) -> Word:
    """Lead somebody to the streams of a guild."""
    current = wire.CurrentGuildChanged(
        guild=guild.pk, stream=guild_stream(guild), name=guild.name, cause=cause
    )
    return Word(key=key, current=current)


def goes(key: str, guild: Guild, *, cause: Cause) -> Word:
    """Lead somebody away from them."""
    current = wire.CurrentGuildChanged(guild=None, stream=None, name=guild.name, cause=cause)
    return Word(key=key, current=current)


def asks(row: GuildInvitation, members: int) -> Word:
    """Tell whoever is asked, if it hears who asks."""
    received = wire.GuildInvitationReceived(invitation=guilds.invitation_shown(row, members))
    return Word(key=row.invited_id, invited=received, by=row.inviter.name)


def closes(row: GuildInvitation, *, answer: Answer) -> tuple[Word, Word]:
    """Tell both sides of an invitation what became of it; who does not hear the other never knew of it."""
    asked, asking = row.invited, row.inviter
    told = wire.GuildInvitationClosed(invitation=row.pk, name=asking.name, answer=answer)
    known = wire.GuildInvitationClosed(invitation=row.pk, name=asked.name, answer=answer)
    return (
        Word(key=asked.pk, answered=told, by=asking.name),
        Word(key=asking.pk, answered=known),
    )


def guild_stream(guild: Guild) -> str:
    return guilds.stream_of(guild.pk)
