"""Somebody holds the row of one book for long: whoever orders in another one does not wait for that."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from aether.kernel import dispatch
from aether.kernel.database_threads import close_pool
from aether.kernel.dispatch import Caller
from aether.kernel.errors import UnavailableError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.market import PlaceOrder
from apps.economy import auditing
from apps.economy.models import Book, Order
from tests import cast
from tests.cast import Player
from tests.economy.cast import give

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_S = 20
HELD, FREE = "reed_fibre", "marsh_tonic"


class Holding:
    """Somebody who holds a book's row until told to let go."""

    def __init__(self, item: str) -> None:
        self._item = item
        self._has_it, self._may_go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._hold)

    def __enter__(self) -> Holding:
        self._thread.start()
        assert self._has_it.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go()
        self._thread.join()

    def let_go(self) -> None:
        self._may_go.set()

    def _hold(self) -> None:
        with transaction.atomic():
            Book.objects.select_for_update().get(pk=self._item)
            self._has_it.set()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            self._may_go.wait(3 * PATIENCE_S)
        connection.close()


@pytest.fixture(autouse=True)
def _pool() -> Iterator[None]:
    yield
    close_pool()
    assert auditing.audit_ledger() == []


def sell(player: Player, item: str, command_id: str) -> asyncio.Future[dispatch.Outcome]:
    command = PlaceOrder(item=item, side="sell", price=5, quantity=1)
    caller = Caller(
        character_id=CharacterId(player.character_id),
        account_id=AccountId(player.account_id),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId(command_id),
        body_digest=dispatch.body_digest(command),
    )
    return asyncio.ensure_future(dispatch.execute_here(caller, command))


async def seller(name: str) -> Player:
    player = await cast.player(name.lower(), name)
    await sync_to_async(give)(player.character_id, glim=100, reed_fibre=10, marsh_tonic=10)
    return player


async def test_who_orders_elsewhere_does_not_wait_for_a_book_that_is_held() -> None:
    players = [await seller(name) for name in ("Alice", "Bob", "Carol", "Dora")]
    await sell(players[0], HELD, "open")
    with Holding(HELD) as holding:
        orders = [sell(who, (HELD, FREE)[n % 2], "a") for n, who in enumerate(players)]
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(orders[1], orders[3])
            await asyncio.gather(*(sell(who, FREE, f"b{n}") for n, who in enumerate(players)))
        assert not orders[0].done()
        holding.let_go()
        await asyncio.gather(orders[0], orders[2])
    assert await Order.objects.acount() == 1 + 4 + 4


async def test_a_book_that_stays_held_is_unavailable_and_the_next_goes_through() -> None:
    alice, bob = await seller("Alice"), await seller("Bob")
    await sell(alice, HELD, "open")
    with Holding(HELD):
        held, free = sell(alice, HELD, "a"), sell(bob, FREE, "a")
        with pytest.raises(UnavailableError):
            await held
        await free
    again = await sell(alice, HELD, "a")
    assert not again.is_replayed
    assert await Order.objects.acount() == 3
