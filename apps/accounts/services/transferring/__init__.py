"""Transfers between shards: a saga whose state is in the realm, and whose deeds are on either side.

What a shard does is one transaction of its own, which leaves a row that says so; only then does the realm
hear of it. So every step may be done again, by anybody, after a kill at any point.
"""

from apps.accounts.services.transferring.auditing import audit_transfers
from apps.accounts.services.transferring.luggage import (
    Blocker,
    Content,
    Journey,
    Luggage,
    Stage,
    register_luggage,
)
from apps.accounts.services.transferring.moving import move_characters
from apps.accounts.services.transferring.requesting import (
    Plan,
    call_back,
    call_back_as_staff,
    plan_transfer,
    request_transfer,
    retry_transfer,
)

__all__ = [
    "Blocker",
    "Content",
    "Journey",
    "Luggage",
    "Plan",
    "Stage",
    "audit_transfers",
    "call_back",
    "call_back_as_staff",
    "move_characters",
    "plan_transfer",
    "register_luggage",
    "request_transfer",
    "retry_transfer",
]
