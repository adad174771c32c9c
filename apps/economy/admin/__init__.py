"""The console's rooms of the economy."""

from apps.economy.admin import ledger

__all__ = ["ledger"]
