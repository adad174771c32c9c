"""The write path of the world: coming and going, walking, using things, claiming and keeping groups."""

from apps.world.rules.health import health_of
from apps.world.services.battles import end_battle, set_in_battle, take_toll, takes_toll
from apps.world.services.bearings import bind, set_copy_flag, teleport
from apps.world.services.calendar import Mode, ensure_calendar, switch_event
from apps.world.services.coming import bring_home, enter, leave, leave_lost_hall, reconcile, travel
from apps.world.services.copies import capacity_of, close_copy, copies_seen, open_instance, open_shared
from apps.world.services.draining import drain_copy, empty_copy, join_copy, merge_copies
from apps.world.services.dungeons.locks import claim_loot, lift_lock
from apps.world.services.estates import close_empty_estates
from apps.world.services.exits import show_again, show_all_again, unlock_exits
from apps.world.services.gathering import begin_gathering, finish_gatherings, stop_gathering
from apps.world.services.giving_again import end_wait, give_again
from apps.world.services.groups import (
    ClaimedGroup,
    Ground,
    battle_ground,
    claim_group,
    duel_board,
    group_that_attacked,
    let_go,
)
from apps.world.services.health import health_shown, hit_points_now, register_constitution
from apps.world.services.hunting import keep_hunts
from apps.world.services.keeping_objects import keep_objects, mend_doors, reset_object
from apps.world.services.leaving_dungeons import (
    abandon_dungeon,
    end_run,
    keep_dungeons,
    keep_run,
    open_room,
)
from apps.world.services.moments import moment_of, tell_moment, tell_waits
from apps.world.services.objects import Interaction, interact
from apps.world.services.resting import end_rests, heal, rest
from apps.world.services.sampling import prune_samples, sample
from apps.world.services.showing import show_level
from apps.world.services.spawning import ensure_groups, keep_groups
from apps.world.services.steering import despawn_group, relocate, spawn_group
from apps.world.services.walking import emote, move

__all__ = [
    "ClaimedGroup",
    "Ground",
    "Interaction",
    "Mode",
    "abandon_dungeon",
    "battle_ground",
    "begin_gathering",
    "bind",
    "bring_home",
    "capacity_of",
    "claim_group",
    "claim_loot",
    "close_copy",
    "close_empty_estates",
    "copies_seen",
    "despawn_group",
    "drain_copy",
    "duel_board",
    "emote",
    "empty_copy",
    "end_battle",
    "end_rests",
    "end_run",
    "end_wait",
    "ensure_calendar",
    "ensure_groups",
    "enter",
    "finish_gatherings",
    "give_again",
    "group_that_attacked",
    "heal",
    "health_of",
    "health_shown",
    "hit_points_now",
    "interact",
    "join_copy",
    "keep_dungeons",
    "keep_groups",
    "keep_hunts",
    "keep_objects",
    "keep_run",
    "leave",
    "leave_lost_hall",
    "let_go",
    "lift_lock",
    "mend_doors",
    "merge_copies",
    "moment_of",
    "move",
    "open_instance",
    "open_room",
    "open_shared",
    "prune_samples",
    "reconcile",
    "register_constitution",
    "relocate",
    "reset_object",
    "rest",
    "sample",
    "set_copy_flag",
    "set_in_battle",
    "show_again",
    "show_all_again",
    "show_level",
    "spawn_group",
    "stop_gathering",
    "switch_event",
    "take_toll",
    "takes_toll",
    "teleport",
    "tell_moment",
    "tell_waits",
    "travel",
    "unlock_exits",
]
