"""The streams `chat:zone:<instance>` and `chat:global`: numbered per process, recent lines as snapshot."""

from __future__ import annotations

from aether.kernel import live, realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from aether.protocol.chat import ChatSnapshot
from apps.chat import lines, selectors
from apps.chat.errors import NowhereError

SNAPSHOT_LINES = 50
GLOBAL_STREAM = f"chat:{lines.GLOBAL}"


class ChatSource:
    """Answers for the streams of chat; a zone's is heard only by those who stand in it."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        if stream != GLOBAL_STREAM and stream != await _zone_stream(character_id):
            raise NotFoundError
        return ""

    async def head(self, stream: str, audience: str) -> int:
        return realtime.local_head(stream)

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        # The head comes first: a line said meanwhile is shown twice with the same id, never lost.
        head = realtime.local_head(stream)
        channel = stream.removeprefix("chat:")
        unheard = await in_database_thread(selectors.blocked_by, character_id)
        recent = await lines.recent(channel, limit=SNAPSHOT_LINES, without=unheard)
        return head, ChatSnapshot(channel=channel.partition(":")[0], lines=recent)

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        return None


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


realtime.register_source("chat", ChatSource())
