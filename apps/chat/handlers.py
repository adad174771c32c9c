"""Commands of chat."""

from __future__ import annotations

from aether.kernel.database_threads import in_database_thread
from aether.kernel.dispatch import Caller, Outcome, handles
from aether.protocol import friends as friendship
from aether.protocol import parties as wire
from aether.protocol.base import Done
from aether.protocol.chat import (
    BlockCharacter,
    BlockedCharacters,
    ChatHistory,
    ListBlocked,
    ReadHistory,
    Say,
    SayReply,
    UnblockCharacter,
)
from apps.chat import friends, guilds, lines, parties, selectors, services
from apps.chat.errors import NoGuildError, NoPartyError


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
    since = 0.0
    if command.channel == "zone":
        channel = lines.zone(await in_database_thread(selectors.zone_of, caller.character_id))
    elif command.channel == "party":
        own = await in_database_thread(parties.memberships, [caller.character_id])
        if caller.character_id not in own:
            raise NoPartyError
        membership = own[caller.character_id]
        channel, since = lines.party(membership.party), membership.joined_at.timestamp()
    elif command.channel == "guild":
        found = await in_database_thread(guilds.memberships, [caller.character_id])
        if caller.character_id not in found:
            raise NoGuildError
        mine = found[caller.character_id]
        channel, since = lines.guild(mine.guild), mine.joined_at.timestamp()
    elif command.channel == "whisper":
        channel = lines.whispers(caller.character_id)
    else:
        channel = lines.GLOBAL
    unheard = await in_database_thread(selectors.unheard_by, caller.character_id)
    recent = await lines.recent(
        channel, limit=command.limit, before=command.before, since=since, without=unheard
    )
    return ChatHistory(lines=recent)


@handles(BlockCharacter)
def block(caller: Caller, command: BlockCharacter) -> Done:
    services.block(character_id=caller.character_id, name=command.name)
    return Done()


@handles(UnblockCharacter)
def unblock(caller: Caller, command: UnblockCharacter) -> Done:
    services.unblock(character_id=caller.character_id, name=command.name)
    return Done()


@handles(ListBlocked)
def list_blocked(caller: Caller, command: ListBlocked) -> BlockedCharacters:
    return BlockedCharacters(names=selectors.blocked_names(caller.character_id))


@handles(friendship.ListFriends)
def list_friends(caller: Caller, command: friendship.ListFriends) -> friendship.Friends:
    return friends.standing(caller.character_id)


@handles(friendship.AddFriend)
def add_friend(caller: Caller, command: friendship.AddFriend) -> Done:
    services.add_friend(character_id=caller.character_id, name=command.name)
    return Done()


@handles(friendship.RemoveFriend)
def remove_friend(caller: Caller, command: friendship.RemoveFriend) -> Done:
    services.remove_friend(character_id=caller.character_id, name=command.name)
    return Done()


@handles(wire.InviteToParty)
def invite_to_party(caller: Caller, command: wire.InviteToParty) -> wire.InvitationSent:
    return services.invite(character_id=caller.character_id, name=command.name)


@handles(wire.AcceptPartyInvitation)
def accept_party_invitation(caller: Caller, command: wire.AcceptPartyInvitation) -> Outcome:
    joined = services.accept_invitation(character_id=caller.character_id, invitation_id=command.invitation)
    return Outcome(reply=joined, follow=parties.followed(joined.party))


@handles(wire.DeclinePartyInvitation)
def decline_party_invitation(caller: Caller, command: wire.DeclinePartyInvitation) -> Done:
    services.decline_invitation(character_id=caller.character_id, invitation_id=command.invitation)
    return Done()


@handles(wire.LeaveParty)
def leave_party(caller: Caller, command: wire.LeaveParty) -> Done:
    services.leave_party(character_id=caller.character_id)
    return Done()


@handles(wire.RemoveFromParty)
def remove_from_party(caller: Caller, command: wire.RemoveFromParty) -> Done:
    services.remove_from_party(leader_id=caller.character_id, character_id=command.character)
    return Done()


@handles(wire.PromoteInParty)
def promote_in_party(caller: Caller, command: wire.PromoteInParty) -> Done:
    services.promote_in_party(leader_id=caller.character_id, character_id=command.character)
    return Done()
