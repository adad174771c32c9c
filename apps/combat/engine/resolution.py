"""One input being worked out: the battle so far, the events it has caused, and the dice."""

from __future__ import annotations

from . import events as e
from .apply import apply
from .definitions import Rulebook
from .dice import Dice
from .state import Battle, Combatant

EVENTS_MAX = 500


class EngineFaultError(Exception):
    """The rules ran away: more events than any sound content can cause."""


class Resolution:
    """Collects events and applies each at once, so that later decisions see earlier effects."""

    def __init__(self, battle: Battle, rulebook: Rulebook, dice: Dice) -> None:
        self.battle = battle
        self.events: list[e.Event] = []
        self.rulebook = rulebook
        self._dice = dice

    @property
    def is_over(self) -> bool:
        return self.battle.phase == "ended"

    def emit(self, event: e.Event) -> None:
        if len(self.events) >= EVENTS_MAX:
            raise EngineFaultError
        self.events.append(event)
        self.battle = apply(self.battle, event)

    def of(self, combatant_id: int) -> Combatant:
        return self.battle.of(combatant_id)

    def below(self, n: int, *, stream: str = "cast", why: str) -> int:
        """Draw from 0..n-1 and leave the receipt; every call draws, also when the result is forced."""
        index = 0
        for known in self.battle.streams:
            if known.stream == stream:
                index = known.index
        roll = self._dice.roll(self.battle, stream, index=index, n=n)
        self.emit(e.Rolled(stream, index, n, roll.value, roll.next_index, why))
        return roll.value

    def between(self, low: int, high: int, *, why: str) -> int:
        return low + self.below(high - low + 1, why=why)

    def chance(self, basis_points: int, *, why: str) -> bool:
        return self.below(10_000, why=why) < basis_points
