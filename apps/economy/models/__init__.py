"""The economy's tables: the ledger, and what people exchange by it."""

from apps.economy.models.alarms import Alarm
from apps.economy.models.cases import Debt, ItemEvent, RollbackCase, RollbackStep
from apps.economy.models.ledger import (
    ASSET_LENGTH_MAX,
    BALANCE_BOUND,
    BALANCE_MAX,
    CHARACTER,
    SYSTEM,
    Account,
    Balance,
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

__all__ = [
    "ASSET_LENGTH_MAX",
    "BALANCE_BOUND",
    "BALANCE_MAX",
    "CHARACTER",
    "SYSTEM",
    "Account",
    "Alarm",
    "Balance",
    "Debt",
    "Entry",
    "EntryNote",
    "FoldMark",
    "Holding",
    "ItemEvent",
    "ItemInstance",
    "Line",
    "LootReceipts",
    "PityCounter",
    "RollbackCase",
    "RollbackStep",
    "SystemTotal",
    "UnfoldedCredit",
]
