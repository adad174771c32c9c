"""What is due by itself: whatever has waited past its time, each thing in a transaction of its own."""

from __future__ import annotations

from apps.economy.services.auctioning import end_auctions
from apps.economy.services.crafting import finish_crafts
from apps.economy.services.holds import expire_holds
from apps.economy.services.mail import expire_letters
from apps.economy.services.ordering import expire_orders
from apps.economy.services.simulating import advance_simulations
from apps.economy.services.trading import expire_trades
from apps.economy.services.unwinding import unwind_frozen

_SWEEPERS = (
    expire_holds,
    expire_letters,
    expire_trades,
    expire_orders,
    end_auctions,
    finish_crafts,
    advance_simulations,
    unwind_frozen,
)


def sweep() -> int:
    """Resolve what has expired; return how much that was. Several processes may sweep at once."""
    return sum(sweeper() for sweeper in _SWEEPERS)
