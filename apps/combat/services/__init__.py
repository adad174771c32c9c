"""The write path of battles: begin, act, let time pass, end; and what game masters do to them."""

from apps.combat.services.acting import Asked, act
from apps.combat.services.compensating import ALONE_GLIM_MAX, ALONE_XP_MAX, compensate, takes_two
from apps.combat.services.encounters import accept, ambush, beset, challenge, challenge_party, engage
from apps.combat.services.joining import join
from apps.combat.services.opening import (
    Ground,
    character_builds,
    constitutions,
    monster_build,
    open_battle,
)
from apps.combat.services.refereeing import end_as_draw
from apps.combat.services.settling import settle_again
from apps.combat.services.spectating import (
    look_after_spectators,
    note_spectator,
    spectate,
    stop_spectating,
    tell_delayed,
)
from apps.combat.services.timing import (
    check_presence,
    claim_due,
    live_participants,
    note_presence,
    pass_time,
)

__all__ = [
    "ALONE_GLIM_MAX",
    "ALONE_XP_MAX",
    "Asked",
    "Ground",
    "accept",
    "act",
    "ambush",
    "beset",
    "challenge",
    "challenge_party",
    "character_builds",
    "check_presence",
    "claim_due",
    "compensate",
    "constitutions",
    "end_as_draw",
    "engage",
    "join",
    "live_participants",
    "look_after_spectators",
    "monster_build",
    "note_presence",
    "note_spectator",
    "open_battle",
    "pass_time",
    "settle_again",
    "spectate",
    "stop_spectating",
    "takes_two",
    "tell_delayed",
]
