"""Nobody leaves for another shard in the middle of something: each thing that holds one, by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from aether.kernel import clock, facts
from aether.kernel.live import redis
from aether.kernel.models import Shard
from aether.protocol.exchange import Goods
from apps.accounts.errors import TransferBlockedError
from apps.accounts.models import Transfer
from apps.economy import selectors as economy
from apps.economy import services as trading
from apps.economy.services import surroundings
from apps.economy.services.holds import HoldTerms, place_hold
from apps.world import ground
from apps.world import services as world
from tests.accounts import cast
from tests.economy.cast import give, item_id
from tests.economy.undoing import entry_of_key, hand_over, undone
from tests.shards.test_transfers import state_of, sweep, why_of
from tests.shards.two_shards import TwoShards
from tests.shards.wanderer import Wanderer
from tests.world.cast import put

Begin = Callable[[int], None]
NODE = "reeds_1"


def fights(who: int) -> None:
    world.enter(character_id=who)
    world.set_in_battle(character_ids=[who], battle_id=7)


def trades(who: int) -> None:
    other = cast.character(cast.account("oona"), "Oona").id
    for each in (who, other):
        world.enter(character_id=each)
        redis().zadd("presence", {str(each): clock.now()})
    trading.invite_to_trade(character_id=who, invitee_id=other)


def gathers(who: int) -> None:
    world.enter(character_id=who)
    (node,) = (each for each in ground.map_of("reedmoor_flats").nodes if each.id == NODE)
    put(who, "reedmoor_flats", (node.cell[0], node.cell[1] + 1))
    world.begin_gathering(character_id=who, node_id=NODE)


def sells_by_auction(who: int) -> None:
    trading.open_auction(
        trading.Listing(
            character_id=who,
            item_id=item_id(who, "reed_hook"),
            start_bid=10,
            buyout=None,
            hours=12,
            idempotency_key="auction:1",
        )
    )


def makes_something(who: int) -> None:
    give(who, iron_link=2)
    trading.craft(character_id=who, recipe_id="r_reed_hook", count=1, idempotency_key="craft:1")


def sends_a_parcel(who: int) -> None:
    cast.character(cast.account("oona"), "Oona")
    facts.drain()
    trading.send_letter(
        trading.Sending(
            character_id=who,
            to="Oona",
            subject="Here",
            body="",
            goods=Goods(glim=5),
            cod=0,
            idempotency_key="letter:1",
        )
    )


def sets_something_aside(who: int) -> None:
    place_hold(
        HoldTerms(
            character_id=who,
            purpose="parcel",
            cause="test:hold",
            contents={"reed_fibre": 3},
            idempotency_key="hold:1",
            expires_at=clock.utc_now() + timedelta(hours=1),
        )
    )


def comes_into_debt(who: int) -> None:
    """A gift that was wrong and is spent by now is undone."""
    other = cast.character(cast.account("oona"), "Oona").id
    facts.drain()
    give(who, glim=60, key="wrong")
    hand_over(who, other, "spent", glim=economy.glim(who))
    undone(entries=[entry_of_key("wrong")])
    give(who, glim=5_000, key="honest")


THINGS: dict[str, Begin] = {
    "battle": fights,
    "trade": trades,
    "gathering": gathers,
    "auction": sells_by_auction,
    "craft": makes_something,
    "mail_sent": sends_a_parcel,
    "hold": sets_something_aside,
    "debt": comes_into_debt,
}


@pytest.fixture
def maren(two_shards: TwoShards, monkeypatch: pytest.MonkeyPatch) -> Wanderer:
    """Somebody beside every station."""
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"forge", "workbench", "loom", "still", "bank"}])
    return Wanderer.made()


@pytest.mark.parametrize("code", THINGS)
def test_who_is_in_the_middle_of_something_is_refused_at_once(maren: Wanderer, code: str) -> None:
    THINGS[code](maren.character_id)
    with pytest.raises(TransferBlockedError) as refusal:
        maren.leave_for("second")
    assert refusal.value.details["blockers"] == [code]
    assert not Transfer.objects.exists()


def test_who_cannot_pay_the_fee_is_refused_at_once(maren: Wanderer) -> None:
    Shard.objects.update(transfer_fee=5_000)
    with pytest.raises(TransferBlockedError) as refusal:
        maren.leave_for("second")
    assert refusal.value.details["blockers"] == ["fee"]


@pytest.mark.parametrize("code", THINGS)
def test_who_begins_something_meanwhile_stays(two_shards: TwoShards, maren: Wanderer, code: str) -> None:
    before = maren.described()["professions"]
    transfer = maren.leave_for("second")
    THINGS[code](maren.character_id)
    facts.drain()
    sweep(two_shards)
    assert state_of(transfer) == "returned"
    assert [each["code"] for each in why_of(transfer)] == [code]
    assert maren.described()["professions"] == before
