"""The commands of accounts, and its part of what `me` shows."""

from __future__ import annotations

import msgspec

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, handles
from aether.protocol.accounts import AllocateStats, Profile, ReadProfile
from apps.accounts import selectors, services


@handles(ReadProfile)
def read_profile(caller: Caller, command: ReadProfile) -> Profile:
    return selectors.profile(caller.character_id)


@handles(AllocateStats)
def allocate_stats(caller: Caller, command: AllocateStats) -> Profile:
    return services.allocate(character_id=caller.character_id, points=msgspec.structs.asdict(command))


realtime.register_part("profile", selectors.profile)
