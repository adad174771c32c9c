"""Commands of the economy, by what they are about."""

from apps.economy.handlers import auctions, holding, mail, market, trade

__all__ = ["auctions", "holding", "mail", "market", "trade"]
