"""Whether a login still holds: the account may play, and its session was neither ended nor outdated."""

from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils.crypto import constant_time_compare


def is_login_valid(account_id: int, session_key: str) -> bool:
    """Tell if a socket that was opened from this session may stay. Call from a database thread."""
    account = get_user_model().objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        return False
    if not session_key:
        return True
    session = import_module(settings.SESSION_ENGINE).SessionStore(session_key).load()
    # A password change leaves other sessions in place, with a hash that is no longer the account's.
    return str(session.get(SESSION_KEY)) == str(account_id) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()
    )
