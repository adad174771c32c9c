"""Undoing: a case, its dry run, a second person's approval, compensating entries, a report."""

from apps.economy.services.rollback.cases import (
    approve_case,
    open_case,
    plan_case,
    require_planned,
    undo_case,
    withdraw_case,
)
from apps.economy.services.rollback.debts import collect_debts, waive_debt
from apps.economy.services.rollback.running import carry_on, carry_on_all, take_step

__all__ = [
    "approve_case",
    "carry_on",
    "carry_on_all",
    "collect_debts",
    "open_case",
    "plan_case",
    "require_planned",
    "take_step",
    "undo_case",
    "waive_debt",
    "withdraw_case",
]
