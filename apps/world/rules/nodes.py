"""The state of a node is how many charges it has left; one that gave its last is whole again by itself."""

from __future__ import annotations

from apps.world.rules.objects import Standing

WHOLE = "whole"
"""The state of a node that has all the charges of its kind, however many the content says these are."""

GATHERED, REPLACED = "gather", "content"
"""What changes a node, beside the time and the staff."""


def charges_left(state: str, whole: int) -> int:
    """Return how many charges a node has in a state, of as many as its kind has."""
    return min(int(state), whole) if state.isdecimal() else whole


def after_taking(state: str, whole: int) -> str | None:
    """Return the state of a node of which one charge is taken; nothing where there is none."""
    left = charges_left(state, whole)
    return str(left - 1) if left else None


def grown(standing: Standing, now: float) -> Standing:
    """Return how a node stands at a moment: what is due to be whole is so, whether anybody looks or not."""
    if standing.whole_at and standing.whole_at <= now:
        return standing._replace(state=WHOLE, whole_at=0.0)
    return standing
