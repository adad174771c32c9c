"""What a frozen character has open is taken back: its trades end, its orders and auctions are withdrawn.

Its bids stay: who sells has done nothing wrong, and what is won comes in.
"""

from __future__ import annotations

from django.db.models import Q

from apps.economy.models import Auction, Order, Trade
from apps.economy.services.auctioning import withdraw_auction
from apps.economy.services.due import each_alone
from apps.economy.services.freezing import frozen_characters
from apps.economy.services.ordering import withdraw_order
from apps.economy.services.trading import end_trade

AT_ONCE = 200


def unwind_frozen() -> int:
    """Take back what frozen characters have open; return how much that was."""
    who = frozen_characters()
    if not who:
        return 0
    trades = Trade.objects.filter(Q(inviter_id__in=who) | Q(invitee_id__in=who), ended_at__isnull=True)
    orders = Order.objects.filter(character_id__in=who, state=Order.State.OPEN)
    auctions = Auction.objects.filter(seller_id__in=who, state=Auction.State.OPEN)
    return sum(
        each_alone(work, rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE], what=what)
        for work, rows, what in (
            (end_trade, trades, "trade"),
            (withdraw_order, orders, "order"),
            (withdraw_auction, auctions, "auction"),
        )
    )
