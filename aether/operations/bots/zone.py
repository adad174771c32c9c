"""What a bot knows of the zone that it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aether.operations.bots.finding import Cell, around, path_to

PATH_MAX = 64


class ZoneSeen:
    """A zone as its snapshot and changes tell it, with its map."""

    def __init__(self, snapshot: Mapping[str, Any], zone_map: Mapping[str, Any]) -> None:
        self.name = str(snapshot["zone"])
        self.exits = {way["id"]: way for way in snapshot["exits"]}
        self.groups = {group["id"]: group for group in snapshot["groups"]}
        self._width, self._height = zone_map["width"], zone_map["height"]
        self._walk = zone_map["walk"]

    def take(self, changes: list[Mapping[str, Any]]) -> None:
        """Apply the changes that concern monster groups."""
        for change in changes:
            if change["c"] == "group":
                self.groups[change["group"]["id"]] = change["group"]
            elif change["c"] == "group_left":
                self.groups.pop(change["id"], None)

    def is_walkable(self, cell: Cell) -> bool:
        x, y = cell
        return 0 <= x < self._width and 0 <= y < self._height and bool(self._walk[y * self._width + x])

    def way_to(self, here: Cell, goals: list[Cell], *, reach: int = 0) -> list[Cell]:
        """Return a walk (at most as long as one command may be) that ends within `reach` of a goal."""
        wanted = {cell for goal in goals for cell in around(goal, reach) if self.is_walkable(cell)}
        return path_to(here, wanted, self.is_walkable)[:PATH_MAX]

    def idle_groups(self) -> list[Mapping[str, Any]]:
        """Return the groups that can be attacked, the weakest first."""
        idle = [group for group in self.groups.values() if not group["is_in_battle"]]
        return sorted(idle, key=lambda group: sum(level for _, level in group["monsters"]))
