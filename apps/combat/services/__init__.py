"""The write path of battles: begin, act, let time pass, end."""

from apps.combat.services.acting import Asked, act
from apps.combat.services.encounters import accept, challenge, engage
from apps.combat.services.opening import Ground, character_builds, monster_build, open_battle
from apps.combat.services.timing import (
    check_presence,
    claim_due,
    live_participants,
    note_presence,
    pass_time,
)

__all__ = [
    "Asked",
    "Ground",
    "accept",
    "act",
    "challenge",
    "character_builds",
    "check_presence",
    "claim_due",
    "engage",
    "live_participants",
    "monster_build",
    "note_presence",
    "open_battle",
    "pass_time",
]
