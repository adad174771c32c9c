"""The console's rooms and pages of the economy."""

from apps.economy.admin import (
    alarms,
    as_of,
    debts,
    dice,
    exchange,
    ledger,
    making,
    market,
    radar,
    rollback,
    staff,
    telemetry,
)

__all__ = [
    "alarms",
    "as_of",
    "debts",
    "dice",
    "exchange",
    "ledger",
    "making",
    "market",
    "radar",
    "rollback",
    "staff",
    "telemetry",
]
