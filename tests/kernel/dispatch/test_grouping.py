"""Commands that are executed together: each has its own answer, receipt and refusal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import IntegrityError, connection

from aether.kernel.dispatch import Caller, Outcome
from aether.kernel.dispatch.grouping import execute_group
from aether.kernel.dispatch.registry import body_digest
from aether.kernel.errors import GameError, IdReusedError, NotFoundError
from aether.kernel.ids import AccountId, CharacterId, CommandId, SessionId
from aether.protocol.market import OrderSeen, PlaceOrder

pytestmark = pytest.mark.django_db


def asked(who: int, command_id: str, *, price: int = 5) -> tuple[Caller, PlaceOrder]:
    command = PlaceOrder(item="reed_fibre", side="buy", price=price, quantity=1)
    caller = Caller(
        character_id=CharacterId(who),
        account_id=AccountId(who),
        session_id=SessionId("s"),
        language="en",
        command_id=CommandId(command_id),
        body_digest=body_digest(command),
    )
    return caller, command


class Handler:
    """Answers with the price; 6 is refused, and a group with 7 in it cannot be executed."""

    def __init__(self) -> None:
        self.groups: list[list[int]] = []

    def __call__(self, group: Sequence[tuple[Caller, PlaceOrder]]) -> list[OrderSeen | GameError]:
        prices = [command.price for _, command in group]
        self.groups.append(prices)
        if 7 in prices:
            raise IntegrityError("seven")
        return [NotFoundError() if price == 6 else answer(price) for price in prices]


def answer(price: int) -> OrderSeen:
    return OrderSeen(
        id=price,
        item="reed_fibre",
        side="buy",
        price=price,
        quantity=1,
        remaining=1,
        proceeds=0,
        state="open",
        placed_at=0.0,
        expires_at=0.0,
    )


def shown(answers: Sequence[Any]) -> list[Any]:
    """Return the price of each reply, and the type of each refusal."""
    return [
        ("again" if each.is_replayed else each.reply.price) if isinstance(each, Outcome) else type(each)
        for each in answers
    ]


def test_each_has_its_own_answer_and_a_refusal_is_no_matter_to_the_others() -> None:
    handler = Handler()
    group = [asked(1, "a"), asked(2, "a", price=6), asked(3, "a", price=8)]
    assert shown(execute_group(handler, group)) == [5, NotFoundError, 8]
    assert shown(execute_group(handler, group)) == ["again", NotFoundError, "again"]
    assert handler.groups == [[5, 6, 8], [6]]


def test_a_command_that_comes_twice_at_once_is_executed_once() -> None:
    handler = Handler()
    other = asked(1, "a", price=9)
    assert shown(execute_group(handler, [asked(1, "a"), asked(1, "a"), other])) == [5, "again", IdReusedError]
    assert handler.groups == [[5]]


def test_what_cannot_be_executed_fails_alone() -> None:
    handler = Handler()
    group = [asked(1, "a"), asked(2, "a", price=7), asked(3, "a")]
    assert shown(execute_group(handler, group)) == [5, IntegrityError, 5]
    assert handler.groups == [[5, 7, 5], [5], [7], [5]]
    with connection.cursor() as cursor:
        cursor.execute("SELECT character_id FROM command_receipt ORDER BY 1")
        assert cursor.fetchall() == [(1,), (3,)]


async def test_those_that_come_while_one_is_under_way_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    from aether.kernel.dispatch import grouping, registry

    monkeypatch.setattr(registry, "_routes", {})
    sizes, gate = [], asyncio.Event()

    async def in_thread(work: Any, handler: Any, group: Sequence[Any], wait_ms: Any) -> list[Outcome]:
        sizes.append(len(group))
        await gate.wait()
        return [Outcome(answer(command.price)) for _, command in group]

    monkeypatch.setattr(grouping, "in_database_thread", in_thread)
    grouping.handles_together(PlaceOrder, about=lambda command: command.item)(Handler())
    together = registry.routes()[PlaceOrder].together
    assert together is not None
    waiting = [asyncio.ensure_future(together(asked(n, "a"))) for n in range(1, 6)]
    await asyncio.sleep(0)
    gate.set()
    assert len(await asyncio.gather(*waiting)) == 5
    assert sum(sizes) == 5
    assert len(sizes) <= 2
