"""How a trade is begun, locked, kept and ended, in one statement each: every step of a trade is one."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import connection

from apps.economy.models import Trade

# Written out: Django would compile them anew each time. Whether trade is stopped is told with the row.
_LOCK = """
    SELECT id, inviter_id, invitee_id, is_heard, state, rev, names::text, offers::text, locks::text,
        seen::text, confirmed::text, confirm_from, expires_at, EXISTS (
            SELECT FROM economy_featureswitch WHERE feature = 'trade' AND NOT is_on
        )
    FROM economy_trade WHERE id = %s AND ended_at IS NULL FOR NO KEY UPDATE
"""
_COLUMNS = ("id", "inviter_id", "invitee_id", "is_heard", "state", "rev")
_CHANGING = ("offers", "locks", "seen", "confirmed")
_OF_JSON = ("names", *_CHANGING)
_MOMENTS = ("confirm_from", "expires_at")
_BEGIN = """
    WITH begun AS (
        INSERT INTO economy_trade (inviter_id, invitee_id, is_heard, names, state, rev, offers, locks,
            seen, confirmed, created_at, expires_at)
        SELECT %(inviter)s, %(invitee)s, %(is_heard)s, %(names)s::jsonb, %(state)s, 0, '{}', '{}', '{}', '[]',
            %(now)s, %(expires_at)s
        WHERE NOT EXISTS (SELECT FROM economy_tradeseat WHERE character_id = %(inviter)s)
        RETURNING id
    ), seated AS (INSERT INTO economy_tradeseat (character_id, trade_id) SELECT %(inviter)s, id FROM begun)
    SELECT id FROM begun
"""
_SEAT = """
    INSERT INTO economy_tradeseat (character_id, trade_id) VALUES (%s, %s) ON CONFLICT DO NOTHING
"""
_KEEP = """
    UPDATE economy_trade SET state = %s, rev = %s, confirm_from = %s, expires_at = %s,
        offers = %s::jsonb, locks = %s::jsonb, seen = %s::jsonb, confirmed = %s::jsonb
    WHERE id = %s
"""
_END = """
    WITH left_seats AS (DELETE FROM economy_tradeseat WHERE trade_id = %(trade)s)
    UPDATE economy_trade SET state = %(state)s, ended_at = %(ended_at)s, confirmed = %(confirmed)s::jsonb
    WHERE id = %(trade)s
"""


def begin(trade: Trade) -> bool:
    """Begin a trade and seat who invites to it; false where it has one. Call while holding its lock."""
    begun: dict[str, Any] = {
        "inviter": trade.inviter_id,
        "invitee": trade.invitee_id,
        "is_heard": trade.is_heard,
        "names": _json(trade.names),
        "state": str(trade.state),
        "now": trade.created_at,
        "expires_at": trade.expires_at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BEGIN, begun)
        row = cursor.fetchone()
    if row is None:
        return False
    (trade.pk,) = row
    return True


def seat(trade: Trade, character_id: int) -> bool:
    """Seat somebody at a trade; false where it has one. Call while holding its lock."""
    with connection.cursor() as cursor:
        cursor.execute(_SEAT, [character_id, trade.pk])
        return bool(cursor.rowcount)


def lock(trade_id: int) -> tuple[Trade, bool] | None:
    """Return a trade that has not ended under its lock, and whether trade is stopped."""
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [trade_id])
        row = cursor.fetchone()
    if row is None:
        return None
    *columns, is_stopped = row
    fields: dict[str, Any] = dict(zip((*_COLUMNS, *_OF_JSON, *_MOMENTS), columns, strict=True))
    return Trade(**fields | {name: msgspec.json.decode(fields[name]) for name in _OF_JSON}), is_stopped


def keep(trade: Trade) -> None:
    """Write what a step has changed of a trade that goes on. Call while holding its lock."""
    kept = [_json(getattr(trade, name)) for name in _CHANGING]
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [trade.state, trade.rev, trade.confirm_from, trade.expires_at, *kept, trade.pk])


def end(trade: Trade) -> None:
    """Write that a trade has ended, and free both sides for another one. Call while holding its lock."""
    ended: dict[str, Any] = {
        "trade": trade.pk,
        "state": str(trade.state),
        "ended_at": trade.ended_at,
        "confirmed": _json(trade.confirmed),
    }
    with connection.cursor() as cursor:
        cursor.execute(_END, ended)


def _json(column: object) -> str:
    return msgspec.json.encode(column).decode()
