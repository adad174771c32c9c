"""The write path of the world: coming and going, walking, using things, claiming and keeping groups."""

from apps.world.rules.health import health_of
from apps.world.services.battles import end_battle, set_in_battle
from apps.world.services.calendar import Mode, ensure_calendar, switch_event
from apps.world.services.coming import bring_home, enter, leave, reconcile, travel
from apps.world.services.gathering import (
    begin_gathering,
    finish_gatherings,
    keep_nodes,
    restore_node,
    stop_gathering,
)
from apps.world.services.groups import (
    ClaimedGroup,
    Ground,
    claim_group,
    duel_board,
    group_that_attacked,
    let_go,
)
from apps.world.services.health import health_shown, hit_points_now, register_constitution
from apps.world.services.hunting import keep_hunts
from apps.world.services.objects import interact
from apps.world.services.resting import end_rests, heal, rest
from apps.world.services.showing import show_level
from apps.world.services.spawning import ensure_groups, keep_groups
from apps.world.services.walking import emote, move

__all__ = [
    "ClaimedGroup",
    "Ground",
    "Mode",
    "begin_gathering",
    "bring_home",
    "claim_group",
    "duel_board",
    "emote",
    "end_battle",
    "end_rests",
    "ensure_calendar",
    "ensure_groups",
    "enter",
    "finish_gatherings",
    "group_that_attacked",
    "heal",
    "health_of",
    "health_shown",
    "hit_points_now",
    "interact",
    "keep_groups",
    "keep_hunts",
    "keep_nodes",
    "leave",
    "let_go",
    "move",
    "reconcile",
    "register_constitution",
    "rest",
    "restore_node",
    "set_in_battle",
    "show_level",
    "stop_gathering",
    "switch_event",
    "travel",
]
