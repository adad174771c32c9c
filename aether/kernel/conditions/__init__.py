"""Conditions: the language in which content says when something may be done, seen or passed.

A tree of questions about a character, total and pure. Apps register who answers; nobody else reads.
"""

from aether.kernel.conditions.alternatives import Literally, Row, alternatives, any_holds
from aether.kernel.conditions.catalogue import LEAVES, Topic
from aether.kernel.conditions.checking import unknown_in
from aether.kernel.conditions.evaluating import holds, may_change, truths, truths_after
from aether.kernel.conditions.situation import Situation
from aether.kernel.conditions.sources import register_source, situation_of
from aether.kernel.conditions.tree import (
    Condition,
    FlagIs,
    Id,
    Number,
    QuestState,
    children,
    depth,
    leaves,
    size,
)
from aether.kernel.conditions.wording import asks_for, names_of, why_not

__all__ = [
    "LEAVES",
    "Condition",
    "FlagIs",
    "Id",
    "Literally",
    "Number",
    "QuestState",
    "Row",
    "Situation",
    "Topic",
    "alternatives",
    "any_holds",
    "asks_for",
    "children",
    "depth",
    "holds",
    "leaves",
    "may_change",
    "names_of",
    "register_source",
    "situation_of",
    "size",
    "truths",
    "truths_after",
    "unknown_in",
    "why_not",
]
