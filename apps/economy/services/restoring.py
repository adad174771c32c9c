"""After a shard was restored to an earlier moment: what staff gave since then is given once more.

Nothing else is taken over: what people earned and exchanged after that moment is gone with it, and balances
are never merged. Keys are of the restore, since numbers of battles and grants are given out anew after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db import transaction

from aether.kernel import content
from apps.accounts import selectors as accounts
from apps.economy import selectors
from apps.economy.buckets import staff
from apps.economy.models import CHARACTER, Entry, EntryNote, ItemInstance, Line
from apps.economy.services.ledger import Posting, entry_of, lock_holder, post
from apps.economy.services.letters import deliveries
from apps.economy.services.minting import save_instances
from apps.economy.services.telling import tell_change

SOURCES = {"gm_grant": "grant", "compensation": "compensation"}
"""The kinds of entries that are given once more, and out of which bucket of the staff."""

UNDER_WAY = timedelta(minutes=1)
"""A restore goes by the moment of a commit; an entry bears one that is a little earlier."""

Outcome = Literal["given", "given before", "nobody of that name", "would be given"]


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A unique item as it was made."""

    id: UUID
    definition: str
    content_hash: str
    stats: dict[str, int]
    is_bound: bool


class Gift(msgspec.Struct, frozen=True, kw_only=True):
    """What staff gave by one entry, to whom, and why."""

    key: str
    kind: Literal["gm_grant", "compensation"]
    cause: str
    at: datetime
    character: int
    name: str
    assets: dict[str, int]
    items: list[Item] = []
    note: str = ""


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """What a file holds: the moment to which a shard is restored, and what is given again after it."""

    after: datetime
    gifts: list[Gift]


def gifts_since(moment: datetime) -> list[Gift]:
    """Return what staff have given after a moment or were just giving then, in its order."""
    given = Entry.objects.filter(kind__in=SOURCES, at__gt=moment - UNDER_WAY, reversals__isnull=True)
    return [_gift(entry) for entry in given.order_by("pk").select_related("note")]


def give_again(gifts: Iterable[Gift], *, moment: datetime) -> list[tuple[Gift, Outcome]]:
    """Give what was given after the moment of the restore; each once, however often asked."""
    return [(gift, _give(gift, moment)) for gift in gifts]


def foresee(gifts: Iterable[Gift], *, moment: datetime) -> list[tuple[Gift, Outcome]]:
    """Return what giving again would come to."""
    return [(gift, _standing(gift, moment)) for gift in gifts]


def _gift(entry: Any) -> Gift:
    lines = Line.objects.filter(entry=entry, amount__gt=0, account__owner_type=CHARACTER)
    assets: dict[str, int] = {}
    for asset, amount in lines.values_list("asset", "amount"):
        assets[asset] = assets.get(asset, 0) + amount
    owner = lines.values_list("account__owner_id", flat=True)[0]
    found = accounts.characters([owner]).get(owner)
    return Gift(
        key=entry.idempotency_key,
        kind=entry.kind,
        cause=entry.cause,
        at=entry.at,
        character=owner,
        name=found.name if found else "",
        assets=assets,
        items=[
            Item(
                id=each.pk,
                definition=each.definition,
                content_hash=each.content_hash,
                stats=each.stats,
                is_bound=each.bound_to is not None,
            )
            for _, each in sorted(selectors.instances_by_asset(assets).items())
        ],
        note=entry.note.text if hasattr(entry, "note") else "",
    )


def _standing(gift: Gift, moment: datetime) -> Outcome:
    if entry_of(_key(gift, moment)) is not None or _is_still_there(gift):
        return "given before"
    found = accounts.characters([gift.character]).get(gift.character)
    return "would be given" if found is not None and found.name == gift.name else "nobody of that name"


@transaction.atomic
def _give(gift: Gift, moment: datetime) -> Outcome:
    lock_holder(gift.character)
    standing = _standing(gift, moment)
    if standing != "would be given":
        return standing
    delivery = deliveries({gift.character: list(gift.assets)}, cause=gift.cause)
    moves = delivery.bring(gift.character, gift.assets, staff(SOURCES[gift.kind]))
    delivery.finish()
    entry = post(
        Posting(
            kind=gift.kind,
            idempotency_key=_key(gift, moment),
            cause=gift.cause,
            moves=tuple(moves),
            actor_id=gift.character,
        )
    )
    save_instances((_made(item, gift.character), entry.entry_id) for item in gift.items)
    EntryNote.objects.create(entry_id=entry.entry_id, text=gift.note or gift.cause)
    tell_change(gift.character, gift.cause, moves)
    return "given"


def _is_still_there(gift: Gift) -> bool:
    """Tell if the restored shard has the entry itself: another one may bear its key, given since."""
    return Entry.objects.filter(idempotency_key=gift.key, at=gift.at).exists()


def _made(item: Item, owner: int) -> ItemInstance:
    return ItemInstance(
        id=item.id,
        definition=item.definition,
        content_hash=item.content_hash or content.current().hash,
        stats=item.stats,
        bound_to=owner if item.is_bound else None,
    )


def _key(gift: Gift, moment: datetime) -> str:
    return f"restore:{moment:%Y%m%dT%H%M%S}:{gift.key}"
