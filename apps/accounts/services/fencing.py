"""Who is banned, or on the way to another shard, changes nothing any more by commands still under way."""

from __future__ import annotations

from django.db import connection, connections

from aether.kernel import clock, realm
from aether.kernel.dispatch import Caller
from aether.kernel.errors import NotAuthenticatedError
from apps.accounts.errors import CharacterAwayError

_AWAY = "SELECT gone_to FROM accounts_character WHERE id = %s AND gone_to <> ''"
_HOLD = "SELECT coalesce(banned_until > %s, false) FROM accounts_account WHERE id = %s FOR KEY SHARE"


def hold_off_bans(caller: Caller) -> None:
    """Refuse a banned account, and let nobody ban it before the caller's transaction has ended.

    A ban locks the row of the account, so one of the two waits for the other, and then sees what it did.
    Where the realm is another database, the lock ends here: a command that has begun then may still end.
    """
    with connections[realm.alias()].cursor() as cursor:
        cursor.execute(_HOLD, [clock.utc_now(), caller.account_id])
        if cursor.fetchone() == (True,):
            raise NotAuthenticatedError


def hold_off_the_gone(caller: Caller) -> None:
    """Refuse a character that is leaving or gone. One that leaves rests until this transaction has ended."""
    with connection.cursor() as cursor:
        cursor.execute(_AWAY, [caller.character_id])
        if found := cursor.fetchone():
            raise CharacterAwayError(shard=found[0])
