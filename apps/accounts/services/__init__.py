"""The write path of accounts, one function per use case."""

from apps.accounts.services.addresses import forget_addresses, note_address
from apps.accounts.services.characters import create_character
from apps.accounts.services.moderation import ban, kick, mute, unban, unmute
from apps.accounts.services.progress import allocate, grant_xp, reset_stats, reward_participants
from apps.accounts.services.realm_names import keep_names, register_parting
from apps.accounts.services.revoking import restore_xp, revoke_xp
from apps.accounts.services.sessions import end_sessions
from apps.accounts.services.transferring import (
    Blocker,
    Content,
    Journey,
    Luggage,
    Plan,
    Stage,
    audit_transfers,
    call_back,
    call_back_as_staff,
    move_characters,
    plan_transfer,
    register_luggage,
    request_transfer,
    retry_transfer,
)

__all__ = [
    "Blocker",
    "Content",
    "Journey",
    "Luggage",
    "Plan",
    "Stage",
    "allocate",
    "audit_transfers",
    "ban",
    "call_back",
    "call_back_as_staff",
    "create_character",
    "end_sessions",
    "forget_addresses",
    "grant_xp",
    "keep_names",
    "kick",
    "move_characters",
    "mute",
    "note_address",
    "plan_transfer",
    "register_luggage",
    "register_parting",
    "request_transfer",
    "reset_stats",
    "restore_xp",
    "retry_transfer",
    "revoke_xp",
    "reward_participants",
    "unban",
    "unmute",
]
