"""The write path of chat: speaking, friends, not hearing somebody, and parties."""

from apps.chat.services.announcing import announce
from apps.chat.services.blocking import block, unblock
from apps.chat.services.far import say_to_all_shards
from apps.chat.services.friends import add_friend, remove_friend, tell_friends
from apps.chat.services.parties import (
    accept_invitation,
    decline_invitation,
    invite,
    keep_parties,
    leave_party,
    note_presence,
    promote_in_party,
    remove_from_party,
    show_in_party,
)
from apps.chat.services.speaking import Speech, say

__all__ = [
    "Speech",
    "accept_invitation",
    "add_friend",
    "announce",
    "block",
    "decline_invitation",
    "invite",
    "keep_parties",
    "leave_party",
    "note_presence",
    "promote_in_party",
    "remove_friend",
    "remove_from_party",
    "say",
    "say_to_all_shards",
    "show_in_party",
    "tell_friends",
    "unblock",
]
