"""Whatever three people send, trade, order and bid, in any order: nothing is made, lost or held twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.protocol.exchange import Goods, Portion
from apps.economy import auditing, mailbox, selectors, services, trades
from apps.economy.models import Auction, FeatureSwitch, Order
from apps.economy.services import trading
from tests.economy.cast import character, give
from tests.long_run import examples

pytestmark = pytest.mark.django_db

WHO = st.integers(0, 2)
SMALL = st.integers(1, 12)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                *("send", "take", "invite", "accept", "offer", "lock", "confirm", "cancel_trade"),
                *("order", "cancel_order", "auction", "bid", "cancel_auction", "wait", "switch"),
            ]
        ),
        WHO,
        WHO,
        SMALL,
        SMALL,
    ),
    min_size=5,
    max_size=40,
)
WAITS_S = (1, 3, 100, 13 * 3600, 31 * 86_400)
_GIVEN = """
    SELECT coalesce(sum(amount), 0) FROM economy_line
    JOIN economy_account ON economy_account.id = account_id AND bucket LIKE 'faucet:%' AND asset = 'glim'
"""


class World:
    """Three people, a clock, and every act that they may try."""

    def __init__(self) -> None:
        self.now = clock.now()
        self.names = ["Ann", "Bob", "Cez"]
        self.people = [character(name) for name in self.names]
        self.count = 0

    def key(self) -> str:
        self.count += 1
        return f"p{self.count}"

    def goods(self, who: int, a: int, b: int) -> Goods:
        items = [each.id for each in selectors.inventory(who).items][: a % 2]
        stacks = [Portion(item="reed_fibre", count=b)] if b % 3 else []
        return Goods(glim=a if a % 3 else 0, stacks=stacks, items=items)

    def trade(self, who: int) -> Any:
        return trades.current_trade(who).trade

    def step(self, who: int) -> services.Step | None:
        trade = self.trade(who)
        return trade and services.Step(character_id=who, trade_id=trade.id, rev=trade.rev)

    def send(self, who: int, other: int, a: int, b: int) -> None:
        name = self.names[self.people.index(other)]
        goods = self.goods(who, a, b)
        cod = a if b % 2 and goods != Goods() else 0
        services.send_letter(
            services.Sending(
                character_id=who,
                to=name,
                subject="x",
                body="",
                goods=goods,
                cod=cod,
                idempotency_key=self.key(),
            )
        )

    def take(self, who: int, other: int, a: int, b: int) -> None:
        for letter in mailbox.mailbox(who).letters[:1]:
            services.take_attachments(
                services.Taking(
                    character_id=who,
                    letter_id=letter.id,
                    cod=letter.cod,
                    asset=None,
                    idempotency_key=self.key(),
                )
            )

    def invite(self, who: int, other: int, a: int, b: int) -> None:
        services.invite_to_trade(character_id=who, invitee_id=other)

    def accept(self, who: int, other: int, a: int, b: int) -> None:
        if trade := self.trade(who):
            services.accept_trade(character_id=who, trade_id=trade.id)

    def offer(self, who: int, other: int, a: int, b: int) -> None:
        if step := self.step(who):
            services.offer_in_trade(step, self.goods(who, a, b))

    def lock(self, who: int, other: int, a: int, b: int) -> None:
        if step := self.step(who):
            services.lock_trade(step)

    def confirm(self, who: int, other: int, a: int, b: int) -> None:
        if step := self.step(who):
            services.confirm_trade(step)

    def cancel_trade(self, who: int, other: int, a: int, b: int) -> None:
        if trade := self.trade(who):
            services.cancel_trade(character_id=who, trade_id=trade.id)

    def order(self, who: int, other: int, a: int, b: int) -> None:
        services.place_order(
            services.Placement(
                character_id=who,
                item="reed_fibre",
                side="buy" if other % 2 else "sell",
                price=a,
                quantity=b,
                days=1,
                idempotency_key=self.key(),
            )
        )

    def cancel_order(self, who: int, other: int, a: int, b: int) -> None:
        for order in Order.objects.filter(character_id=who, state="open")[:1]:
            services.cancel_order(character_id=who, order_id=order.pk)

    def auction(self, who: int, other: int, a: int, b: int) -> None:
        for item in selectors.inventory(who).items[:1]:
            services.open_auction(
                services.Listing(
                    character_id=who,
                    item_id=item.id,
                    start_bid=a,
                    buyout=a + b if b % 2 else None,
                    hours=12,
                    idempotency_key=self.key(),
                )
            )

    def bid(self, who: int, other: int, a: int, b: int) -> None:
        for auction in Auction.objects.filter(state="open")[:1]:
            offer = services.Offer(
                character_id=who, auction_id=auction.pk, amount=a + b, idempotency_key=self.key()
            )
            services.bid_in_auction(offer)

    def cancel_auction(self, who: int, other: int, a: int, b: int) -> None:
        for auction in Auction.objects.filter(state="open", seller_id=who)[:1]:
            services.cancel_auction(character_id=who, auction_id=auction.pk)

    def wait(self, who: int, other: int, a: int, b: int) -> None:
        self.now += WAITS_S[a % len(WAITS_S)]
        services.sweep()

    def switch(self, who: int, other: int, a: int, b: int) -> None:
        feature = ("trade", "market", "mail")[a % 3]
        FeatureSwitch.objects.update_or_create(feature=feature, defaults={"is_on": b > 3})


@settings(
    max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(ACTS)
def test_nothing_is_made_lost_or_held_twice(acts: list[tuple[str, int, int, int, int]]) -> None:
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(trading, "_meeting", [])
        world = World()
        for each in world.people:
            give(each, glim=60, reed_fibre=20, reed_hook=2)
        with clock.replaced(lambda: world.now):
            for name, who, other, a, b in acts:
                act: Callable[..., None] = getattr(world, name)
                try:
                    with transaction.atomic():
                        act(world.people[who], world.people[other], a, b)
                except GameError:
                    continue
        connection.check_constraints()
        assert auditing.audit_ledger() == []
        with connection.cursor() as cursor:
            cursor.execute(_GIVEN)
            assert cursor.fetchone() == (-180,)
        transaction.set_rollback(True)
