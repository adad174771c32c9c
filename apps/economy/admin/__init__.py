"""The console's rooms of the economy."""

from apps.economy.admin import exchange, ledger, market

__all__ = ["exchange", "ledger", "market"]
