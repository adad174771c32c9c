"""What undoing would do: from what the ledger says to a plan, without a look at anything else."""

from apps.economy.rules.rollback.found import (
    CURRENCY,
    INSTANCE,
    Found,
    FoundEntry,
    FoundLine,
    Hop,
    Place,
    is_instance,
)
from apps.economy.rules.rollback.notices import Notice, notices_of
from apps.economy.rules.rollback.owing import debtors_of, paid_as_owed
from apps.economy.rules.rollback.plan import Act, Blocked, Hold, Plan, Reopening, Revocation, Taint
from apps.economy.rules.rollback.planner import plan

__all__ = [
    "CURRENCY",
    "INSTANCE",
    "Act",
    "Blocked",
    "Found",
    "FoundEntry",
    "FoundLine",
    "Hold",
    "Hop",
    "Notice",
    "Place",
    "Plan",
    "Reopening",
    "Revocation",
    "Taint",
    "debtors_of",
    "is_instance",
    "notices_of",
    "paid_as_owed",
    "plan",
]
