"""The event store: streams of entries that are only ever appended, each chained to the one before it.

`(kind, id, version)` is the fence: of two writers that saw the same head, one commits. Coroutines use
`append`, which commits in groups; code inside a Django transaction uses `record`, or `record_after` where
the entry was worked out from a head.
"""

from aether.kernel.journal.appends import Append, Batch, CommandReplayed, Receipt, Rider
from aether.kernel.journal.chain import (
    EMPTY,
    BrokenChainError,
    Entry,
    Head,
    Stream,
    StreamKind,
    VersionConflictError,
)
from aether.kernel.journal.committing import append, close, fetch, head, read, stored_reply
from aether.kernel.journal.recording import (
    begin,
    entries,
    head_of,
    last_until,
    mentions,
    newest,
    record,
    record_after,
)

__all__ = [
    "EMPTY",
    "Append",
    "Batch",
    "BrokenChainError",
    "CommandReplayed",
    "Entry",
    "Head",
    "Receipt",
    "Rider",
    "Stream",
    "StreamKind",
    "VersionConflictError",
    "append",
    "begin",
    "close",
    "entries",
    "fetch",
    "head",
    "head_of",
    "last_until",
    "mentions",
    "newest",
    "read",
    "record",
    "record_after",
    "stored_reply",
]
