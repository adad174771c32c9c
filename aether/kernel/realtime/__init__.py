"""Streams and their fan-out: the only door to sockets, after commit only.

`tell_character(s)`, `send_after_commit` and `close_account` are for code in threads and transactions,
`send_numbered` for threads after a commit; `tell_character_now`, `send` and `send_sequenced` for coroutines.
"""

from aether.kernel.realtime.following import Follow, Receiver, visible_name
from aether.kernel.realtime.pacing import register_paced
from aether.kernel.realtime.personal import PersonalSource, read_part, read_parts, register_part
from aether.kernel.realtime.posting import (
    close_account,
    close_character,
    close_login,
    correct_audiences,
    follow_character,
    follow_character_now,
    local_head,
    run_aside,
    send,
    send_after_commit,
    send_apart,
    send_now,
    send_numbered,
    send_paced_after_commit,
    send_sequenced,
    take_over,
    tell_character,
    tell_character_now,
    tell_characters,
    viewers,
)
from aether.kernel.realtime.running import Realtime, current, start, stop
from aether.kernel.realtime.sources import (
    Source,
    is_for_nobody_else,
    must_follow,
    register_must_follow,
    register_source,
    source_of,
)
from aether.kernel.realtime.staleness import stale

register_source("me", PersonalSource(), is_sequenced=True)

__all__ = [
    "Follow",
    "Realtime",
    "Receiver",
    "Source",
    "close_account",
    "close_character",
    "close_login",
    "correct_audiences",
    "current",
    "follow_character",
    "follow_character_now",
    "is_for_nobody_else",
    "local_head",
    "must_follow",
    "read_part",
    "read_parts",
    "register_must_follow",
    "register_paced",
    "register_part",
    "register_source",
    "run_aside",
    "send",
    "send_after_commit",
    "send_apart",
    "send_now",
    "send_numbered",
    "send_paced_after_commit",
    "send_sequenced",
    "source_of",
    "stale",
    "start",
    "stop",
    "take_over",
    "tell_character",
    "tell_character_now",
    "tell_characters",
    "viewers",
    "visible_name",
]
