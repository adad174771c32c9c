"""Effects: the short list of things that content may bring about, whoever brings them about.

Dialogues, quests and objects name them; each app performs those of its domain, in the caller's transaction.
"""

from aether.kernel.effects.checking import dungeon_zones, effects_in, unknown_in
from aether.kernel.effects.performing import Performed, perform, register_performer
from aether.kernel.effects.tree import (
    Arrival,
    Definition,
    Effect,
    Foe,
    Letter,
    Money,
    SetFlag,
    Stack,
    Unlock,
    Way,
    amounts_of,
)

__all__ = [
    "Arrival",
    "Definition",
    "Effect",
    "Foe",
    "Letter",
    "Money",
    "Performed",
    "SetFlag",
    "Stack",
    "Unlock",
    "Way",
    "amounts_of",
    "dungeon_zones",
    "effects_in",
    "perform",
    "register_performer",
    "unknown_in",
]
