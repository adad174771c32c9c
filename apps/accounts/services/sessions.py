"""Ending sessions: at once, on every device, sockets included."""

from __future__ import annotations

from functools import partial
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import F

from aether.kernel import realm, realtime, shards
from apps.accounts.models import Account

CLOSE_ACCOUNT = "accounts.close"

REVOKED = 4401
"""The close code of a socket whose session is over."""


def end_sessions(*, account_id: int, reason: str) -> None:
    """End every session of an account, whoever made it, and close its sockets, on every shard."""
    with realm.atomic():
        Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)
        sessions = UserSession.objects.filter(user_id=account_id)
        Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
        sessions.delete()
        realtime.close_account(account_id, REVOKED, reason)
        realm.on_commit(partial(_close_elsewhere, account_id, reason))


def _close_elsewhere(account_id: int, reason: str) -> None:
    if realm.is_apart():
        # Here too, once more: the realm has committed after the shard, and somebody may have come between.
        realtime.close_account(account_id, REVOKED, reason)
    shards.post_to_all(CLOSE_ACCOUNT, {"account": account_id, "reason": reason})


@shards.receives(CLOSE_ACCOUNT)
def close_here(_sender: str, body: dict[str, Any]) -> None:
    """Another shard has ended an account's sessions: close what it has open here."""
    realtime.close_account(int(body["account"]), REVOKED, str(body["reason"]))
