"""The kernel's tables, each defined beside what uses it."""

from aether.kernel.content.models import ContentRelease
from aether.kernel.facts.models import Canary, FailedFact, HandledFact, OutboxFact
from aether.kernel.journal.models import CommandReceipt, JournalEntry, JournalLine
from aether.kernel.shards.models import RealmPost, Shard

__all__ = [
    "Canary",
    "CommandReceipt",
    "ContentRelease",
    "FailedFact",
    "HandledFact",
    "JournalEntry",
    "JournalLine",
    "OutboxFact",
    "RealmPost",
    "Shard",
]
