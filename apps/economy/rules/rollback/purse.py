"""What can still be taken while a plan is made: what people hold, and what the plan has put aside."""

from __future__ import annotations

from collections.abc import Mapping

from apps.economy.rules.rollback.found import CURRENCY, Hop, Place, is_instance
from apps.economy.rules.rollback.plan import Hold, escrow_of


class Purse:
    """Takes from people into the escrow of the case and gives out of it, and remembers both."""

    def __init__(self, held: Mapping[tuple[Place, str], int], case_id: int) -> None:
        self._case_id = case_id
        self._held: dict[tuple[int, str], list[tuple[Place, int]]] = {}
        self._escrow: dict[tuple[int, str], int] = {}
        self._taken: dict[tuple[Place, str], int] = {}
        self._elsewhere: dict[tuple[Place, str], int] = {}
        for (place, asset), amount in sorted(held.items()):
            if place.is_player and amount > 0 and place.is_kept_elsewhere:
                self._elsewhere[place, asset] = amount
            elif place.is_player and amount > 0:
                self._held.setdefault((place.owner_id, asset), []).append((place, amount))

    def escrow(self, owner: int) -> Place:
        return escrow_of(owner, self._case_id)

    def take(self, owner: int, asset: str, amount: int, preferred: str = "") -> int:
        """Take up to an amount from a character: first what the plan has given it. Return how much it was."""
        key = owner, asset
        aside = min(amount, self._escrow.get(key, 0))
        if aside:
            self._escrow[key] -= aside
        left, kept = amount - aside, []
        for place, there in sorted(self._held.get(key, []), key=lambda each: each[0].bucket != preferred):
            part = min(left, there)
            if part:
                self._taken[place, asset] = self._taken.get((place, asset), 0) + part
                left -= part
            if there > part:
                kept.append((place, there - part))
        self._held[key] = kept
        return amount - left

    def leave(self, place: Place, asset: str, amount: int) -> int:
        """Leave up to an amount where a trade, an order or a letter keeps it. Return how much it was."""
        part = min(amount, self._elsewhere.get((place, asset), 0))
        if part:
            self._elsewhere[place, asset] -= part
        return part

    def put_elsewhere(self, place: Place, asset: str, amount: int) -> None:
        """Take it that something is still kept where it was before an entry that stays."""
        self._elsewhere[place, asset] = self._elsewhere.get((place, asset), 0) + amount

    def give(self, owner: int, asset: str, amount: int) -> None:
        """Put aside what a character gets back."""
        key = owner, asset
        self._escrow[key] = self._escrow.get(key, 0) + amount

    @property
    def holds(self) -> tuple[Hold, ...]:
        return tuple(Hold(place, asset, amount) for (place, asset), amount in sorted(self._taken.items()))

    @property
    def releases(self) -> tuple[Hold, ...]:
        return tuple(
            Hold(home_of(owner, asset), asset, amount)
            for (owner, asset), amount in sorted(self._escrow.items())
            if amount
        )


class Whereabouts:
    """Where each unique item is as the plan goes on, and the hops that have led it there."""

    def __init__(self, paths: Mapping[str, tuple[Hop, ...]]) -> None:
        self._paths = {asset: list(hops) for asset, hops in paths.items()}

    def after(self, asset: str, entry_id: int) -> list[Hop]:
        """Return the hops since an entry, its own not included."""
        hops = self._paths.get(asset, [])
        own = next((n for n, hop in enumerate(hops) if hop.entry_id == entry_id), len(hops))
        return hops[own + 1 :]

    def place(self, asset: str) -> Place | None:
        hops = self._paths.get(asset)
        return hops[-1].target if hops else None

    def undo(self, asset: str, entry_id: int) -> None:
        """Forget an entry's hop and all after it: the item is where it was before."""
        hops = self._paths.get(asset, [])
        own = next((n for n, hop in enumerate(hops) if hop.entry_id == entry_id), len(hops))
        del hops[own:]


def home_of(owner: int, asset: str) -> Place:
    """Return where something lies that a character gets back: what was worn comes into the bag."""
    return Place("character", owner, "wallet" if asset == CURRENCY and not is_instance(asset) else "bag")
