"""Frozen characters: staff stop the dealings of one, with a reason; what comes to it still arrives.

The row is read in the transaction of each dealing, under the character's lock, so it acts at once and in
every process. Its orders leave their books with it; what else was open is unwound by the sweeper, each thing
in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.contrib.auth.models import AbstractBaseUser
from django.db import connection, transaction

from aether.kernel import audit, clock, realtime
from aether.kernel.errors import NotFoundError
from aether.protocol.accounts import NoticeReceived
from apps.accounts import selectors as accounts
from apps.economy.errors import FrozenError, FrozenPartnerError
from apps.economy.models import Freeze
from apps.economy.services.ledger import lock_holder
from apps.economy.services.ordering import withdraw_orders_of

# Written out: every dealing asks.
_FROZEN = "SELECT character_id FROM economy_freeze WHERE character_id = ANY(%s) AND is_frozen"


def frozen_among(character_ids: Iterable[int]) -> frozenset[int]:
    """Return which of some characters may not deal. Certain only while holding their locks."""
    with connection.cursor() as cursor:
        cursor.execute(_FROZEN, [sorted(set(character_ids))])
        return frozenset(who for (who,) in cursor.fetchall())


def lock_dealers(character_id: int, *partners: int) -> None:
    """Have all else that they do in the economy wait for this transaction; refuse as `require_free_with`.

    Call once in a transaction, before the first `post`.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT economy_lock_dealers(%s::bigint[])", [sorted({character_id, *partners})])
        ((frozen,),) = cursor.fetchall()
    _refuse(frozen, character_id)


def require_free(character_id: int) -> None:
    """Refuse what a frozen character does. Call while holding its lock."""
    require_free_with(character_id)


def require_free_with(character_id: int, *partners: int) -> None:
    """Refuse what a character does with others where it, or one of them, is frozen."""
    _refuse(frozen_among([character_id, *partners]), character_id)


def _refuse(frozen: Collection[int], character_id: int) -> None:
    if character_id in frozen:
        raise FrozenError()
    if frozen:
        raise FrozenPartnerError()


def frozen_characters() -> list[int]:
    """Return everybody who is frozen now."""
    return list(Freeze.objects.filter(is_frozen=True).order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def freeze_dealings(*, actor: AbstractBaseUser, character_id: int, reason: str) -> Freeze:
    """Freeze a character, and take its orders back. The sweeper takes back what else it has open."""
    if character_id not in accounts.characters([character_id]):
        raise NotFoundError
    # Nobody asks an order whether its owner may deal: it must not wait any more.
    withdraw_orders_of(character_id)
    return _change(actor, character_id, reason, is_frozen=True)


@transaction.atomic
def thaw_dealings(*, actor: AbstractBaseUser, character_id: int, reason: str) -> Freeze:
    """Let a character deal again."""
    return _change(actor, character_id, reason, is_frozen=False)


def _change(actor: AbstractBaseUser, character_id: int, reason: str, *, is_frozen: bool) -> Freeze:
    # Whatever it is doing just now comes before, whatever comes after is refused.
    lock_holder(character_id)
    action = "freeze_character" if is_frozen else "thaw_character"
    audit.record(actor, action, f"character:{character_id}", reason)
    changed, _ = Freeze.objects.update_or_create(
        character_id=character_id,
        defaults={
            "is_frozen": is_frozen,
            "changed_at": clock.utc_now(),
            "changed_by": actor.get_username(),
            "reason": reason.strip(),
        },
    )
    key, values = ("frozen", {"reason": reason.strip()}) if is_frozen else ("thawed", {})
    realtime.tell_character(character_id, NoticeReceived(key=key, values=values))
    return changed
