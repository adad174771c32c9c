"""The streams of chat, numbered per process with recent lines as snapshot, and those of parties.

A party's stream is numbered by its changes; whoever missed some is told how it is now, which is all there
is to know.
"""

from __future__ import annotations

from datetime import datetime

from aether.kernel import live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from aether.protocol.chat import ChatSnapshot
from aether.protocol.parties import PartyShown, PartySnapshot
from apps.chat import guilds, lines, parties, selectors, services
from apps.chat.errors import NowhereError
from apps.chat.heads import heads

SNAPSHOT_LINES = 50
GLOBAL_STREAM = f"chat:{lines.GLOBAL}"
_heads = heads(parties.versions)
PARTY_CHAT = "chat:party:"
GUILD_CHAT = "chat:guild:"


class ChatSource:
    """Answers for the streams of chat; those of a zone, party or guild are heard only by who is in it."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        if stream.startswith((PARTY_CHAT, GUILD_CHAT)):
            await _heard_since(character_id, stream)
        elif stream != GLOBAL_STREAM and stream != await _zone_stream(character_id):
            raise NotFoundError
        return ""

    async def head(self, stream: str, audience: str) -> int:
        return realtime.local_head(stream)

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        # The head comes first: a line said meanwhile is shown twice with the same id, never lost.
        head = realtime.local_head(stream)
        channel = stream.removeprefix("chat:")
        unheard = await in_database_thread(selectors.unheard_by, character_id)
        since = await _heard_since(character_id, stream)
        recent = await lines.recent(channel, limit=SNAPSHOT_LINES, since=since, without=unheard)
        return head, ChatSnapshot(channel=channel.partition(":")[0], lines=recent)

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        return None


class PartySource:
    """Answers for `party:<id>`, which only its members follow."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        if stream not in await _party_streams(character_id):
            raise NotFoundError
        return ""

    async def head(self, stream: str, audience: str) -> int:
        return await _heads(number_in(stream))

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        found = await in_database_thread(parties.shown, number_in(stream))
        if found is None or character_id not in [each.character for each in found[1].members]:
            raise NotFoundError
        return found[0], PartySnapshot(party=found[1])

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        found = await in_database_thread(parties.shown, number_in(stream))
        if found is None or found[0] < n:
            return None
        return [] if found[0] == n else [(n + 1, found[0], PartyShown(party=found[1]))]


def number_in(stream: str) -> int:
    """Return the number that follows the kind of a stream; refuse what is none, or is written otherwise."""
    number = stream.partition(":")[2]
    is_number = number.isascii() and number.isdigit() and not number.startswith("0")
    if not is_number or int(number) > parties.ID_MAX:
        raise NotFoundError
    return int(number)


async def _party_streams(character_id: CharacterId) -> list[str]:
    followed = await in_database_thread(parties.streams, [character_id])
    return [stream for _, stream in followed]


async def _heard_since(character_id: CharacterId, stream: str) -> float:
    """Return since when a character hears a stream of chat; refuse who is not in that party or guild."""
    joined: dict[str, datetime] = {}
    if stream.startswith(PARTY_CHAT):
        company = await in_database_thread(parties.memberships, [character_id])
        joined = {f"chat:{lines.party(own.party)}": own.joined_at for own in company.values()}
    elif stream.startswith(GUILD_CHAT):
        members = await in_database_thread(guilds.memberships, [character_id])
        joined = {f"chat:{lines.guild(own.guild)}": own.joined_at for own in members.values()}
    else:
        return 0.0
    if stream not in joined:
        raise NotFoundError
    return joined[stream].timestamp()


async def _zone_stream(character_id: CharacterId) -> str | None:
    try:
        return f"chat:{lines.zone(await in_database_thread(selectors.zone_of, character_id))}"
    except NowhereError:
        return None


@live.register_presence("chat")
async def follow_global(character_id: CharacterId, is_online: bool) -> None:
    """Let who has come online hear the whole world."""
    if is_online:
        await realtime.follow_character_now(character_id, follow=(GLOBAL_STREAM,))


@live.register_presence("chat")
async def show_in_party(character_id: CharacterId, is_online: bool) -> None:
    """Let who has come online follow its party, and the party see who comes and goes."""
    followed = await _party_streams(character_id)
    if not followed:
        return
    if is_online:
        await realtime.follow_character_now(character_id, follow=tuple(followed))
    await in_database_thread(_note_presence, character_id, is_online)


@live.register_presence("chat")
async def show_to_friends(character_id: CharacterId, is_online: bool) -> None:
    """Let friends know who comes and goes."""
    await in_database_thread(_tell_friends, character_id, is_online)


def _tell_friends(character_id: int, is_online: bool) -> None:
    services.tell_friends(character_id=character_id, is_online=is_online)


def _note_presence(character_id: int, is_online: bool) -> None:
    services.note_presence(character_id=character_id, is_online=is_online)


realtime.register_source("chat", ChatSource())
realtime.register_source(parties.PREFIX, PartySource(), is_sequenced=True)
realtime.register_must_follow(parties.streams, nobody_else=(f"{parties.PREFIX}:", PARTY_CHAT))
realtime.register_part("party", parties.standing)
