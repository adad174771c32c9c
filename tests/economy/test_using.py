"""What is used up, worn out, mended, banked and carried, and prices that move within their band."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from aether.kernel import clock, content
from aether.kernel.errors import GameError
from aether.kernel.facts.types import BattleEnded, Participant
from aether.kernel.models import OutboxFact
from apps.economy import auditing, selectors, services, shelves
from apps.economy import making_selectors as making
from apps.economy.definitions import ShopDef
from apps.economy.errors import (
    InsufficientError,
    NotHeldError,
    OverweightError,
    PriceChangedError,
    WornItemError,
)
from apps.economy.making_errors import AlreadyPreparedError, NotAtStationError, NotUsableError
from apps.economy.rules.demand import drift_pct, left
from apps.economy.rules.worn import WornItem, total_stats
from apps.economy.services import surroundings
from apps.world.errors import InBattleError
from tests.economy.cast import SHOP, all_at_once, character, deal, give, item_id, stacks
from tests.world.test_thing_effects import Documents, changed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _everywhere_and_lawful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"forge", "bank"}])
    monkeypatch.setattr("apps.economy.services.shops._presence", [])
    yield
    assert auditing.audit_ledger() == []


def battle(who: int, outcome: str = "won", *, number: int = 1) -> BattleEnded:
    return BattleEnded(
        battle=number,
        mode="pve",
        zone="reedmoor_flats",
        instance="reedmoor_flats.1",
        group=1,
        rounds=1,
        participants=(Participant(character=who, outcome=outcome, xp=0, loot_key="00" * 32),),  # type: ignore[arg-type]
        slain=(),
        is_rewarded=True,
    )


def hooked() -> tuple[int, str]:
    alice = character()
    give(alice, glim=100, reed_hook=1)
    hook = item_id(alice, "reed_hook")
    services.equip(character_id=alice, item_id=hook, idempotency_key="e")
    return alice, hook


def durability(who: int) -> int | None:
    (item,) = selectors.inventory(who).items
    return item.durability


def test_a_ration_counts_until_the_next_battle_is_over() -> None:
    alice = character()
    give(alice, kite_ration=2)
    used = services.use(character_id=alice, item="kite_ration", idempotency_key="u")
    assert (used.left, used.prepared) == (1, ["kite_ration"])
    assert services.use(character_id=alice, item="kite_ration", idempotency_key="u") == used
    assert selectors.equipment_stats(alice) == {"mp_max": 1}
    with pytest.raises(AlreadyPreparedError):
        services.use(character_id=alice, item="kite_ration", idempotency_key="u2")
    assert stacks(alice) == {"kite_ration": 1}
    services.wear_out(battle(alice))
    assert selectors.equipment_stats(alice) == {}


def test_what_is_used_after_a_battle_is_not_ended_by_the_late_news_of_it() -> None:
    alice = character()
    give(alice, kite_ration=1)
    ended = msgspec.structs.replace(battle(alice), ended_at=clock.utc_now().timestamp())
    services.use(character_id=alice, item="kite_ration", idempotency_key="u")
    services.wear_out(ended)
    assert selectors.prepared(alice) == ["kite_ration"]
    services.wear_out(msgspec.structs.replace(ended, battle=2, ended_at=clock.utc_now().timestamp()))
    assert selectors.prepared(alice) == []


@pytest.mark.parametrize(
    ("item", "refusal"), [("reed_fibre", NotUsableError), ("kite_ration", InsufficientError)]
)
def test_what_cannot_be_used_is_refused(item: str, refusal: type[GameError]) -> None:
    alice = character()
    give(alice, reed_fibre=1)
    with pytest.raises(refusal):
        services.use(character_id=alice, item=item, idempotency_key="u")
    assert stacks(alice) == {"reed_fibre": 1}


def test_points_that_are_spent_come_back() -> None:
    from apps.accounts import selectors as accounts
    from apps.accounts import services as account_services

    alice = character(xp=10_000)
    account_services.allocate(character_id=alice, points={"vigor": 5})
    give(alice, respec_tablet=2)
    services.use(character_id=alice, item="respec_tablet", idempotency_key="u")
    assert accounts.profile(alice).stats["vigor"] == 0
    with pytest.raises(GameError) as refusal:
        services.use(character_id=alice, item="respec_tablet", idempotency_key="u2")
    assert refusal.value.code == "accounts.nothing_spent"
    assert stacks(alice) == {"respec_tablet": 1}


def test_battles_wear_out_what_is_worn_until_it_is_mended() -> None:
    alice, hook = hooked()
    before = selectors.equipment_stats(alice)
    for number in range(30):
        services.wear_out(battle(alice, "lost", number=number))
    assert durability(alice) == 0
    assert selectors.equipment_stats(alice) == {}
    with pytest.raises(PriceChangedError):
        services.repair(character_id=alice, item_id=hook, expected_price=59, idempotency_key="r")
    services.repair(character_id=alice, item_id=hook, expected_price=60, idempotency_key="r")
    assert (durability(alice), selectors.glim(alice)) == (60, 40)
    assert selectors.equipment_stats(alice) == before


def test_what_a_repair_costs_turns_a_lock_that_asks_for_coin() -> None:
    def ask(documents: Documents) -> None:
        read = documents["objects"]["notice_board"]["transitions"][0]
        read["if"] = {"currency": {"id": "glim", "n": 50}}

    with changed(ask):
        alice, hook = hooked()
        services.wear_out(battle(alice, "lost", number=1))
        OutboxFact.objects.all().delete()
        services.repair(character_id=alice, item_id=hook, expected_price=2, idempotency_key="r")
        (told,) = OutboxFact.objects.filter(type="holdings.changed")
        assert msgspec.json.decode(told.payload)["items"] == ["glim"]


@pytest.mark.parametrize(("outcome", "left"), [("won", 59), ("drawn", 59), ("lost", 58)])
def test_a_defeat_takes_two_percent_of_a_whole_piece_and_any_battle_a_point(outcome: str, left: int) -> None:
    alice, _ = hooked()
    services.wear_out(battle(alice, outcome))
    assert durability(alice) == left


def test_repairs_are_made_where_they_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    alice, hook = hooked()
    services.wear_out(battle(alice))
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"loom"}])
    with pytest.raises(NotAtStationError):
        services.repair(character_id=alice, item_id=hook, expected_price=1, idempotency_key="r")


def test_a_set_is_more_than_its_pieces_while_they_are_whole() -> None:
    from apps.economy.making import ItemSetDef

    sets = content.current().all(ItemSetDef).values()
    pieces = [WornItem(each, {"hp_max": 1}, 5) for each in ("shellguard_cap", "marsh_coat", "peat_boots")]
    assert total_stats(pieces[:1], sets) == {"hp_max": 1}
    assert total_stats(pieces, sets) == {"hp_max": 9, "res_pct_stone": 3}
    assert total_stats([*pieces[:2], pieces[2]._replace(durability=0)], sets) == {"hp_max": 8}


def test_who_fights_neither_banks_nor_has_anything_mended(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = character()
    give(alice, glim=70, reed_hook=1)

    def fights(_character_id: int) -> None:
        raise InBattleError

    monkeypatch.setattr(surroundings, "_peace_checks", [fights])
    with pytest.raises(InBattleError):
        services.deposit(character_id=alice, item="glim", count=70, idempotency_key="d")
    with pytest.raises(InBattleError):
        services.repair(
            character_id=alice, item_id=item_id(alice, "reed_hook"), expected_price=1, idempotency_key="r"
        )
    assert selectors.glim(alice) == 70


def test_the_bank_keeps_what_is_put_in() -> None:
    alice, hook = hooked()
    give(alice, reed_fibre=5)
    bank = services.deposit(character_id=alice, item="glim", count=70, idempotency_key="d1")
    assert (bank.glim, selectors.glim(alice)) == (70, 30)
    services.deposit(character_id=alice, item="reed_fibre", count=2, idempotency_key="d2")
    services.deposit(character_id=alice, item="reed_fibre", count=2, idempotency_key="d2")
    assert stacks(alice) == {"reed_fibre": 3}
    with pytest.raises(WornItemError):
        services.deposit(character_id=alice, item=hook, count=1, idempotency_key="d3")
    with pytest.raises(InsufficientError):
        services.withdraw(character_id=alice, item="reed_fibre", count=3, idempotency_key="w1")
    with pytest.raises(NotHeldError):
        services.withdraw(character_id=alice, item=hook, count=1, idempotency_key="w2")
    bank = services.withdraw(character_id=alice, item="reed_fibre", count=2, idempotency_key="w3")
    assert (bank.stacks, stacks(alice)) == ([], {"reed_fibre": 5})


def test_nobody_takes_up_more_than_it_can_carry() -> None:
    alice = character()
    give(alice, reed_fibre=320)
    with pytest.raises(OverweightError):
        services.buy(deal(alice, "reed_fibre", 6))
    services.deposit(character_id=alice, item="reed_fibre", count=320, idempotency_key="d")
    services.withdraw(character_id=alice, item="reed_fibre", count=320, idempotency_key="w")
    services.deposit(character_id=alice, item="reed_fibre", count=320, idempotency_key="d2")
    give(alice, lampfat=1)
    with pytest.raises(OverweightError):
        services.withdraw(character_id=alice, item="reed_fibre", count=320, idempotency_key="w2")
    assert making.bank_of(alice).stacks[0].count == 320


def test_prices_follow_demand_within_their_band() -> None:
    alice = character()
    give(alice, glim=10_000)
    services.buy(deal(alice, "brine_salt", 14, count=100, key="b1"))
    with pytest.raises(PriceChangedError) as refusal:
        services.buy(deal(alice, "brine_salt", 14, key="b2"))
    assert refusal.value.details["price"] == 15
    services.buy(deal(alice, "brine_salt", 15, count=200, key="b3"))
    (dearest,) = (each for each in shelves.shop_offers(SHOP).offers if each.item == "brine_salt")
    assert (dearest.buy, dearest.sell) == (17, 6)


def test_demand_wears_off() -> None:
    assert (left(100, 3600), left(-100, 7200), drift_pct(-105)) == (50, -25, -10)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tasks", [2, 20])
def test_the_last_ration_is_used_once(tasks: int) -> None:
    alice = character()
    give(alice, kite_ration=1)
    results = all_at_once(
        *(
            lambda n=n: services.use(character_id=alice, item="kite_ration", idempotency_key=f"u{n}")  # type: ignore[misc]
            for n in range(tasks)
        )
    )
    assert sum(not isinstance(each, Exception) for each in results) == 1
    assert (stacks(alice), selectors.prepared(alice)) == ({}, ["kite_ration"])


def test_every_offer_loses_money_at_the_edges_of_its_band() -> None:
    for shop in content.current().all(ShopDef).values():
        for offer in shop.offers:
            if offer.buy is not None and offer.sell is not None:
                assert offer.at(offer.sell, 50) < offer.at(offer.buy, -50)
