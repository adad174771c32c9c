"""What a character takes to another shard: coins and goods by ledger entries, and what it has learnt.

Everything moves out to `transfer:realm`, and on the other side in from there: each shard's ledger sums to
zero by itself, and what these accounts hold sums to zero over the realm while nobody is on the way. Unique
items keep their ids; each shard that one has been on describes it, and its ledger tells where it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from aether.kernel import content
from apps.accounts import services as accounts
from apps.accounts.services import Blocker, Content, Journey, Stage
from apps.economy import selectors
from apps.economy.buckets import EQUIPPED, Bucket, beyond, sink, wallet
from apps.economy.definitions import CURRENCY
from apps.economy.models import (
    CHARACTER,
    Debt,
    GatherTally,
    ItemEvent,
    ItemInstance,
    LearntRecipe,
    Letter,
    Line,
    PityCounter,
    Prepared,
    Profession,
    TradeSeat,
)
from apps.economy.selectors import INSTANCE
from apps.economy.services.freezing import frozen_among
from apps.economy.services.ledger import Move, Posting, lock_holder, post
from apps.economy.services.throwing import end_pair

CARRIED = ("wallet", "bag", "bank")
"""Buckets that go along, beside what is worn."""

_HOLDS = """
    SELECT account.bucket, holding.asset, sum(holding.amount)::bigint
    FROM economy_account AS account JOIN economy_holding AS holding ON holding.account_id = account.id
    WHERE account.owner_type = 'character' AND account.owner_id = %s
    GROUP BY account.bucket, holding.asset HAVING sum(holding.amount) <> 0 ORDER BY 1, 2
