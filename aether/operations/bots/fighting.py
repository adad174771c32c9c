"""What a bot does in a battle: the board as it sees it, and a simple plan for a turn."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from aether.operations.bots.finding import Cell, distance, path_to

Body = Mapping[str, Any]


class BattleSeen:
    """A battle as the updates tell it. Numbers in events are the ones after the event."""

    def __init__(self, view: Body, me: int) -> None:
        self.id = int(view["battle_id"])
        self.phase = str(view["phase"])
        self.turn_owner = int(view["turn_owner"])
        self.placement = view["placement"]
        self.fighters = {fighter["id"]: dict(fighter) for fighter in view["combatants"]}
        self.me = next(f["id"] for f in self.fighters.values() if f["character_id"] == me)
        board = view["board"]
        self._width, self._height, self._terrain = board["width"], board["height"], board["terrain"]

    @property
    def is_my_turn(self) -> bool:
        return self.phase == "fighting" and self.turn_owner == self.me

    def take(self, events: list[Body]) -> None:
        """Apply events; those that change nothing a bot looks at are passed over."""
        for event in events:
            match event["e"]:
                case "fight_started":
                    self.phase = "fighting"
                case "battle_ended":
                    self.phase = "ended"
                case "turn_started":
                    self.turn_owner = event["who"]
                case "joined":
                    self.fighters[event["combatant"]["id"]] = dict(event["combatant"])
            if fighter := self.fighters.get(event.get("who", 0)):
                self._change(fighter, event)

    def _change(self, fighter: dict[str, Any], event: Body) -> None:
        fighter |= {key: event[key] for key in ("ap", "mp", "hp") if key in event}
        match event["e"]:
            case "placed":
                fighter["cell"] = event["cell"]
            case "moved" | "displaced" if event["path"]:
                fighter["cell"] = event["path"][-1]
            case "died" | "fled":
                fighter["is_alive"] = False

    def plan(self, skills: Mapping[str, Body], random: Random) -> tuple[str, dict[str, Any]]:
        """Return the next command of my turn: hit what is in reach, else walk towards it, else end."""
        mine = self.fighters[self.me]
        foes = [f for f in self.fighters.values() if f["team"] != mine["team"] and f["is_alive"]]
        here = self._cell(mine)
        usable = [skills[slot["id"]] for slot in mine["skills"] if skills[slot["id"]]["ap"] <= mine["ap"]]
        random.shuffle(usable)
        for skill in usable:
            for foe in foes:
                if self._reaches(skill, here, self._cell(foe)):
                    return "combat.cast", {"skill": skill["id"], "cell": list(self._cell(foe))}
        steps = self._steps_towards(here, [self._cell(foe) for foe in foes])[: mine["mp"]]
        if steps and mine["ap"] > 0:
            return "combat.move", {"path": [list(cell) for cell in steps]}
        return "combat.end_turn", {}

    def _reaches(self, skill: Body, here: Cell, there: Cell) -> bool:
        reach = skill["range"]
        is_hostile = "enemy" in skill["target"]
        on_axis = here[0] == there[0] or here[1] == there[1]
        near = reach["min"] <= distance(here, there) <= reach["max"]
        return is_hostile and near and (on_axis or not reach["axis"])

    def _steps_towards(self, here: Cell, foes: list[Cell]) -> list[Cell]:
        """Return a way to a cell beside a foe, around walls and the living."""
        taken = {self._cell(f) for f in self.fighters.values() if f["is_alive"]}
        goals = {(x + dx, y + dy) for x, y in foes for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))} - taken
        return path_to(here, goals, lambda cell: self._is_walkable(cell) and cell not in taken)

    def _is_walkable(self, cell: Cell) -> bool:
        x, y = cell
        inside = 0 <= x < self._width and 0 <= y < self._height
        return inside and bool(int(self._terrain[y * self._width + x], 16) & 1)

    @staticmethod
    def _cell(fighter: Body) -> Cell:
        x, y = fighter["cell"]
        return (x, y)
