"""A banned account changes nothing any more, not even by a command that was on its way."""

from __future__ import annotations

from django.db import connection

from aether.kernel import clock
from aether.kernel.dispatch import Caller
from aether.kernel.errors import NotAuthenticatedError

_HOLD = "SELECT coalesce(banned_until > %s, false) FROM accounts_account WHERE id = %s FOR KEY SHARE"


def hold_off_bans(caller: Caller) -> None:
    """Refuse a banned account, and let nobody ban it before the caller's transaction has ended.

    A ban locks the row of the account, so one of the two waits for the other, and then sees what it did.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [clock.utc_now(), caller.account_id])
        if cursor.fetchone() == (True,):
            raise NotAuthenticatedError
