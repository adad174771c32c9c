"""Who is banned, or on the way to another shard, changes nothing any more by commands still under way."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, connections

from aether.kernel import clock, realm
from aether.kernel.dispatch import Caller
from aether.kernel.errors import GameError, NotAuthenticatedError
from apps.accounts.errors import CharacterAwayError

_AWAY = "SELECT id, gone_to FROM accounts_character WHERE id = ANY(%s) AND gone_to <> ''"
_BANNED = """
    SELECT id, coalesce(banned_until > %s, false) AS is_banned FROM accounts_account
    WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE
"""
_BANNED_AND_AWAY = f"""
    WITH held AS MATERIALIZED ({_BANNED}), away AS ({_AWAY})
    SELECT id, NULL FROM held WHERE is_banned UNION ALL SELECT id, gone_to FROM away
"""  # noqa: S608 - only texts from here


def hold_off_the_absent(callers: Sequence[Caller]) -> list[GameError | None]:
    """Refuse banned accounts and characters that are leaving or gone; nobody comes to be either meanwhile.

    A ban locks the row of the account, so the callers' transaction or the ban waits for the other, and then
    sees what it did. Where the realm is another database, the lock ends here: a command that has begun then
    may still end. Who leaves rests until this transaction has ended.
    """
    banned, gone = _absent(
        sorted({caller.account_id for caller in callers}), sorted({caller.character_id for caller in callers})
    )
    return [_refusal(caller, banned, gone) for caller in callers]


def _absent(account_ids: list[int], character_ids: list[int]) -> tuple[set[int], dict[int, str]]:
    """Return which accounts are banned, and where those characters are who are not here."""
    now = clock.utc_now()
    if realm.is_apart():
        with connections[realm.alias()].cursor() as cursor:
            cursor.execute(_BANNED, [now, account_ids])
            banned = {account_id for account_id, is_banned in cursor.fetchall() if is_banned}
        with connection.cursor() as cursor:
            cursor.execute(_AWAY, [character_ids])
            return banned, dict(cursor.fetchall())
    # Every command asks: one trip.
    with connection.cursor() as cursor:
        cursor.execute(_BANNED_AND_AWAY, [now, account_ids, character_ids])
        rows = cursor.fetchall()
    return {who for who, shard in rows if shard is None}, {
        who: shard for who, shard in rows if shard is not None
    }


def _refusal(caller: Caller, banned: set[int], gone: dict[int, str]) -> GameError | None:
    if caller.account_id in banned:
        return NotAuthenticatedError()
    if caller.character_id in gone:
        return CharacterAwayError(shard=gone[caller.character_id])
    return None
