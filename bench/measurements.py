"""What can be measured, by name. A new measurement is a module with a `run`, and a line here."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from bench import (
    ai_turn,
    duels,
    engine_cast,
    idle_connections,
    ledger,
    limit_echo,
    limit_inserts,
    market,
    remote_dispatch,
    rest_reads,
    start_up,
    trade,
    undoing,
    zone_chat,
    zone_copies,
    zone_enter,
    zone_sight,
    zone_walk,
)
from bench.colyseus import peer
from bench.report import Figures

MEASUREMENTS: dict[str, Callable[[], Figures]] = {
    "ai_turn_widest": partial(ai_turn.run, "ai_turn_widest"),
    "ai_decision": partial(ai_turn.run, "ai_decision"),
    "ai_turn": partial(ai_turn.run, "ai_turn"),
    "duels_durable_50": duels.run,
    "duels_durable_500": partial(duels.run, duels=500),
    "colyseus_durable_50": peer.run_durable,
    "colyseus_memory_50": peer.run_in_memory,
    "engine_cast": engine_cast.run,
    "idle_connections": idle_connections.run,
    "ledger_audit": partial(undoing.run, "ledger_audit"),
    "ledger_hot": partial(ledger.run, "ledger_hot"),
    "ledger_hot_seller": partial(ledger.run, "ledger_hot_seller"),
    "ledger_spread": partial(ledger.run, "ledger_spread"),
    "limit_echo": limit_echo.run,
    "limit_inserts": limit_inserts.run,
    "loot_settlement": partial(ledger.run, "loot_settlement"),
    "market_orders_1": partial(market.run, books=1),
    "market_orders_8": partial(market.run, books=8),
    "remote_dispatch": remote_dispatch.run,
    "rest_reads": rest_reads.run,
    "rollback_dry_run": partial(undoing.run, "rollback_dry_run"),
    "start_up": start_up.run,
    "trade_commit": partial(trade.run, rate_per_s=trade.RATE_PER_S),
    "trade_commit_closed": partial(trade.run, rate_per_s=0),
    "zone_chat_20": partial(zone_chat.run, 20),
    "zone_chat_60": partial(zone_chat.run, 60),
    "zone_copies_50": zone_copies.run,
    "zone_enter": zone_enter.run,
    "zone_sight_1000": partial(zone_sight.run, 1000),
    "zone_walk_200": partial(zone_walk.run, 200),
    "zone_walk_1000": partial(zone_walk.run, 1000),
    "zone_walk_2000": partial(zone_walk.run, 2000),
}
GROUPS: dict[str, tuple[str, ...]] = {
    "duels": (
        "duels_durable_50",
        "duels_durable_500",
        "colyseus_durable_50",
        "colyseus_memory_50",
        "limit_echo",
        "limit_inserts",
    ),
    "ledger": (
        "ledger_spread",
        "ledger_hot",
        "ledger_hot_seller",
        "loot_settlement",
        "ledger_audit",
        "rollback_dry_run",
    ),
    "crowd": (
        "zone_chat_20",
        "zone_chat_60",
        "zone_walk_200",
        "zone_walk_1000",
        "zone_walk_2000",
        "zone_copies_50",
        "zone_enter",
    ),
    "market": ("market_orders_1", "market_orders_8", "trade_commit", "trade_commit_closed"),
}
"""What belongs side by side in one run."""


def chosen(names: list[str]) -> tuple[str, ...]:
    """Return the measurements that names stand for: groups, or beginnings; none stand for all.

    Raises LookupError, with the name, where one stands for nothing.
    """
    found: dict[str, None] = {}
    for name in names or MEASUREMENTS:
        found |= dict.fromkeys(_meant(name))
    return tuple(found)


def _meant(name: str) -> tuple[str, ...]:
    if name in MEASUREMENTS:
        return (name,)
    meant = GROUPS.get(name) or tuple(one for one in MEASUREMENTS if one.startswith(name))
    if not meant:
        raise LookupError(name)
    return meant
