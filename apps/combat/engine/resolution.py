"""One input being worked out: the battle so far, the events it has caused, and the dice."""

from __future__ import annotations

from collections import deque

import msgspec

from aether.protocol.combat_values import LastingEffect

from . import events as e
from .apply import apply
from .definitions import Moment, Rulebook
from .dice import Dice
from .state import Battle, Combatant
from .triggers import Answer, Occasion, answers, noticed

EVENTS_MAX = 500
DEPTH_MAX = 8
RUNS_MAX = 5_000
"""How many effects one input may run: effects inside effects multiply, and need not cause events."""


class EngineFaultError(Exception):
    """The rules ran away: more events, or reactions to reactions, than any sound content can cause."""


class Reaction(msgspec.Struct, frozen=True):
    """A trigger that waits for its turn; with `reflected`, damage that goes back instead."""

    bearer: int
    effect: LastingEffect
    other: int
    depth: int
    reflected: int = 0


class Resolution:
    """Collects events and applies each at once, so that later decisions see earlier effects."""

    def __init__(self, battle: Battle, rulebook: Rulebook, dice: Dice) -> None:
        self.battle = battle
        self.events: list[e.Event] = []
        self.rulebook = rulebook
        self.reactions: deque[Reaction] = deque()
        self.fired: set[int] = set()
        self.depth = 0
        self.runs = 0
        self._dice = dice
        self.is_listening = _has_triggers(battle)

    @property
    def is_over(self) -> bool:
        return self.battle.phase == "ended"

    def emit(self, event: e.Event) -> None:
        if len(self.events) >= EVENTS_MAX:
            raise EngineFaultError
        self.events.append(event)
        before = self.battle
        self.battle = apply(before, event)
        if self.is_listening:
            self._queue(noticed(before, self.battle, event, self.rulebook))
        elif type(event) is e.EffectApplied and event.effect.kind == "trigger":
            self.is_listening = True

    def notice(self, on: Moment, who: int, other: int = 0) -> None:
        """Let triggers answer to a moment that no event stands for."""
        if self.is_listening:
            self._queue(answers(self.battle, self.battle, [Occasion(on, who, other)], self.rulebook))

    def _queue(self, found: list[Answer]) -> None:
        for bearer, effect, other in found:
            self.react_later(bearer, effect, other)

    def react_later(self, bearer: int, effect: LastingEffect, other: int, *, reflected: int = 0) -> None:
        """Queue a reaction; each trigger answers once to whatever began it all."""
        if effect.id in self.fired:
            return
        if self.depth >= DEPTH_MAX:
            raise EngineFaultError
        self.fired.add(effect.id)
        self.reactions.append(Reaction(bearer, effect, other, self.depth + 1, reflected))

    def descend(self) -> None:
        """Count one more effect inside another; leave again by `depth -= 1`."""
        if self.depth >= DEPTH_MAX:
            raise EngineFaultError
        self.depth += 1

    def of(self, combatant_id: int) -> Combatant:
        return self.battle.of(combatant_id)

    def below(self, n: int, *, stream: str = "cast", why: str) -> int:
        """Draw from 0..n-1 and leave the receipt; every call draws, also when the result is forced."""
        index = self.battle.drawn_from(stream)
        roll = self._dice.roll(self.battle, stream, n)
        self.emit(e.Rolled(stream, index, n, roll.value, roll.next_index, why))
        return roll.value

    def fresh_joiner_id(self) -> int:
        """Draw an id that nobody has; no roll that counts, for an id has to be unguessable, not fair."""
        return self._dice.joiner_id(self.battle)

    def between(self, low: int, high: int, *, why: str) -> int:
        return low + self.below(high - low + 1, why=why)

    def chance(self, basis_points: int, *, why: str) -> bool:
        return self.below(10_000, why=why) < basis_points


def _has_triggers(battle: Battle) -> bool:
    for combatant in battle.combatants:
        for effect in combatant.effects:
            if effect.kind == "trigger":
                return True
    return False
