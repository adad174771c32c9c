"""Signals of the sign-in library: where somebody comes from, and that a session takes its sockets with it."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from aether.kernel import realtime
from apps.accounts.models import Account
from apps.accounts.services.addresses import note_address
from apps.accounts.services.sessions import REVOKED


@receiver([password_changed, password_reset, password_set])
def close_sockets_of_old_password(user: Account, **_signal: Any) -> None:
    realtime.close_account(user.pk, REVOKED, "password_changed")


@receiver(user_logged_in)
def note_where_from(request: HttpRequest | None, user: Account, **_signal: Any) -> None:
    if request is not None:
        note_address(account_id=user.pk, address=request.META.get("REMOTE_ADDR", ""))


@receiver(user_logged_out)
def close_sockets_of_session(request: HttpRequest, **_signal: Any) -> None:
    if request.session.session_key:
        realtime.close_login(request.session.session_key, REVOKED, "signed_out")
