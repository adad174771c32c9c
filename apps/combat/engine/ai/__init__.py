"""The AI: a greedy search with a budget counted in evaluations, from what its team knows."""

from .choose import EVALUATIONS_MAX, Choice, choose, next_automatic_input

__all__ = ["EVALUATIONS_MAX", "Choice", "choose", "next_automatic_input"]
