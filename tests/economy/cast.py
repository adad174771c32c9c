"""Who plays in the tests of the economy, and how what they hold is looked at."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection, transaction

from apps.accounts.models import Account as Login
from apps.accounts.models import Character
from apps.accounts.rules.names import skeleton
from apps.economy import selectors, services
from apps.economy.buckets import beyond, faucet, wallet
from apps.economy.models import Line
from apps.economy.services.ledger import Move, Posting, post

SHOP = "lastmoor_stores"


def character(
    name: str = "Alice", *, xp: int = 0, class_id: str = "anchorite", account_of: int | None = None
) -> int:
    """Make a character with an account of its own, or with that of another one."""
    if account_of is None:
        login = Login.objects.create(username=name.lower())
    else:
        login = Character.objects.get(pk=account_of).account
    made = Character.objects.create(
        account=login, name=name, name_key=skeleton(name), class_id=class_id, xp_total=xp
    )
    return int(made.pk)


def give(character_id: int, *, glim: int = 0, key: str = "", **items: int) -> None:
    """Give from nothing, as a test's beginning."""
    services.grant(
        character_id=character_id,
        cause="starter:test",
        idempotency_key=key or f"test:{character_id}:{glim}:{sorted(items.items())}",
        glim=glim,
        items=items,
    )


def item_id(character_id: int, item: str) -> str:
    """Return the first instance of an item that a character holds."""
    return next(each.id for each in selectors.inventory(character_id).items if each.item == item)


def stacks(character_id: int) -> dict[str, int]:
    return {stack.item: stack.count for stack in selectors.inventory(character_id).stacks}


def deal(character_id: int, item: str, price: int, *, count: int = 1, key: str = "k") -> services.Deal:
    return services.Deal(
        character_id=character_id,
        shop=SHOP,
        item=item,
        count=count,
        expected_price=price,
        idempotency_key=f"{key}:{character_id}",
    )


def mint(owner: int, amount: int, key: str, asset: str = "glim") -> None:
    """Post from a faucet into a wallet."""
    move = Move(asset=asset, amount=amount, source=faucet("test"), target=wallet(owner))
    with transaction.atomic():
        post(Posting(kind="test", idempotency_key=key, cause="test:1", moves=(move,)))


def all_at_once(*works: Callable[[], object]) -> list[object]:
    """Run each work in a thread of its own, started together; return what each gave or raised."""
    results: list[object] = [None] * len(works)
    barrier = Barrier(len(works))

    def run(index: int, work: Callable[[], object]) -> None:
        try:
            barrier.wait(5)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 (the edge of a thread: what it raised is its result)
            results[index] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=(index, work)) for index, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def sum_of_beyond() -> dict[str, int]:
    """Return what has left for other shards, less what has come, by asset."""
    totals: dict[str, int] = {}
    lines = Line.objects.filter(account__bucket=beyond().name, account__owner_id=0)
    for asset, amount in lines.values_list("asset", "amount"):
        totals[asset] = totals.get(asset, 0) + amount
    return totals
