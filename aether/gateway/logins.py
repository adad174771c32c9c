"""Whether a login still holds: the account may play, and its session was neither ended nor outdated."""

from __future__ import annotations

from collections.abc import Collection
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.utils.crypto import constant_time_compare

from aether.kernel import clock

Login = tuple[int, str]


def is_login_valid(account_id: int, session_key: str) -> bool:
    """Tell if a socket that was opened from this session may stay. Call from a database thread."""
    return bool(valid_logins([(account_id, session_key)]))


def valid_logins(logins: Collection[Login]) -> set[Login]:
    """Return those of (account, session) whose sockets may stay. Call from a database thread."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    accounts = get_user_model().objects.filter(pk__in={who for who, _ in logins}, is_active=True).in_bulk()
    kept = store.model.objects.filter(
        session_key__in={key for _, key in logins if key}, expire_date__gt=clock.utc_now()
    )
    sessions = {row.session_key: store.decode(row.session_data) for row in kept}
    return {
        (who, key)
        for who, key in logins
        if who in accounts and (not key or _is_session_of(accounts[who], sessions.get(key, {})))
    }


def _is_session_of(account: AbstractBaseUser, session: dict[str, Any]) -> bool:
    # A password change leaves other sessions in place, with a hash that is no longer the account's.
    return str(session.get(SESSION_KEY)) == str(account.pk) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()
    )
