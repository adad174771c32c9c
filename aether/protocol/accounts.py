"""Wire types of accounts: who a character is and how it grows."""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from aether.protocol.base import Command, Update, Wire

Points = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class Profile(Wire, frozen=True, kw_only=True):
    """`xp` counts from the start of the level, which takes `xp_next`; `stats` are the allocated points."""

    character: int
    name: str
    class_id: str
    level: int
    xp: int
    xp_next: int
    stat_points: int
    stats: dict[str, int]


class ReadProfile(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    type_name: ClassVar[str] = "accounts.profile"
    reply_type: ClassVar[type[Wire]] = Profile
    is_durable: ClassVar[bool] = False


class AllocateStats(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Spend stat points: how many more go into each stat."""

    type_name: ClassVar[str] = "accounts.allocate"
    reply_type: ClassVar[type[Wire]] = Profile

    vigor: Points = 0
    stone: Points = 0
    ember: Points = 0
    gale: Points = 0
    tide: Points = 0
    focus: Points = 0


class ProfileChanged(Update, frozen=True, kw_only=True):
    """On `me`: the whole profile; `gained_xp` says how much has just arrived."""

    type_name: ClassVar[str] = "accounts.profile_changed"

    profile: Profile
    gained_xp: int = 0
    gained_levels: int = 0


class NoticeReceived(Update, frozen=True, kw_only=True):
    """On `me`: something from the house that a person should read, by key of the client's texts."""

    type_name: ClassVar[str] = "accounts.notice"

    key: str
    values: dict[str, str] = {}
