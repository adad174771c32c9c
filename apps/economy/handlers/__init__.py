"""Commands of the economy, by what they are about."""

from apps.economy.handlers import auctions, holding, mail, making, market, movements, trade

__all__ = ["auctions", "holding", "mail", "making", "market", "movements", "trade"]
