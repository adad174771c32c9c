"""The weight that characters carry: nobody loads itself with more than it can bear.

Loot, rewards, trades and what was set aside always arrive; then nothing more is taken up until some is put
down.
"""

from __future__ import annotations

from collections.abc import Mapping

from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.errors import OverweightError


def require_strength(character_id: int, more: dict[str, int]) -> None:
    """Refuse who could not carry so many more items; with none, who carries too much already."""
    most = selectors.carries_most(character_id)
    if making.weight_of(selectors.holdings(character_id)) + making.weight_of(more) > most:
        raise OverweightError(most=most)


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
