"""Where somebody may go in a turn, and what each place is worth to it, the way there included."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from aether.protocol.combat_values import Cell

from ..board import distance, path_to, walking_distances
from ..definitions import ProfileDef
from ..state import Battle, BoardSpec, Combatant
from ..stats import has_state
from ..walking import PATH_MAX, Held, Reached, held_by, reached_from, taken_for

CELLS_MAX = 60
FAR = 48


class Taste(NamedTuple):
    """What somebody wants of a place: its weights, and the distance to enemies that it likes."""

    approach: int
    exposure: int
    step: int
    toll: int
    protect: int
    follow: int
    band: tuple[int, int]


class Outset(NamedTuple):
    """All that places are judged by; the same outset, met again, has been judged already."""

    board: BoardSpec
    start: Cell
    mp: int
    taken: frozenset[Cell]
    held: Held
    enemies: tuple[Cell, ...]
    friends: tuple[Cell, ...]
    weakest: Cell
    taste: Taste


class Place(NamedTuple):
    """A cell to stand on. `at` is its number: the cheapest to reach comes first."""

    worth: int
    at: int
    cell: Cell


class Places:
    """The places that are thought of: `here` is the first; `best_first` are all, by what they are worth."""

    def __init__(self, outset: Outset) -> None:
        self._outset = outset
        self.mp = outset.mp
        self._positions: dict[Cell, int] = {}
        self.away: Mapping[Cell, int] = walking_distances(outset.board, outset.enemies)
        self.here = Place(self.position(outset.start), 0, outset.start)
        self._reached: Reached = {}
        self.best_first = [self.here]
        if outset.mp:
            self._go()

    def position(self, cell: Cell) -> int:
        """Return what it is worth to stand somewhere: in the wanted band, near friends, not amid enemies."""
        known = self._positions.get(cell)
        if known is None:
            known = self._positions[cell] = self._among_enemies(cell) + self._among_friends(cell)
        return known

    @cached_property
    def deepest(self) -> int | None:
        """Return how far below nothing the worst place is; None where a place may be worth something."""
        taste = self._outset.taste
        if min(taste.approach, taste.exposure, taste.step, taste.protect, taste.follow) < 0:
            return None
        return -min([self.position(cell) for _, _, cell in self.best_first])

    def path(self, cell: Cell) -> tuple[Cell, ...]:
        """Return the way to one of the places, as much of it as a walk may have."""
        return path_to(self._reached, cell)[:PATH_MAX]

    def _go(self) -> None:
        outset = self._outset
        self._reached = reached = reached_from(
            outset.board, outset.start, outset.mp, taken=outset.taken, held=dict(outset.held)
        )
        leaving = outset.taste.toll * dict(outset.held).get(outset.start, 0)
        ranked = sorted([(cost, self._nearest(cell), cell) for cell, (cost, _) in reached.items()])
        for at, (cost, _, cell) in enumerate(ranked[1:CELLS_MAX], 1):
            worth = self.position(cell) - outset.taste.step * cost - leaving
            self.best_first.append(Place(worth, at, cell))
        self.best_first.sort(key=lambda place: -place.worth)

    def _nearest(self, cell: Cell) -> int:
        x, y = cell
        return min([abs(x - at[0]) + abs(y - at[1]) for at in self._outset.enemies], default=0)

    def _among_enemies(self, cell: Cell) -> int:
        enemies, taste = self._outset.enemies, self._outset.taste
        if not enemies:
            return 0
        (x, y), (near, far) = cell, taste.band
        nearest, threatened = FAR, 0
        for at in enemies:
            away = abs(x - at[0]) + abs(y - at[1])
            if away < nearest:
                nearest = away
            if away <= 1:
                threatened += 1
        off = max(near - nearest, self.away.get(cell, FAR) - far, 0)
        return -taste.approach * off - taste.exposure * threatened

    def _among_friends(self, cell: Cell) -> int:
        friends, taste = self._outset.friends, self._outset.taste
        if not friends:
            return 0
        score = -taste.protect * distance(cell, self._outset.weakest)
        if taste.follow:
            score -= taste.follow * min([distance(cell, friend) for friend in friends])
        return score


places_of = lru_cache(maxsize=512)(Places)
"""Return the places of an outset. Nothing in it ever changes, so whoever asks again gets the same ones."""


def may_walk(me: Combatant, profile: ProfileDef) -> bool:
    """Tell whether somebody can walk, and would.

    Whoever ran into somebody unseen stands still this turn: the walk cost nothing, so without that the
    same one would be chosen again and again.
    """
    is_willing = me.mp > 0 and profile.may_walk and me.obstructed != me.turns
    return is_willing and not (me.effects and has_state(me, "root"))


def outset_of(
    battle: Battle,
    me: Combatant,
    profile: ProfileDef,
    band: tuple[int, int],
    *,
    enemies: tuple[Combatant, ...],
    allies: tuple[Combatant, ...],
) -> Outset:
    """Say what there is to know about places for somebody, and no more."""
    friends = allies if profile.protect or profile.follow else ()
    weakest = min(friends, key=_health, default=me)
    is_walking = may_walk(me, profile)
    return Outset(
        board=battle.header.board,
        start=me.cell,
        mp=me.mp if is_walking else 0,
        taken=taken_for(battle, me) if is_walking else frozenset(),
        held=held_by(battle, me) if is_walking else (),
        enemies=tuple([enemy.cell for enemy in enemies]),
        friends=tuple([friend.cell for friend in friends]),
        weakest=weakest.cell,
        taste=Taste(
            profile.approach,
            profile.exposure,
            profile.step,
            profile.toll,
            profile.protect,
            profile.follow,
            band,
        ),
    )


def _health(ally: Combatant) -> tuple[int, int]:
    return ally.hp * 10_000 // max(1, ally.hp_max), ally.slot
