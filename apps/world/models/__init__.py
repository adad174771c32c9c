"""What the world keeps: places of characters, copies of zones, groups, things and nodes, dungeons, events."""

from apps.world.models.calendar import CalendarEvent
from apps.world.models.copies import CopyFlag, Footfall, PopulationSample, ZoneCopy
from apps.world.models.dungeons import DungeonLock, DungeonMember, DungeonRun
from apps.world.models.gathering import Gathering
from apps.world.models.groups import MonsterGroup
from apps.world.models.objects import ObjectSnapshot, ObjectTaking, ObjectUse, WorldObject
from apps.world.models.places import CharacterPlace, Cooldown, ExitUnlock, Vitality

__all__ = [
    "CalendarEvent",
    "CharacterPlace",
    "Cooldown",
    "CopyFlag",
    "DungeonLock",
    "DungeonMember",
    "DungeonRun",
    "ExitUnlock",
    "Footfall",
    "Gathering",
    "MonsterGroup",
    "ObjectSnapshot",
    "ObjectTaking",
    "ObjectUse",
    "PopulationSample",
    "Vitality",
    "WorldObject",
    "ZoneCopy",
]
