"""The write path of guilds, one function per use case."""

from apps.chat.services.guilds.founding import Treasury, found_guild, register_treasury
from apps.chat.services.guilds.inviting import (
    accept_guild_invitation,
    decline_guild_invitation,
    invite_to_guild,
    withdraw_guild_invitation,
)
from apps.chat.services.guilds.keeping import keep_guilds, note_guild_presence
from apps.chat.services.guilds.membership import (
    change_member_rank,
    change_motd,
    disband_guild,
    hand_over_guild,
    leave_guild,
    let_go,
    remove_from_guild,
)
from apps.chat.services.guilds.ranks import add_rank, edit_rank, move_rank, remove_rank
from apps.chat.services.guilds.refereeing import (
    change_guild_motd,
    disband_as_staff,
    hand_over_as_staff,
    rename_guild,
)

__all__ = [
    "Treasury",
    "accept_guild_invitation",
    "add_rank",
    "change_guild_motd",
    "change_member_rank",
    "change_motd",
    "decline_guild_invitation",
    "disband_as_staff",
    "disband_guild",
    "edit_rank",
    "found_guild",
    "hand_over_as_staff",
    "hand_over_guild",
    "invite_to_guild",
    "keep_guilds",
    "leave_guild",
    "let_go",
    "move_rank",
    "note_guild_presence",
    "register_treasury",
    "remove_from_guild",
    "remove_rank",
    "rename_guild",
    "withdraw_guild_invitation",
]
