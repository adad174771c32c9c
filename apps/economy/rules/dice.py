"""A run of keyed dice: draws one after another and keeps every receipt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aether.kernel import rng


class Dice:
    """Every call draws, even where the result is forced, so that nothing ever shifts."""

    def __init__(self, stream: rng.Stream | Callable[[], rng.Stream]) -> None:
        """Throw along a stream, or along the one that is asked for when the first of them falls."""
        self._stream = stream
        self._index = 0
        self.rolls: list[rng.Roll] = []

    def below(self, n: int) -> int:
        """Draw from 0..n-1."""
        if not isinstance(self._stream, rng.Stream):
            self._stream = self._stream()
        roll = self._stream.below(n, self._index)
        self._index = roll.next_index
        self.rolls.append(roll)
        return roll.value

    def between(self, low: int, high: int) -> int:
        """Draw from low..high, both included."""
        return low + self.below(high - low + 1)

    def chance(self, basis_points: int) -> bool:
        """Draw whether something of that chance happens."""
        return self.below(10_000) < basis_points

    def pick(self, weights: Sequence[int]) -> int:
        """Draw a position by weight."""
        return rng.pick(weights, self.below(sum(weights)))


def stream_of(cause: str) -> str:
    """Return the stream whose dice decide about a cause, `<source>:<reference>`: its source."""
    return cause.partition(":")[0]


def scaled(count: int, pct: int, dice: Dice) -> int:
    """Return so many per cent of a count; a part of one falls or does not, so that the mean is exact."""
    whole, rest = divmod(count * pct, 100)
    return whole + (dice.below(100) < rest)
