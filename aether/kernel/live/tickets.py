"""Tickets for sockets: random, single use, 30 seconds, bound to an account, its session and a character."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast

import msgspec

from aether.kernel.live.connections import aredis, redis

EXPIRES_IN_S = 30


class Ticket(msgspec.Struct, frozen=True, kw_only=True):
    """What a ticket stands for. `session_key` is that of the Django session it was asked with."""

    account_id: int
    character_id: int | None
    session_key: str


def issue(*, account_id: int, character_id: int | None, session_key: str) -> str:
    """Return a fresh ticket. Call from a thread; the caller has checked whose character it is."""
    secret = secrets.token_urlsafe(32)
    ticket = Ticket(account_id=account_id, character_id=character_id, session_key=session_key)
    redis().set(_key(secret), msgspec.msgpack.encode(ticket), ex=EXPIRES_IN_S)
    return secret


async def consume(secret: str) -> Ticket | None:
    """Return what a ticket stands for, once; None for any other text."""
    kept = cast("bytes | None", await aredis().getdel(_key(secret)))
    return msgspec.msgpack.decode(kept, type=Ticket) if kept else None


def _key(secret: str) -> str:
    """Only a digest is kept, so that reading Redis gives nobody a ticket."""
    return "ticket:" + hashlib.sha256(secret.encode()).hexdigest()
