"""What many duels come to: rates with their intervals of confidence, means, how long they took."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt
from typing import NamedTuple

import msgspec

from apps.combat.balance.duels import Outcome

Z_95 = 1.959964
"""How many standard errors wide an interval of 95 % is, to each side."""


class Interval(NamedTuple):
    low: float
    high: float


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Sums over duels of the same two fighters, from the first one's side."""

    duels: int = 0
    wins: int = 0
    draws: int = 0
    turns: int = 0
    damage: tuple[int, int] = (0, 0)
    action_points: tuple[int, int] = (0, 0)
    health: tuple[int, int] = (0, 0)
    lengths: dict[int, int] = {}

    @property
    def rate(self) -> float:
        """How often the first one wins; a draw is half a win."""
        return (self.wins + self.draws / 2) / self.duels if self.duels else 0.5

    @property
    def interval(self) -> Interval:
        return wilson(self.wins + self.draws / 2, self.duels)

    @property
    def mean_turns(self) -> float:
        return self.turns / self.duels if self.duels else 0.0

    def mean_health(self, side: int) -> float:
        """Return what a side has left of its hit points, in percent."""
        return self.health[side] / self.duels if self.duels else 0.0

    def damage_per_point(self, side: int) -> float:
        """Return the damage that a side does per action point."""
        return self.damage[side] / self.action_points[side] if self.action_points[side] else 0.0

    def seen_from_the_other_side(self) -> Tally:
        return msgspec.structs.replace(
            self,
            wins=self.duels - self.wins - self.draws,
            damage=self.damage[::-1],
            action_points=self.action_points[::-1],
            health=self.health[::-1],
        )


def tally_of(outcomes: Iterable[Outcome]) -> Tally:
    """Sum duels up."""
    tally = Tally()
    for winner, turns, damage, points, health in outcomes:
        one = Tally(
            duels=1,
            wins=int(winner == 0),
            draws=int(winner < 0),
            turns=turns,
            damage=damage,
            action_points=points,
            health=health,
            lengths={turns: 1},
        )
        tally = added(tally, one)
    return tally


def added(one: Tally, other: Tally) -> Tally:
    lengths = dict(one.lengths)
    for turns, count in other.lengths.items():
        lengths[turns] = lengths.get(turns, 0) + count
    return Tally(
        duels=one.duels + other.duels,
        wins=one.wins + other.wins,
        draws=one.draws + other.draws,
        turns=one.turns + other.turns,
        damage=_sums(one.damage, other.damage),
        action_points=_sums(one.action_points, other.action_points),
        health=_sums(one.health, other.health),
        lengths=lengths,
    )


def wilson(successes: float, trials: int) -> Interval:
    """Return Wilson's interval of a rate at 95 %, which stays between 0 and 1 also for few trials."""
    if not trials:
        return Interval(0.0, 1.0)
    rate, z2 = successes / trials, Z_95**2
    middle = rate + z2 / (2 * trials)
    spread = Z_95 * sqrt(rate * (1 - rate) / trials + z2 / (4 * trials**2))
    whole = 1 + z2 / trials
    return Interval(max(0.0, (middle - spread) / whole), min(1.0, (middle + spread) / whole))


def _sums(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
