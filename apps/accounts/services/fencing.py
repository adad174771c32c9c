"""Who is banned, or on the way to another shard, changes nothing any more by commands still under way."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, connections

from aether.kernel import clock, realm
from aether.kernel.dispatch import Caller
from aether.kernel.errors import GameError, NotAuthenticatedError
from apps.accounts.errors import CharacterAwayError

_AWAY = "SELECT id, gone_to FROM accounts_character WHERE id = ANY(%s) AND gone_to <> ''"
_HOLD = """
    SELECT id, coalesce(banned_until > %s, false) FROM accounts_account
    WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE
"""


def hold_off_bans(callers: Sequence[Caller]) -> list[GameError | None]:
    """Refuse banned accounts, and let nobody ban the others before the callers' transaction has ended.

    A ban locks the row of the account, so one of the two waits for the other, and then sees what it did.
    Where the realm is another database, the lock ends here: a command that has begun then may still end.
    """
    with connections[realm.alias()].cursor() as cursor:
        cursor.execute(_HOLD, [clock.utc_now(), sorted({caller.account_id for caller in callers})])
        banned = {account_id for account_id, is_banned in cursor.fetchall() if is_banned}
    return [NotAuthenticatedError() if caller.account_id in banned else None for caller in callers]


def hold_off_the_gone(callers: Sequence[Caller]) -> list[GameError | None]:
    """Refuse characters that are leaving or gone. Who leaves rests until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_AWAY, [sorted({caller.character_id for caller in callers})])
        gone = dict(cursor.fetchall())
    return [
        CharacterAwayError(shard=gone[caller.character_id]) if caller.character_id in gone else None
        for caller in callers
    ]
