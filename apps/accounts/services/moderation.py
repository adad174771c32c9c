"""What game masters do to accounts: each act has a name, a reason and an entry in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec

from django.db import transaction

from aether.kernel import audit, clock, realm, realtime
from aether.protocol.accounts import NoticeReceived
from apps.accounts.errors import EndInThePastError, NotOnStaffError
from apps.accounts.models import FOREVER, Account
from apps.accounts.services.sessions import end_sessions

P = ParamSpec("P")


def _in_realm_and_shard(act: Callable[P, None]) -> Callable[P, None]:
    """Let an act be one transaction of the realm around one of this shard.

    Where they are two databases, the journal commits first: a trace without an act tells of a fault, an act
    without a trace would tell nobody.
    """

    @wraps(act)
    def done(*args: P.args, **kwargs: P.kwargs) -> None:
        with realm.atomic(), transaction.atomic():
            act(*args, **kwargs)

    return done


@_in_realm_and_shard
def mute(*, actor: Account, account_id: int, until: datetime | None, reason: str) -> None:
    """Take an account's voice, for ever where `until` is None."""
    account = _target(actor, account_id)
    account.muted_until, account.mute_reason = _end(until), reason.strip()
    _record(actor, account, "mute", reason, until)
    account.save(update_fields=["muted_until", "mute_reason"])
    notice = NoticeReceived(key="muted", values={"reason": account.mute_reason})
    for character in account.characters.order_by("id"):
        realtime.tell_character(character.pk, notice)


@_in_realm_and_shard
def unmute(*, actor: Account, account_id: int, reason: str) -> None:
    """Give an account its voice back."""
    account = _target(actor, account_id)
    account.muted_until, account.mute_reason = None, ""
    _record(actor, account, "unmute", reason)
    account.save(update_fields=["muted_until", "mute_reason"])


@_in_realm_and_shard
def kick(*, actor: Account, account_id: int, reason: str) -> None:
    """Sign an account out everywhere and close its sockets; it may sign in again."""
    account = _target(actor, account_id)
    _record(actor, account, "kick", reason)
    end_sessions(account_id=account.pk, reason=reason)


@_in_realm_and_shard
def ban(*, actor: Account, account_id: int, until: datetime | None, reason: str) -> None:
    """Shut an account out, for ever where `until` is None: sessions end and sockets close at once."""
    account = _target(actor, account_id)
    account.banned_until, account.ban_reason = _end(until), reason.strip()
    _record(actor, account, "ban", reason, until)
    account.save(update_fields=["banned_until", "ban_reason"])
    end_sessions(account_id=account.pk, reason=reason)


@_in_realm_and_shard
def unban(*, actor: Account, account_id: int, reason: str) -> None:
    """Let an account in again."""
    account = _target(actor, account_id)
    account.banned_until, account.ban_reason = None, ""
    _record(actor, account, "unban", reason)
    account.save(update_fields=["banned_until", "ban_reason"])


def _target(actor: Account, account_id: int) -> Account:
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.pk == actor.pk or ((account.is_staff or account.is_superuser) and not actor.is_superuser):
        raise NotOnStaffError
    return account


def _end(until: datetime | None) -> datetime:
    if until is not None and until <= clock.utc_now():
        raise EndInThePastError
    return until or FOREVER


def _record(
    actor: Account, account: Account, action: str, reason: str, until: datetime | None = None
) -> None:
    details: dict[str, object] = {"account": account.username}
    if action in {"mute", "ban"}:
        details["until"] = until.isoformat() if until else "for ever"
    audit.record(actor, action, f"account:{account.pk}", reason, details)
