"""The weight that characters carry: nobody loads itself with more than it can bear.

Loot, rewards and what was set aside always arrive; then nothing more is taken up until some is put down.
"""

from __future__ import annotations

from collections.abc import Mapping

from apps.accounts import selectors as accounts
from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.errors import OverweightError, PartnerOverweightError


def require_strength(character_id: int, more: dict[str, int]) -> None:
    """Refuse who could not carry so many more items; with none, who carries too much already."""
    most = selectors.carries_most(character_id)
    if making.weight_of(selectors.holdings(character_id)) + making.weight_of(more) > most:
        raise OverweightError(most=most)


def require_strength_for(character_id: int, assets: Mapping[str, int]) -> None:
    """Refuse who could not carry all of some assets too; what weighs nothing everybody can."""
    most, more = selectors.carries_most(character_id), _weight(assets)
    if more and making.weight_of(selectors.holdings(character_id)) + more > most:
        raise OverweightError(most=most)


def require_strength_to_swap(offers: Mapping[int, Mapping[str, int]]) -> None:
    """Refuse where one of two could not carry what the other gives for what it gives itself.

    Certain only while holding both characters' locks.
    """
    (one, given), (other, taken) = offers.items()
    more = _weight(taken) - _weight(given)
    if more:
        _require_strength_of(one if more > 0 else other, abs(more))


def _require_strength_of(character_id: int, more: int) -> None:
    loaded = making.weight_of(selectors.holdings(character_id)) + more
    # Most carry so little that nobody has to look at what they wear.
    if loaded > selectors.carries_at_least() and loaded > selectors.carries_most(character_id):
        found = accounts.characters([character_id])[character_id]
        raise PartnerOverweightError(name=found.name)


def liftable(character_id: int, assets: Mapping[str, int]) -> dict[str, int]:
    """Return which of these assets somebody can carry too, each as a whole; refuse where it is none.

    What weighs nothing may always be taken.
    """
    most = selectors.carries_most(character_id)
    free = most - making.weight_of(selectors.holdings(character_id))
    kinds = selectors.instances_by_asset(assets)
    lifted: dict[str, int] = {}
    for asset, count in assets.items():
        weight = making.weight_of({kinds[asset].definition if asset in kinds else asset: count})
        if not weight or weight <= free:
            lifted[asset] = count
            free -= weight
    if not lifted:
        raise OverweightError(most=most)
    return lifted


def _weight(assets: Mapping[str, int]) -> int:
    """Return what some assets weigh together."""
    kinds = selectors.instances_by_asset(assets)
    items: dict[str, int] = {}
    for asset, count in assets.items():
        item = kinds[asset].definition if asset in kinds else asset
        items[item] = items.get(item, 0) + count
    return making.weight_of(items)
