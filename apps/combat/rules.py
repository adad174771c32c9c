"""What a victory is worth: experience, split in a party by level, integers only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

GROUP_BONUS_PCT = (100, 115, 130, 145)
LEVEL_GAP_FREE = 5
LEVEL_GAP_PCT = 5
LEVEL_FACTOR_MIN_PCT = 10


def experience(total: int, levels: Mapping[int, int], slain_levels: Sequence[int]) -> dict[int, int]:
    """Return what each winner earns of the slain monsters' experience; `levels` by character id."""
    if not levels or not slain_levels:
        return dict.fromkeys(levels, 0)
    bonus = GROUP_BONUS_PCT[min(len(levels), len(GROUP_BONUS_PCT)) - 1]
    average = sum(slain_levels) // len(slain_levels)
    shares = split(total * bonus // 100, levels)
    return {
        character_id: share * level_factor_pct(levels[character_id], average) // 100
        for character_id, share in shares.items()
    }


def split(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Split a whole by weight with the largest remainders, so that the parts sum to it; ties by id."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts


def level_factor_pct(level: int, slain_level: int) -> int:
    """Return how much of the experience counts when levels are far apart."""
    gap = max(0, abs(level - slain_level) - LEVEL_GAP_FREE)
    return min(100, max(LEVEL_FACTOR_MIN_PCT, 100 - LEVEL_GAP_PCT * gap))
