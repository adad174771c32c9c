"""The kernel's tables, each defined beside what uses it."""

from aether.kernel.content.models import ContentRelease
from aether.kernel.facts.models import Canary, FailedFact, HandledFact, OutboxFact
from aether.kernel.journal.models import CommandReceipt, JournalEntry, JournalLine

__all__ = [
    "Canary",
    "CommandReceipt",
    "ContentRelease",
    "FailedFact",
    "HandledFact",
    "JournalEntry",
    "JournalLine",
    "OutboxFact",
]
