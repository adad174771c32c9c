"""Ending sessions: at once, on every device, sockets included."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F

from aether.kernel import realtime
from apps.accounts.models import Account

REVOKED = 4401
"""The close code of a socket whose session is over."""


@transaction.atomic
def end_sessions(*, account_id: int, reason: str) -> None:
    """End every session of an account, whoever made it, and close its sockets."""
    Account.objects.filter(pk=account_id).update(session_epoch=F("session_epoch") + 1)
    sessions = UserSession.objects.filter(user_id=account_id)
    Session.objects.filter(session_key__in=sessions.values("session_key")).delete()
    sessions.delete()
    realtime.close_account(account_id, REVOKED, reason)
