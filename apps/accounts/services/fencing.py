"""A banned account changes nothing any more, not even by a command that was on its way."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from aether.kernel import clock
from aether.kernel.dispatch import Caller
from aether.kernel.errors import GameError, NotAuthenticatedError

_HOLD = """
    SELECT id, coalesce(banned_until > %s, false) FROM accounts_account
    WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE
"""


def hold_off_bans(callers: Sequence[Caller]) -> list[GameError | None]:
    """Refuse banned accounts, and let nobody ban the others before the callers' transaction has ended.

    A ban locks the row of the account, so one of the two waits for the other, and then sees what it did.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [clock.utc_now(), sorted({caller.account_id for caller in callers})])
        banned = {account_id for account_id, is_banned in cursor.fetchall() if is_banned}
    return [NotAuthenticatedError() if caller.account_id in banned else None for caller in callers]