"""

_SET_ASIDE = {
    "escrow:order:": Blocker("order", "an order on the market", "un ordre au marché"),
    "escrow:auction:": Blocker("auction", "an auction or a bid", "une enchère ou une mise"),
    "escrow:craft:": Blocker("craft", "something that is being made", "une fabrication en cours"),
    "escrow:": Blocker("hold", "something set aside", "un bien mis de côté"),
    "mail:": Blocker("mail", "a letter with something attached", "une lettre avec une pièce jointe"),
}
_TRADE = Blocker("trade", "a trade", "un échange")
_FROZEN = Blocker("frozen", "what the game masters have frozen", "ce que les maîtres du jeu ont gelé")
_DEBT = Blocker("debt", "a debt", "une dette")
_SENT = Blocker("mail_sent", "a letter whose attachments nobody took yet", "une lettre non encore relevée")
_FEE = Blocker("fee", "the fee, which is more than the purse holds", "les frais, qui dépassent la bourse")


def blockers(character_id: int, fee: int) -> Iterator[Blocker]:
    """Return what is open in the economy: it would be lost, or come after somebody who is gone.

    In a transaction it stays so until that ends.
    """
    lock_holder(character_id)
    held = _holds(character_id)
    found = {_of_bucket(bucket) for bucket, _, _ in held}
    yield from sorted(each for each in found if each is not None)
    if TradeSeat.objects.filter(pk=character_id).exists():
        yield _TRADE
    if frozen_among([character_id]):
        yield _FROZEN
    if Debt.objects.filter(character_id=character_id, settled_at__isnull=True).exists():
        yield _DEBT
    under_way = Letter.objects.filter(sender_id=character_id, closed_at__isnull=True, is_returned=False)
    if under_way.filter(attachments__taken_at__isnull=True, attachments__isnull=False).exists():
        yield _SENT
    if sum(amount for bucket, asset, amount in held if (bucket, asset) == ("wallet", CURRENCY)) < fee:
        yield _FEE


def counts(character_id: int) -> dict[str, int]:
    """Return how much goes along."""
    held = [(asset, amount) for bucket, asset, amount in _holds(character_id) if _goes_along(bucket)]
    return {
        "glim": sum(amount for asset, amount in held if asset == CURRENCY),
        "items": sum(asset.startswith(INSTANCE) for asset, _ in held),
        "stacks": sum(asset != CURRENCY and not asset.startswith(INSTANCE) for asset, _ in held),
        "professions": Profession.objects.filter(character_id=character_id).count(),
    }


def pack(journey: Journey) -> Content:
    """Move everything out, the fee into its sink, and describe it. The dice that were thrown are shown."""
    lock_holder(journey.character_id)
    end_pair(journey.character_id)
    held = [list(row) for row in _holds(journey.character_id) if _goes_along(row[0])]
    moves = list(_moves_out(journey, held))
    if moves:
        _post(journey, "out", moves)
    goods = [(bucket, asset, amount) for bucket, asset, amount in held if amount]
    return {
        "holdings": goods,
        "instances": _described([f"{asset}" for _, asset, _ in goods], journey.character_id),
        **_learnt(journey.character_id),
    }


def unpack(journey: Journey, brought: Content) -> None:
    """Bring everything in, as it was packed."""
    lock_holder(journey.character_id)
    entry_id = None
    if brought["holdings"]:
        entry_id = _post(journey, "in", list(_moves_in(journey.character_id, brought["holdings"])))
    for described in brought["instances"]:
        assert entry_id is not None, "an instance is among the holdings"
        _describe(described, journey.character_id, entry_id)
    _learn(journey.character_id, brought)


def put_back(journey: Journey, brought: Content) -> None:
    """Undo `pack` where it was done: the goods and the fee come back, by an entry of their own."""
    lock_holder(journey.character_id)
    moves = list(_moves_in(journey.character_id, brought["holdings"]))
    if journey.fee:
        target = wallet(journey.character_id)
        moves.append(Move(asset=CURRENCY, amount=journey.fee, source=sink("transfer"), target=target))
    if moves:
        _post(journey, "back", moves)
    _learn(journey.character_id, brought)


def audit(transfer: UUID, stage: Stage, brought: Content) -> list[str]:
    """Compare what was packed with the entry that moved it."""
    wanted = {asset: 0 for _, asset, _ in brought["holdings"]}
    for _, asset, amount in brought["holdings"]:
        wanted[asset] += amount
    found: dict[str, int] = {}
    lines = Line.objects.filter(
        entry__idempotency_key=_key(transfer, stage), account__bucket=beyond().name, account__owner_id=0
    )
    for asset, amount in lines.values_list("asset", "amount"):
        found[asset] = amount if stage == "out" else -amount
    return [
        f"{transfer} {stage}: {asset} {found.get(asset, 0)} instead of {wanted.get(asset, 0)}"
        for asset in sorted(wanted.keys() | found.keys())
        if wanted.get(asset, 0) != found.get(asset, 0)
    ]


def _holds(character_id: int) -> list[tuple[str, str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_HOLDS, [character_id])
        return [(bucket, asset, amount) for bucket, asset, amount in cursor.fetchall()]


def _goes_along(bucket: str) -> bool:
    return bucket in CARRIED or bucket.startswith(EQUIPPED)


def _of_bucket(bucket: str) -> Blocker | None:
    if _goes_along(bucket):
        return None
    named = (blocker for prefix, blocker in _SET_ASIDE.items() if bucket.startswith(prefix))
    return next(named, _SET_ASIDE["escrow:"])


def _moves_out(journey: Journey, held: list[list[Any]]) -> Iterator[Move]:
    """Yield what leaves, and take the fee off what is packed of the purse."""
    fee = journey.fee
    for row in held:
        bucket, asset, amount = row
        source = Bucket(CHARACTER, journey.character_id, bucket)
        if fee and (bucket, asset) == ("wallet", CURRENCY):
            yield Move(asset=asset, amount=fee, source=source, target=sink("transfer"))
            row[2] = amount = amount - fee
        if amount:
            yield Move(asset=asset, amount=amount, source=source, target=beyond())


def _moves_in(character_id: int, holdings: Iterable[list[Any]]) -> Iterator[Move]:
    for bucket, asset, amount in holdings:
        target = Bucket(CHARACTER, character_id, bucket)
        yield Move(asset=asset, amount=amount, source=beyond(), target=target)


def _post(journey: Journey, stage: Stage, moves: list[Move]) -> int:
    posting = Posting(
        kind="transfer",
        idempotency_key=_key(journey.transfer, stage),
        cause=f"transfer:{journey.transfer}",
        moves=tuple(moves),
        actor_id=journey.character_id,
    )
    return post(posting).entry_id


def _key(transfer: UUID, stage: Stage) -> str:
    return f"transfer:{transfer}:{stage}"


def _described(assets: list[str], character_id: int) -> list[Content]:
    found = selectors.instances_by_asset([asset for asset in assets if asset.startswith(INSTANCE)])
    left = selectors.durability_of(found.values())
    return [
        {
            "id": str(each.pk),
            "definition": each.definition,
            "content_hash": each.content_hash,
            "stats": each.stats,
            "is_bound": each.bound_to is not None,
            "is_own_work": each.crafted_by == character_id,
            "is_fine": each.is_fine,
            "created_at": each.created_at.isoformat(),
            "made_by": each.created_entry.kind,
            "made_for": each.created_entry.cause,
            "durability": left.get(each.pk),
        }
        for _, each in sorted(found.items())
    ]


def _describe(described: Content, character_id: int, entry_id: int) -> None:
    """Describe an item that is new to this shard; note where it was made, and how worn it is."""
    instance, _ = ItemInstance.objects.get_or_create(
        pk=UUID(described["id"]),
        defaults={
            "definition": described["definition"],
            "content_hash": described["content_hash"],
            "stats": described["stats"],
            "bound_to": character_id if described["is_bound"] else None,
            "crafted_by": character_id if described["is_own_work"] else None,
            "is_fine": described["is_fine"],
            "created_entry_id": entry_id,
            "created_at": datetime.fromisoformat(described["created_at"]),
        },
    )
    facts: Content = {"made_by": described["made_by"], "made_for": described["made_for"]}
    if described["durability"] is not None:
        facts["durability"] = described["durability"]
    ItemEvent.objects.create(instance=instance, kind="arrived", facts=facts, entry_id=entry_id)


def _rows(model: Any, character_id: int, *columns: str) -> list[list[Any]]:
    found = model.objects.filter(character_id=character_id).values_list(*columns)
    return [list(row) for row in found]


def _learnt(character_id: int) -> Content:
    """Return what is no asset, and forget it here."""
    learnt: Content = {
        "professions": _rows(Profession, character_id, "profession", "xp"),
        "recipes": _rows(LearntRecipe, character_id, "recipe"),
        "pity": _rows(PityCounter, character_id, "table", "item", "misses"),
        "prepared": _rows(Prepared, character_id, "item", "stats"),
        "gathered": [[f"{day}", count] for day, count in _rows(GatherTally, character_id, "day", "gathered")],
    }
    kinds: tuple[Any, ...] = (Profession, LearntRecipe, PityCounter, Prepared, GatherTally)
    for kind in kinds:
        kind.objects.filter(character_id=character_id).delete()
    return learnt


def _learn(character_id: int, brought: Content) -> None:
    """Know again what was packed; what the content has no more is forgotten."""
    known, recipes = content.current().raw("professions"), content.current().raw("recipes")
    Profession.objects.bulk_create(
        Profession(character_id=character_id, profession=each, xp=xp)
        for each, xp in brought["professions"]
        if each in known
    )
    # A shard of an earlier release packs none.
    LearntRecipe.objects.bulk_create(
        LearntRecipe(character_id=character_id, recipe=each)
        for (each,) in brought.get("recipes", ())
        if each in recipes
    )
    PityCounter.objects.bulk_create(
        PityCounter(character_id=character_id, table=table, item=item, misses=misses)
        for table, item, misses in brought["pity"]
    )
    Prepared.objects.bulk_create(
        Prepared(character_id=character_id, item=item, stats=stats) for item, stats in brought["prepared"]
    )
    GatherTally.objects.bulk_create(
        GatherTally(character_id=character_id, day=date.fromisoformat(day), gathered=gathered)
        for day, gathered in brought["gathered"]
    )


accounts.register_luggage(
    accounts.Luggage(
        name="economy",
        pack=pack,
        unpack=unpack,
        put_back=put_back,
        blockers=blockers,
        counts=counts,
        audit=audit,
    )
)
