"""Commands of chat."""

from __future__ import annotations

from aether.kernel.database_threads import in_database_thread
from aether.kernel.dispatch import Caller, handles
from aether.protocol.base import Done
from aether.protocol.chat import (
    BlockCharacter,
    ChatHistory,
    ReadHistory,
    Say,
    SayReply,
    UnblockCharacter,
)
from apps.chat import lines, selectors, services


@handles(Say)
async def say(caller: Caller, command: Say) -> SayReply:
    speech = services.Speech(
        character_id=caller.character_id,
        account_id=caller.account_id,
        channel=command.channel,
        text=command.text,
        to=command.to,
    )
    return SayReply(line=await services.say(speech))


@handles(ReadHistory)
async def read_history(caller: Caller, command: ReadHistory) -> ChatHistory:
    if command.channel == "zone":
        channel = lines.zone(await in_database_thread(selectors.zone_of, caller.character_id))
    elif command.channel == "whisper":
        channel = lines.whispers(caller.character_id)
    else:
        channel = lines.GLOBAL
    unheard = await in_database_thread(selectors.blocked_by, caller.character_id)
    recent = await lines.recent(channel, limit=command.limit, before=command.before, without=unheard)
    return ChatHistory(lines=recent)


@handles(BlockCharacter)
def block(caller: Caller, command: BlockCharacter) -> Done:
    services.block(character_id=caller.character_id, name=command.name)
    return Done()


@handles(UnblockCharacter)
def unblock(caller: Caller, command: UnblockCharacter) -> Done:
    services.unblock(character_id=caller.character_id, name=command.name)
    return Done()
