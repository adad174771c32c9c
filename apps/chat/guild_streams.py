"""`guild:<id>` and the presence of its members; what is said in a guild is one of the streams of chat.

The stream is numbered by the guild's changes, which the realm counts: it is the same on every shard.
"""

from __future__ import annotations

import structlog

from aether.kernel import live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError, UnavailableError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from aether.protocol.guilds import GuildShown, GuildSnapshot
from apps.accounts import services as accounts
from apps.chat import guilds, services
from apps.chat.heads import heads
from apps.chat.streams import GUILD_CHAT, number_in

logger = structlog.get_logger(__name__)

_heads = heads(guilds.versions)


class GuildSource:
    """Answers for `guild:<id>`, which only its members follow."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        await _own_guild(character_id, stream)
        return ""

    async def head(self, stream: str, audience: str) -> int:
        return await _heads(number_in(stream))

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        found = await in_database_thread(guilds.shown, await _own_guild(character_id, stream))
        if found is None:
            raise NotFoundError
        return found[0], GuildSnapshot(guild=found[1])

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        found = await in_database_thread(guilds.shown, number_in(stream))
        if found is None or found[0] < n:
            return None
        return [] if found[0] == n else [(n + 1, found[0], GuildShown(guild=found[1]))]


async def _own_guild(character_id: CharacterId, stream: str) -> int:
    number = number_in(stream)
    own = (await in_database_thread(guilds.memberships, [character_id])).get(character_id)
    if own is None or own.guild != number:
        raise NotFoundError
    return number


@live.register_presence("chat")
async def show_in_guild(character_id: CharacterId, is_online: bool) -> None:
    """Let who has come online follow its guild, and the guild see who comes and goes."""
    try:
        streams = tuple(stream for _, stream in await in_database_thread(guilds.streams, [character_id]))
        if not streams:
            return
        if is_online:
            await realtime.follow_character_now(character_id, follow=streams)
        await in_database_thread(_note_presence, character_id, is_online)
    except UnavailableError as error:
        # The realm is away: `keep_guilds` notices later who came and went.
        logger.warning("a guild does not hear who came or went", error=repr(error))


def _note_presence(character_id: int, is_online: bool) -> None:
    services.note_guild_presence(character_id=character_id, is_online=is_online)


realtime.register_source(guilds.PREFIX, GuildSource(), is_sequenced=True)
realtime.register_must_follow(guilds.streams, nobody_else=(f"{guilds.PREFIX}:", GUILD_CHAT))
realtime.register_part("guild", guilds.standing)
accounts.register_parting(services.let_go)
