"""The weight that characters carry: nobody loads itself with more than it can bear.

Loot, rewards and what was set aside always arrive; then nothing more is taken up until some is put down.
"""

from __future__ import annotations

from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.errors import OverweightError


def require_strength(character_id: int, more: dict[str, int]) -> None:
    """Refuse who could not carry so many more items; with none, who carries too much already."""
    most = selectors.carries_most(character_id)
    if making.weight_of(selectors.holdings(character_id)) + making.weight_of(more) > most:
        raise OverweightError(most=most)
