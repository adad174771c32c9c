"""Wire types of a character's own ledger: what came into its hands and left them, when and why."""

from __future__ import annotations

from typing import ClassVar, Literal

from aether.protocol.base import Command, Wire
from aether.protocol.economy import ContentId
from aether.protocol.exchange import Reference

MovementTopic = Literal[
    "found", "shop", "trade", "mail", "market", "auctions", "making", "bank", "house", "other"
]


class MovementChange(Wire, frozen=True, kw_only=True):
    """How much of `item` came (or went, below zero); `instance` is which one, of what does not stack."""

    item: str
    amount: int
    instance: str | None = None


class Movement(Wire, frozen=True, kw_only=True):
    """What changed in purse, bag and equipment at once. `kind` is what happened, `source` the kind of thing
    that it happened for; `partner` is with whom, where that is not told to nobody.
    """

    id: int
    at: float
    topic: MovementTopic
    kind: str
    source: str
    partner: str | None
    changes: list[MovementChange]


class Movements(Wire, frozen=True, kw_only=True):
    """Movements, newest first; `before` continues the list, null at its end.

    A page may be short, or even empty, although there is more: only so much is looked through at a time.
    """

    movements: list[Movement]
    before: int | None


class ReadMovements(Command, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What came and went: all of it, what a topic is about, or that of one item (or of `glim`)."""

    type_name: ClassVar[str] = "economy.movements"
    reply_type: ClassVar[type[Wire]] = Movements
    is_durable: ClassVar[bool] = False

    topic: MovementTopic | None = None
    item: ContentId | None = None
    before: Reference | None = None
