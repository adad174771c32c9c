"""Who has not enough is told how much it takes and how much is missing, of its own and of nothing else."""

from __future__ import annotations

import pytest
from django.db import transaction

from aether.protocol.exchange import Goods, Portion
from apps.economy import services
from apps.economy.buckets import bag, sink, wallet
from apps.economy.errors import InsufficientError
from apps.economy.services import shops, trading
from apps.economy.services.ledger import Move, Posting, post
from tests.economy.cast import character, deal, give
from tests.economy.undoing import hand_over

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shops, "_presence", [])
    monkeypatch.setattr(trading, "_meeting", [])


@pytest.fixture
def alice() -> int:
    made = character()
    give(made, glim=20, reed_fibre=4, lampfat=1)
    return made


def missing(refused: pytest.ExceptionInfo[InsufficientError]) -> dict[str, object]:
    return refused.value.details


def test_what_a_shop_asks_and_what_is_missing_of_it(alice: int) -> None:
    with pytest.raises(InsufficientError) as refused:
        services.buy(deal(alice, "marsh_tonic", 12, count=3))
    assert missing(refused) == {"asset": "glim", "needed": 36, "missing": 16}


def test_what_a_letter_or_an_offer_takes_and_what_is_missing_of_it(alice: int) -> None:
    bob = character("Bob")
    letter = services.Sending(
        character_id=alice,
        to="Bob",
        subject="Rent",
        body="",
        goods=Goods(stacks=[Portion(item="reed_fibre", count=9)]),
        cod=0,
        idempotency_key="l",
    )
    with pytest.raises(InsufficientError) as refused, transaction.atomic():
        services.send_letter(letter)
    assert missing(refused) == {"asset": "reed_fibre", "needed": 9, "missing": 5}
    trade = services.invite_to_trade(character_id=alice, invitee_id=bob)
    trade = services.accept_trade(character_id=bob, trade_id=trade.id)
    at = services.Step(character_id=alice, trade_id=trade.id, rev=trade.rev)
    with pytest.raises(InsufficientError) as refused, transaction.atomic():
        services.offer_in_trade(at, Goods(glim=21))
    assert missing(refused) == {"asset": "glim", "needed": 21, "missing": 1}


def test_what_an_order_sets_aside_and_what_is_missing_of_it(alice: int) -> None:
    order = services.Placement(
        character_id=alice,
        item="lampfat",
        side="buy",
        price=7,
        quantity=4,
        days=1,
        idempotency_key="o",
    )
    with pytest.raises(InsufficientError) as refused, transaction.atomic():
        services.place_order(order)
    assert missing(refused) == {"asset": "glim", "needed": 28, "missing": 8}


def test_what_somebody_else_holds_is_told_to_nobody(alice: int) -> None:
    bob = character("Bob")
    give(bob, glim=5)
    with pytest.raises(InsufficientError) as refused:
        hand_over(alice, bob, "1", reed_fibre=1, price=6)
    assert missing(refused) == {"asset": "glim"}
    taking = Posting(
        kind="take",
        idempotency_key="k",
        cause="gm:1",
        moves=(Move(asset="glim", amount=6, source=wallet(bob), target=sink("gm")),),
        actor_id=alice,
    )
    with pytest.raises(InsufficientError) as refused, transaction.atomic():
        post(taking)
    assert missing(refused) == {"asset": "glim"}


def test_where_two_places_of_ones_own_give_none_is_blamed(alice: int) -> None:
    moves = (
        Move(asset="glim", amount=15, source=wallet(alice), target=sink("x")),
        Move(asset="glim", amount=15, source=bag(alice), target=sink("x")),
    )
    with pytest.raises(InsufficientError) as refused, transaction.atomic():
        post(Posting(kind="x", idempotency_key="k", cause="x:1", moves=moves, actor_id=alice))
    assert missing(refused) == {"asset": "glim"}
