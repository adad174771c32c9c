"""Wire types of guilds: characters of the whole realm under one name, with ranks that they give others."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

import msgspec

from aether.protocol.base import Command, Done, Update, Wire
from aether.protocol.chat import CharacterName

Id = Annotated[int, msgspec.Meta(ge=1, le=2**53 - 1)]
GuildName = Annotated[str, msgspec.Meta(min_length=1, max_length=48)]
RankName = Annotated[str, msgspec.Meta(min_length=1, max_length=24)]
Motd = Annotated[str, msgspec.Meta(max_length=300)]
Permission = Literal["invite", "kick", "promote", "ranks", "motd", "props", "dissolve"]
Permissions = Annotated[tuple[Permission, ...], msgspec.Meta(max_length=7)]


class GuildRank(Wire, frozen=True, kw_only=True):
    """What whoever has the rank may do."""

    id: int
    name: str
    permissions: tuple[Permission, ...]


class GuildMember(Wire, frozen=True, kw_only=True):
    """`rank` is the id of one; `away_since` null is somebody who is online, on whichever `shard`."""

    name: str
    rank: int
    shard: str
    joined_at: float
    away_since: float | None


class GuildInvited(Wire, frozen=True, kw_only=True):
    """Somebody who was asked into the guild and has not answered."""

    invitation: int
    name: str
    expires_at: float


class Guild(Wire, frozen=True, kw_only=True):
    """`leader` is a name; `ranks` begin with the leader's and end with that of newcomers."""

    id: int
    name: str
    leader: str
    motd: str
    founded_at: float
    ranks: tuple[GuildRank, ...]
    members: tuple[GuildMember, ...]
    invited: tuple[GuildInvited, ...]


class GuildInvitation(Wire, frozen=True, kw_only=True):
    """`name` asks into the guild, which has so many members, until `expires_at`."""

    invitation: int
    guild: str
    name: str
    members: int
    expires_at: float


class GuildStanding(Wire, frozen=True, kw_only=True):
    """The guild of a character, if any, and what it is asked (part `guild` of the snapshot of `me`).

    The guild itself is told on its `stream`. `price` is what founding one costs, in glim.
    """

    guild: int | None
    stream: str | None
    invitations: tuple[GuildInvitation, ...]
    price: int


class GuildEntered(Wire, frozen=True, kw_only=True):
    """`stream` is followed from now on; its snapshot comes as an update."""

    guild: int
    stream: str


class FoundGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Found a guild under a name that none of the realm has, for what the game asks for it."""

    type_name: ClassVar[str] = "chat.guild_found"
    reply_type: ClassVar[type[Wire]] = GuildEntered

    name: GuildName


class GuildInvitationSent(Wire, frozen=True, kw_only=True):
    invitation: int
    expires_at: float


class InviteToGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask a character of any shard into one's guild, whether it is online or not."""

    type_name: ClassVar[str] = "chat.guild_invite"
    reply_type: ClassVar[type[Wire]] = GuildInvitationSent

    name: CharacterName


class AcceptGuildInvitation(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.guild_accept"
    reply_type: ClassVar[type[Wire]] = GuildEntered

    invitation: Id


class DeclineGuildInvitation(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.guild_decline"
    reply_type: ClassVar[type[Wire]] = Done

    invitation: Id


class WithdrawGuildInvitation(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask somebody no more whom anybody of one's guild has asked; takes the permission `invite`."""

    type_name: ClassVar[str] = "chat.guild_withdraw"
    reply_type: ClassVar[type[Wire]] = Done

    invitation: Id


class LeaveGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Leave one's guild. Its leader hands it over first, or disbands it."""

    type_name: ClassVar[str] = "chat.guild_leave"
    reply_type: ClassVar[type[Wire]] = Done


class RemoveFromGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Send away a member of a lower rank; takes the permission `kick`."""

    type_name: ClassVar[str] = "chat.guild_kick"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class ChangeGuildMotd(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Write the message of the day, or none; takes the permission `motd`."""

    type_name: ClassVar[str] = "chat.guild_motd"
    reply_type: ClassVar[type[Wire]] = Done

    text: Motd


class HandOverGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let another member lead; the leader takes the rank below. For the leader only."""

    type_name: ClassVar[str] = "chat.guild_hand_over"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class DisbandGuild(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """End the guild, whose `name` is said again; takes the permission `dissolve`."""

    type_name: ClassVar[str] = "chat.guild_disband"
    reply_type: ClassVar[type[Wire]] = Done

    name: GuildName


class ChangeGuildMemberRank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give a member of a lower rank another rank below one's own; takes the permission `promote`."""

    type_name: ClassVar[str] = "chat.guild_rank_set"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName
    rank: Id


class AddGuildRank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Make a rank just below another, which is one's own or lower; takes the permission `ranks`."""

    type_name: ClassVar[str] = "chat.guild_rank_add"
    reply_type: ClassVar[type[Wire]] = Done

    name: RankName
    permissions: Permissions
    below: Id


class EditGuildRank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change a rank below one's own; takes the permission `ranks`. The leader may rename the own one."""

    type_name: ClassVar[str] = "chat.guild_rank_edit"
    reply_type: ClassVar[type[Wire]] = Done

    rank: Id
    name: RankName
    permissions: Permissions


class MoveGuildRank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let a rank below one's own stand just below another, which is one's own or lower; takes `ranks`.

    Of what newcomers get, by another last rank, one lacks nothing.
    """

    type_name: ClassVar[str] = "chat.guild_rank_move"
    reply_type: ClassVar[type[Wire]] = Done

    rank: Id
    below: Id


class RemoveGuildRank(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Do away with a rank below one's own; who has it takes the next. The last one stays."""

    type_name: ClassVar[str] = "chat.guild_rank_remove"
    reply_type: ClassVar[type[Wire]] = Done

    rank: Id


class GuildSnapshot(Update, frozen=True, kw_only=True):
    """The guild as it is now."""

    type_name: ClassVar[str] = "guild.snapshot"

    guild: Guild


class GuildShown(Update, frozen=True, kw_only=True):
    """On `guild:<id>`: some changes were missed; this is the whole guild now."""

    type_name: ClassVar[str] = "chat.guild"

    guild: Guild


class GuildChanged(Update, frozen=True, kw_only=True):
    """On `guild:<id>`: what is not null is so from now on.

    `members` are new, or have changed; `gone` are the names of those who are members no more.
    """

    type_name: ClassVar[str] = "chat.guild_changed"

    name: str | None = None
    leader: str | None = None
    motd: str | None = None
    ranks: tuple[GuildRank, ...] | None = None
    invited: tuple[GuildInvited, ...] | None = None
    members: tuple[GuildMember, ...] = ()
    gone: tuple[str, ...] = ()


class CurrentGuildChanged(Update, frozen=True, kw_only=True):
    """On `me`: the character has come into a guild, or is in none any more."""

    type_name: ClassVar[str] = "chat.guild_current"

    guild: int | None
    stream: str | None
    name: str
    cause: Literal["founded", "joined", "left", "removed", "disbanded"]


class GuildInvitationReceived(Update, frozen=True, kw_only=True):
    """On `me`: somebody asks the character into a guild."""

    type_name: ClassVar[str] = "chat.guild_invited"

    invitation: GuildInvitation


class GuildInvitationClosed(Update, frozen=True, kw_only=True):
    """On `me` of both: an invitation is no longer open. `name` is the other one."""

    type_name: ClassVar[str] = "chat.guild_answered"

    invitation: int
    name: str
    answer: Literal["accepted", "declined", "withdrawn"]
