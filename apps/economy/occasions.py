"""What shops offer only at times: somebody further up says which events are on."""

from __future__ import annotations

from collections.abc import Callable, Collection

from apps.economy.definitions import ShopDef, ShopOffer

EventFinder = Callable[[], Collection[str]]
"""Returns the events of the calendar that are on."""

_finders: list[EventFinder] = []


def register_events(finder: EventFinder) -> None:
    """Have somebody further up say which events are on."""
    if finder not in _finders:
        _finders.append(finder)


def offered(shop: ShopDef) -> list[ShopOffer]:
    """Return what a shop deals in now."""
    if all(offer.event is None for offer in shop.offers):
        return list(shop.offers)
    on = {None}.union(*(finder() for finder in _finders))
    return [offer for offer in shop.offers if offer.event in on]
