"""Shards: separate populations of one realm, what they tell of themselves, and their post to one another."""

from aether.kernel.shards.post import Answer, ask, post_to_all, receives
from aether.kernel.shards.registry import (
    ShardRecord,
    beat,
    change_state,
    change_terms,
    here,
    record_of,
    shards,
    standing_of,
)

__all__ = [
    "Answer",
    "ShardRecord",
    "ask",
    "beat",
    "change_state",
    "change_terms",
    "here",
    "post_to_all",
    "receives",
    "record_of",
    "shards",
    "standing_of",
]
