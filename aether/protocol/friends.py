"""Wire types of friends: characters of one shard who agreed to know where the other is."""

from __future__ import annotations

from typing import ClassVar, Literal

from aether.protocol.base import Command, Done, Update, Wire
from aether.protocol.chat import CharacterName

Standing = Literal["friends", "asked_me", "asked", "none"]
"""What somebody is to one: a friend, who asks to be one, who was asked, or nothing of it."""


class Friend(Wire, frozen=True, kw_only=True):
    """`zone` is the zone where the character stands, null while it is not in the world."""

    character: int
    name: str
    class_id: str
    level: int
    zone: str | None
    is_online: bool


class Friends(Wire, frozen=True, kw_only=True):
    """Friends, the names of those who ask to be one, and of those who were asked; each by name."""

    friends: list[Friend]
    asking_me: list[str]
    asked: list[str]


class ListFriends(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "chat.friends"
    reply_type: ClassVar[type[Wire]] = Friends
    is_durable: ClassVar[bool] = False


class AddFriend(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ask somebody to be a friend, or agree to who has asked. Asking twice is asking once."""

    type_name: ClassVar[str] = "chat.friend_add"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class RemoveFriend(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """End a friendship, decline who has asked, or ask no more."""

    type_name: ClassVar[str] = "chat.friend_remove"
    reply_type: ClassVar[type[Wire]] = Done

    name: CharacterName


class FriendChanged(Update, frozen=True, kw_only=True):
    """On `me`: what somebody is to one from now on.

    `is_again` marks a request that was told within the last day already: it is there, and no news.
    """

    type_name: ClassVar[str] = "chat.friend_changed"

    name: str
    standing: Standing
    is_again: bool = False


class FriendSeen(Update, frozen=True, kw_only=True):
    """On `me`: a friend has come online, or is gone."""

    type_name: ClassVar[str] = "chat.friend_seen"

    name: str
    is_online: bool
