"""Commands of guilds."""

from __future__ import annotations

from aether.kernel.dispatch import Caller, Outcome, handles
from aether.protocol import guilds as wire
from aether.protocol.base import Done
from apps.chat import guilds, services


@handles(wire.FoundGuild)
def found_guild(caller: Caller, command: wire.FoundGuild) -> wire.GuildEntered:
    # Its streams are followed as soon as everybody may see it, which is after the commit.
    return services.found_guild(character_id=caller.character_id, name=command.name, language=caller.language)


@handles(wire.InviteToGuild)
def invite_to_guild(caller: Caller, command: wire.InviteToGuild) -> wire.GuildInvitationSent:
    return services.invite_to_guild(character_id=caller.character_id, name=command.name)


@handles(wire.AcceptGuildInvitation)
def accept_guild_invitation(caller: Caller, command: wire.AcceptGuildInvitation) -> Outcome:
    entered = services.accept_guild_invitation(
        character_id=caller.character_id, invitation_id=command.invitation
    )
    return Outcome(reply=entered, follow=guilds.followed(entered.guild))


@handles(wire.DeclineGuildInvitation)
def decline_guild_invitation(caller: Caller, command: wire.DeclineGuildInvitation) -> Done:
    services.decline_guild_invitation(character_id=caller.character_id, invitation_id=command.invitation)
    return Done()


@handles(wire.WithdrawGuildInvitation)
def withdraw_guild_invitation(caller: Caller, command: wire.WithdrawGuildInvitation) -> Done:
    services.withdraw_guild_invitation(character_id=caller.character_id, invitation_id=command.invitation)
    return Done()


@handles(wire.LeaveGuild)
def leave_guild(caller: Caller, command: wire.LeaveGuild) -> Done:
    services.leave_guild(character_id=caller.character_id)
    return Done()


@handles(wire.RemoveFromGuild)
def remove_from_guild(caller: Caller, command: wire.RemoveFromGuild) -> Done:
    services.remove_from_guild(character_id=caller.character_id, name=command.name)
    return Done()


@handles(wire.ChangeGuildMotd)
def change_motd(caller: Caller, command: wire.ChangeGuildMotd) -> Done:
    services.change_motd(character_id=caller.character_id, text=command.text)
    return Done()


@handles(wire.HandOverGuild)
def hand_over_guild(caller: Caller, command: wire.HandOverGuild) -> Done:
    services.hand_over_guild(character_id=caller.character_id, name=command.name)
    return Done()


@handles(wire.DisbandGuild)
def disband_guild(caller: Caller, command: wire.DisbandGuild) -> Done:
    services.disband_guild(character_id=caller.character_id, name=command.name)
    return Done()


@handles(wire.ChangeGuildMemberRank)
def change_member_rank(caller: Caller, command: wire.ChangeGuildMemberRank) -> Done:
    services.change_member_rank(character_id=caller.character_id, name=command.name, rank_id=command.rank)
    return Done()


@handles(wire.AddGuildRank)
def add_rank(caller: Caller, command: wire.AddGuildRank) -> Done:
    services.add_rank(
        character_id=caller.character_id,
        name=command.name,
        permissions=command.permissions,
        below=command.below,
    )
    return Done()


@handles(wire.EditGuildRank)
def edit_rank(caller: Caller, command: wire.EditGuildRank) -> Done:
    services.edit_rank(
        character_id=caller.character_id,
        rank_id=command.rank,
        name=command.name,
        permissions=command.permissions,
    )
    return Done()


@handles(wire.MoveGuildRank)
def move_rank(caller: Caller, command: wire.MoveGuildRank) -> Done:
    services.move_rank(character_id=caller.character_id, rank_id=command.rank, below=command.below)
    return Done()


@handles(wire.RemoveGuildRank)
def remove_rank(caller: Caller, command: wire.RemoveGuildRank) -> Done:
    services.remove_rank(character_id=caller.character_id, rank_id=command.rank)
    return Done()
