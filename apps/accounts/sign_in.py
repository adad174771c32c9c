"""How people sign in: what the sign-in library asks of this house."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.headless.adapter import DefaultHeadlessAdapter
from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language

from aether.kernel.errors import GameError
from aether.kernel.rest.refusals import body_of
from apps.accounts.errors import BannedError, BannedForeverError
from apps.accounts.models import FOREVER, Account
from apps.accounts.session_store import SessionStore


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library is untyped
    """Counts failed sign-ins by name and address, and keeps the banned out."""

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # By name alone, anybody could lock anybody out.
        name = str(credentials.get("username", "")).casefold()
        return f"{self.get_client_ip(request)}:{name}"

    def pre_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> Any:
        if refusal := ban_of(user):
            body = body_of(refusal)
            errors = [{"code": refusal.code, "message": body["message"]}]
            raise ImmediateHttpResponse(JsonResponse({"status": 403, "errors": errors, **body}, status=403))
        return super().pre_login(request, user, **kwargs)

    def save_user(self, request: HttpRequest, user: Account, form: Any, commit: bool = True) -> Account:
        user.language = "fr" if (get_language() or "en").startswith("fr") else "en"
        saved: Account = super().save_user(request, user, form, commit)
        return saved


class HeadlessAdapter(DefaultHeadlessAdapter):  # type: ignore[misc]  # the library is untyped
    """Shows who is signed in, in a type that is made once: the library makes it for each request."""

    def get_user_dataclass(self) -> type:
        return _user_type()


@cache
def _user_type() -> type:
    made: type = DefaultHeadlessAdapter().get_user_dataclass()
    return made


class SessionTokens(SessionTokenStrategy):  # type: ignore[misc]  # the library is untyped
    """A token is the key of a session, which is read once: the library asks first if there is one."""

    def lookup_session(self, session_token: str) -> SessionBase | None:
        session = SessionStore(session_token)
        session.get(SESSION_KEY)  # reads it; one that is gone has no key then
        return session if session.session_key else None


def ban_of(account: Account) -> GameError | None:
    """Return the refusal that a banned account gets."""
    if not account.is_banned or account.banned_until is None:
        return None
    if account.banned_until == FOREVER:
        return BannedForeverError(reason=account.ban_reason)
    return BannedError(until=f"{account.banned_until:%Y-%m-%d %H:%M} UTC", reason=account.ban_reason)
