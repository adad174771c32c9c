"""The economy's tables: the ledger, and what people exchange by it."""

from apps.economy.models.alarms import Alarm
from apps.economy.models.auctions import Auction, Bid
from apps.economy.models.cases import Debt, ItemEvent, RollbackCase, RollbackStep
from apps.economy.models.dice import DiceThrow, SeedPair
from apps.economy.models.holds import FeatureSwitch, Hold
from apps.economy.models.ledger import (
    ASSET_LENGTH_MAX,
    BALANCE_BOUND,
    BALANCE_MAX,
    CHARACTER,
    SYSTEM,
    Account,
    Balance,
    BalanceRepair,
    Entry,
    EntryNote,
    FoldMark,
    Holding,
    ItemInstance,
    Line,
    LootReceipts,
    PityCounter,
    SystemTotal,
    UnfoldedCredit,
)
from apps.economy.models.mail import Attachment, Letter
from apps.economy.models.making import (
    CraftJob,
    DropSimulation,
    GatherTally,
    LearntRecipe,
    Prepared,
    Profession,
    ShopDrift,
)
from apps.economy.models.market import Book, DailySales, Fill, Order
from apps.economy.models.staff import Freeze, StaffGrant
from apps.economy.models.trade import Trade, TradeSeat

__all__ = [
    "ASSET_LENGTH_MAX",
    "BALANCE_BOUND",
    "BALANCE_MAX",
    "CHARACTER",
    "SYSTEM",
    "Account",
    "Alarm",
    "Attachment",
    "Auction",
    "Balance",
    "BalanceRepair",
    "Bid",
    "Book",
    "CraftJob",
    "DailySales",
    "Debt",
    "DiceThrow",
    "DropSimulation",
    "Entry",
    "EntryNote",
    "FeatureSwitch",
    "Fill",
    "FoldMark",
    "Freeze",
    "GatherTally",
    "Hold",
    "Holding",
    "ItemEvent",
    "ItemInstance",
    "LearntRecipe",
    "Letter",
    "Line",
    "LootReceipts",
    "Order",
    "PityCounter",
    "Prepared",
    "Profession",
    "RollbackCase",
    "RollbackStep",
    "SeedPair",
    "ShopDrift",
    "StaffGrant",
    "SystemTotal",
    "Trade",
    "TradeSeat",
    "UnfoldedCredit",
]
