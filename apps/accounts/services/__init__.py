"""The write path of accounts, one function per use case."""

from apps.accounts.services.characters import create_character
from apps.accounts.services.moderation import ban, kick, mute, unban, unmute
from apps.accounts.services.progress import allocate, grant_xp, reset_stats, reward_participants
from apps.accounts.services.revoking import restore_xp, revoke_xp
from apps.accounts.services.sessions import end_sessions

__all__ = [
    "allocate",
    "ban",
    "create_character",
    "end_sessions",
    "grant_xp",
    "kick",
    "mute",
    "reset_stats",
    "restore_xp",
    "revoke_xp",
    "reward_participants",
    "unban",
    "unmute",
]
