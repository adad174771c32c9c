"""Commands of the economy, by what they are about."""

from apps.economy.handlers import auctions, dice, holding, mail, making, market, movements, trade

__all__ = ["auctions", "dice", "holding", "mail", "making", "market", "movements", "trade"]
