"""The write path of the world: coming and going, walking, using things, claiming and keeping groups."""

from apps.world.services.battles import end_battle, set_in_battle
from apps.world.services.bearings import bind, set_copy_flag, teleport
from apps.world.services.coming import bring_home, enter, leave, reconcile, travel
from apps.world.services.copies import capacity_of, close_copy, copies_seen, open_instance, open_shared
from apps.world.services.draining import drain_copy, empty_copy, join_copy, merge_copies
from apps.world.services.exits import show_again
from apps.world.services.gathering import (
    begin_gathering,
    finish_gatherings,
    keep_nodes,
    restore_node,
    stop_gathering,
)
from apps.world.services.groups import ClaimedGroup, Ground, battle_ground, claim_group, duel_board
from apps.world.services.keeping_objects import keep_objects, mend_doors, reset_object
from apps.world.services.objects import Interaction, interact
from apps.world.services.sampling import prune_samples, sample
from apps.world.services.showing import show_level
from apps.world.services.spawning import ensure_groups, keep_groups
from apps.world.services.steering import despawn_group, relocate, spawn_group
from apps.world.services.walking import emote, move

__all__ = [
    "ClaimedGroup",
    "Ground",
    "Interaction",
    "battle_ground",
    "begin_gathering",
    "bind",
    "bring_home",
    "capacity_of",
    "claim_group",
    "close_copy",
    "copies_seen",
    "despawn_group",
    "drain_copy",
    "duel_board",
    "emote",
    "empty_copy",
    "end_battle",
    "ensure_groups",
    "enter",
    "finish_gatherings",
    "interact",
    "join_copy",
    "keep_groups",
    "keep_nodes",
    "keep_objects",
    "leave",
    "mend_doors",
    "merge_copies",
    "move",
    "open_instance",
    "open_shared",
    "prune_samples",
    "reconcile",
    "relocate",
    "reset_object",
    "restore_node",
    "sample",
    "set_copy_flag",
    "set_in_battle",
    "show_again",
    "show_level",
    "spawn_group",
    "stop_gathering",
    "teleport",
    "travel",
]
