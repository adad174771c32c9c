"""The console's rooms of the world."""

from apps.world.admin import calendar, copies, dungeons, groups, live_map, objects, places, uses

__all__ = ["calendar", "copies", "dungeons", "groups", "live_map", "objects", "places", "uses"]
