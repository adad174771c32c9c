"""The ledger's key of a command: a command id is unique per character and for ever."""

from __future__ import annotations

from aether.kernel.dispatch import Caller


def key(kind: str, caller: Caller) -> str:
    return f"{kind}:{caller.character_id}:{caller.command_id}"
