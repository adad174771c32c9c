"""The streams `market:<item>`: a book for everybody who looks at it, whole each time."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import GameError, NotFoundError
from aether.kernel.ids import CharacterId
from aether.protocol.base import Update
from aether.protocol.market import MarketChanged, MarketSnapshot
from apps.economy import market
from apps.economy.services.goods import require_stackable

BOOK_EVERY_S = 0.2
"""How often those who look at a book are told of it at most."""


class MarketSource:
    """Answers for the books of what may be ordered."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        try:
            require_stackable(_item_of(stream))
        except GameError:
            raise NotFoundError from None
        return ""

    async def head(self, stream: str, audience: str) -> int:
        return realtime.local_head(stream)

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        # The head comes first: a change in between is told again, never lost.
        head = realtime.local_head(stream)
        return head, MarketSnapshot(book=await in_database_thread(market.depth, _item_of(stream)))

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        return None


def _changed(stream: str) -> MarketChanged:
    return MarketChanged(book=market.depth(_item_of(stream)))


def _item_of(stream: str) -> str:
    return stream.partition(":")[2]


realtime.register_source("market", MarketSource(), is_sequenced=False)
realtime.register_paced("market", _changed, every_s=BOOK_EVERY_S)
