"""The AI: a greedy search from what its team knows; a turn has one budget, counted in evaluations."""

from .house import EVALUATIONS_MAX, Choice, House, choose

__all__ = ["EVALUATIONS_MAX", "Choice", "House", "choose"]
