"""Speaking across shards: a whisper asks the shard where its recipient is, a channel's line goes to all.

The shard of the recipient decides whether it is heard, as it does for its own; the sender's has checked that
its account may speak.
"""

from __future__ import annotations

from typing import Any

import msgspec
from asgiref.sync import async_to_sync

from aether.kernel import live, realtime, shards
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.protocol.chat import ChatLine, LineSaid, WhisperReceived
from apps.accounts import selectors as accounts
from apps.chat import lines, selectors
from apps.chat.errors import UnknownCharacterError, UnreachableError

WHISPER = "chat.whisper"
LINE = "chat.line"
NOBODY = 0
"""What a line from another shard has for its sender: no character of this one."""


def whereabouts(name: str) -> tuple[str, str]:
    """Return the other shard on which somebody is, and the name as it is written; refuse an unknown one."""
    found = accounts.whereabouts(name)
    if found is None or found[0] == shards.here():
        raise UnknownCharacterError
    return found


async def whisper_to(shard: str, line: ChatLine) -> ChatLine:
    """Whisper to somebody on another shard, and keep the line here; refuse what is not heard there."""
    body = {"line": msgspec.to_builtins(line)}
    answer = await in_database_thread(shards.ask, shard, WHISPER, body)
    if answer.get("is_heard") is not True:
        raise UnreachableError
    kept = await lines.keep(line, lines.whispers(line.sender))
    await realtime.tell_character_now(line.sender, WhisperReceived(line=kept))
    return kept


def say_to_all_shards(channel: str, line: ChatLine) -> None:
    """Let the other shards hear a line of a channel that they share, such as a guild's, after commit.

    The line names its sender by name only: ids are a shard's own.
    """
    shards.post_to_all(LINE, {"channel": channel, "line": msgspec.to_builtins(line)})


@shards.receives(WHISPER)
def hear_whisper(sender: str, body: dict[str, Any]) -> dict[str, Any]:
    """Bring a whisper from another shard to whom it is for, if that one is here and listens."""
    line = msgspec.convert(body["line"], ChatLine)
    try:
        recipient = accounts.character_named(line.to or "")
    except NotFoundError:
        return {"is_heard": False}
    if not live.is_online(recipient.id) or not selectors.hears_name(recipient.id, line.name):
        return {"is_heard": False}
    async_to_sync(_bring_whisper)(recipient.id, msgspec.structs.replace(line, sender=NOBODY))
    return {"is_heard": True}


@shards.receives(LINE)
def hear_line(sender: str, body: dict[str, Any]) -> None:
    """Let this shard's listeners of a shared channel hear what was said on another."""
    line = msgspec.structs.replace(msgspec.convert(body["line"], ChatLine), sender=NOBODY)
    async_to_sync(_bring_line)(str(body["channel"]), line)


async def _bring_whisper(recipient_id: int, line: ChatLine) -> None:
    try:
        kept = await lines.keep(line, lines.whispers(recipient_id))
        await realtime.tell_character_now(recipient_id, WhisperReceived(line=kept))
    finally:
        await live.close_aredis()


async def _bring_line(channel: str, line: ChatLine) -> None:
    try:
        kept = await lines.keep(line, channel)
        await realtime.send(f"chat:{channel}", LineSaid(line=kept))
    finally:
        await live.close_aredis()
