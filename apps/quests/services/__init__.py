"""The write path of quests: progress, talks, and what both bring about."""

from apps.quests.services.effects import apply_effects, set_flags
from apps.quests.services.progress import (
    abandon,
    accept,
    advance,
    complete,
    fail,
    observe,
    observe_once,
    open_quests,
    start,
)
from apps.quests.services.revoking import restore_quests, revoke_quests
from apps.quests.services.talking import choose, talk

__all__ = [
    "abandon",
    "accept",
    "advance",
    "apply_effects",
    "choose",
    "complete",
    "fail",
    "observe",
    "observe_once",
    "open_quests",
    "restore_quests",
    "revoke_quests",
    "set_flags",
    "start",
    "talk",
]
