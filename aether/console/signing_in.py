"""The door of the console: password, second factor, a bound on guesses, and an end to idle sessions."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core.internal import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import AuthenticationForm
from unfold.widgets import UnfoldAdminTextInputWidget

from aether.kernel import clock

SEEN_AT = "console_seen_at"


class ConsoleSignInForm(AuthenticationForm):  # type: ignore[misc]  # the library is untyped
    """Name, password and, for those who have a second factor, its code."""

    code = forms.CharField(
        label=_("Code of your authenticator"),
        required=False,
        max_length=16,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text=_("Leave empty if you have not set one up."),
    )

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if name and password:
            self.user_cache = get_adapter().authenticate(self.request, username=name, password=password)
            if self.user_cache is None:
                raise self.get_invalid_login_error()
            self.confirm_login_allowed(self.user_cache)
            self._check_code(self.user_cache, self.cleaned_data.get("code") or "")
        return dict(self.cleaned_data)

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        super().confirm_login_allowed(user)
        if getattr(user, "is_banned", False):
            raise self.get_invalid_login_error()

    def _check_code(self, account: AbstractBaseUser, code: str) -> None:
        if not has_totp(account):
            return
        usage = ratelimit.consume(
            self.request, app="allauth.account", action="login_failed", key=f"code:{account.pk}"
        )
        if not usage:
            raise get_adapter().validation_error("too_many_login_attempts")
        if not _is_code_of(account, code):
            raise ValidationError(_("The code of the second factor is not right."), code="invalid_code")
        usage.rollback()


def has_totp(account: AbstractBaseUser | AnonymousUser) -> bool:
    """Tell if somebody has set up a second factor."""
    return bool(Authenticator.objects.filter(user_id=account.pk, type=Authenticator.Type.TOTP).exists())


def was_signed_in(request: HttpRequest) -> bool:
    """Tell if this session came in through the console's own door, not through that of the players."""
    return SEEN_AT in request.session


def is_idle(request: HttpRequest, now: float) -> bool:
    """Tell if the console was left alone for too long."""
    seen_at = request.session.get(SEEN_AT)
    return bool(seen_at is not None and now - seen_at > settings.STAFF_IDLE_S)


def mark_seen(request: HttpRequest) -> None:
    """Note that somebody is at the console."""
    request.session[SEEN_AT] = clock.now()


def _is_code_of(account: AbstractBaseUser, code: str) -> bool:
    for kept in Authenticator.objects.filter(user_id=account.pk):
        if kept.type == Authenticator.Type.TOTP and TOTP(kept).validate_code(code):
            return True
        if kept.type == Authenticator.Type.RECOVERY_CODES and RecoveryCodes(kept).validate_code(code):
            return True
    return False
