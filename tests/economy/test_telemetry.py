"""The state of the economy is what the lines say, and its alarms go off."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock
from apps.economy import radar, services, statements, telemetry
from apps.economy.buckets import faucet, sink, wallet
from apps.economy.models import Account, Alarm
from apps.economy.services import alarms
from apps.economy.services.ledger import Move
from tests.console.conftest import game_master, sign_in
from tests.economy.cast import character, give, item_id
from tests.economy.undoing import entry_of_key, hand_over, hand_over_item, post_moves, undone

pytestmark = pytest.mark.django_db
NOW = 1_800_000_000.0


def at_day(day: float) -> object:
    return clock.replaced(lambda: NOW + day * 86_400)


def earn(who: int, amount: int, key: str, kind: str = "battle") -> None:
    post_moves("grant", key, [Move(asset="glim", amount=amount, source=faucet(kind), target=wallet(who))])


def spend(who: int, amount: int, key: str) -> None:
    post_moves("take", key, [Move(asset="glim", amount=amount, source=wallet(who), target=sink("repair"))])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.floats(0, 5), st.booleans(), st.integers(1, 50)), max_size=20), st.data())
def test_supply_grows_by_faucets_less_sinks(
    deeds: list[tuple[float, bool, int]], data: st.DataObject
) -> None:
    from django.db import transaction

    with transaction.atomic():
        alice = character("Alice")
        with at_day(0):  # type: ignore[attr-defined]
            earn(alice, 10_000, "begin")
        for number, (day, is_gain, amount) in enumerate(sorted(deeds)):
            with at_day(day):  # type: ignore[attr-defined]
                (earn if is_gain else spend)(alice, amount, f"deed:{number}")
        with at_day(6):  # type: ignore[attr-defined]
            since = clock.utc_now() - timedelta(days=6)
            days = telemetry.daily("glim", since, clock.utc_now())
            first, last = telemetry.supply(since), telemetry.supply(clock.utc_now())
        assert last["glim"] - first.get("glim", 0) == sum(day.net for day in days)
        transaction.set_rollback(True)


def test_what_staff_cause_is_a_line_of_its_own() -> None:
    alice = character()
    give(alice, glim=100, key="wrong")
    hand_over(alice, character("Bob"), "t", glim=60)
    undone(entries=[entry_of_key("wrong")])
    today = telemetry.report().days[-1]
    assert today.staff == {"debt": 60}
    assert today.faucets == {"faucet:starter": 0} or today.faucets == {}
    assert today.net == 60


def test_gifts_and_sales_are_the_volume() -> None:
    alice, bob = character(), character("Bob")
    give(alice, glim=100)
    hand_over(alice, bob, "t", glim=40)
    report = telemetry.report()
    assert report.days[-1].volume == 40
    assert report.velocity == pytest.approx(40 / 100 / 28)


@pytest.mark.parametrize(
    ("amounts", "expected"), [([], 0), ([5, 5, 5], 0), ([0, 0, 0, 100], 0.75), ([1, 3], 0.25)]
)
def test_gini(amounts: list[int], expected: float) -> None:
    assert telemetry.gini(amounts) == pytest.approx(expected)


def test_the_richest_hundredth() -> None:
    assert telemetry.top_share_pct([1] * 100) == pytest.approx(1)
    assert telemetry.top_share_pct([90, 10]) == pytest.approx(90)


def test_the_price_index_is_chained_by_what_was_sold_the_month_before() -> None:
    alice, bob = character(), character("Bob")
    for month, price in ((0, 10), (31, 20), (62, 30)):
        with at_day(month):  # type: ignore[attr-defined]
            give(alice, reed_fibre=10, key=f"f{month}")
            give(bob, glim=1000, key=f"g{month}")
            hand_over(alice, bob, f"s{month}", reed_fibre=10, price=10 * price)
    with at_day(63):  # type: ignore[attr-defined]
        index = [value for _, value in telemetry.price_index(clock.utc_now())]
    assert index == pytest.approx([100, 200, 300])


def test_a_flood_of_glim_raises_an_alarm_that_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    alice = character()
    for day in range(20):
        with at_day(day):  # type: ignore[attr-defined]
            earn(alice, 100 + day % 3, f"day:{day}")
    with at_day(20.5):  # type: ignore[attr-defined]
        earn(alice, 5_000, "flood")
        assert telemetry.unusual_issuance()[0][1]["net"] == 5_000
        with caplog.at_level(logging.ERROR):
            alarms.keep([(Alarm.Kind.ISSUANCE, *each) for each in telemetry.unusual_issuance()])
    assert "issuance" in caplog.text
    with at_day(22):  # type: ignore[attr-defined]
        earn(alice, 100, "calm")
        alarms.keep([(Alarm.Kind.ISSUANCE, *each) for each in telemetry.unusual_issuance()])
    assert Alarm.objects.get().cleared_at is not None


def test_usual_days_raise_none() -> None:
    alice = character()
    for day in range(20):
        with at_day(day):  # type: ignore[attr-defined]
            earn(alice, 100 + 10 * (day % 3), f"day:{day}")
    with at_day(19.5):  # type: ignore[attr-defined]
        assert telemetry.unusual_issuance() == []


def test_one_account_with_much_of_a_faucet_is_seen() -> None:
    people = [character(f"P{n}") for n in range(6)]
    for who in people:
        earn(who, 100, f"fair:{who}")
    earn(people[0], 4_000, "much")
    assert [what for what, _ in telemetry.greedy_accounts()] == [f"character {people[0]} of faucet:battle"]


def test_a_balance_that_cannot_be_and_a_copied_item_are_alarms() -> None:
    alice = character()
    give(alice, glim=50, reed_hook=1)
    connection.check_constraints()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(
            "INSERT INTO economy_line (entry_id, account_id, asset, amount) SELECT DISTINCT entry_id,"
            " (SELECT max(id) FROM economy_account WHERE bucket = 'wallet'), asset, 1"
            " FROM economy_line WHERE asset LIKE 'item:%' AND amount > 0"
        )
        cursor.execute("SET session_replication_role = origin")
    from apps.economy import auditing

    alarms.keep(alarms._of_law(finding) for finding in auditing.audit_ledger())
    assert Alarm.Kind.SUPPLY in set(Alarm.objects.values_list("kind", flat=True))


def test_what_was_held_at_a_moment_is_told_from_the_lines() -> None:
    alice = character()
    for day, amount in ((0, 50), (1, 25)):
        with at_day(day):  # type: ignore[attr-defined]
            earn(alice, amount, f"d{day}")
    with at_day(2):  # type: ignore[attr-defined]
        spend(alice, 60, "out")
    account = Account.objects.get(owner_id=alice, bucket="wallet")
    with at_day(0.5):  # type: ignore[attr-defined]
        early = clock.utc_now()
    with at_day(1.5):  # type: ignore[attr-defined]
        middle = clock.utc_now()
    with at_day(3):  # type: ignore[attr-defined]
        late = clock.utc_now()
    change = statements.held_at([account], early, middle)[0]
    assert (change.before, change.after, change.difference) == (50, 75, 25)
    assert statements.held_at([account], middle, late)[0].after == 15


def test_honest_trade_is_not_on_the_radar() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=100)
    give(bob, glim=2000)
    hand_over(alice, bob, "s", reed_fibre=100, price=2 * telemetry.supply(clock.utc_now()).get("none", 100))
    assert radar.suspicions() == []


def test_a_price_far_off_is_seen() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_hook=1)
    give(bob, glim=5000)
    from tests.economy.cast import item_id

    hand_over_item(alice, bob, item_id(alice, "reed_hook"), "s", price=4000)
    seen = {each.character_id: each for each in radar.suspicions()}
    assert "price_outlier" in {sign.kind for sign in seen[alice].signs}
    assert seen[alice].evidence["price_outlier"] == "sales 1, gained 3985"


def test_what_active_owners_have_changes_by_who_stays_away_and_comes_back() -> None:
    alice, bob = character(), character("Bob")
    with at_day(-40):  # type: ignore[attr-defined]
        earn(alice, 100, "a")
        earn(bob, 70, "b")
    with at_day(0):  # type: ignore[attr-defined]
        earn(alice, 5, "c")
    with at_day(0.1):  # type: ignore[attr-defined]
        report = telemetry.report()
        assert (report.supply, report.active_supply, report.active_delta) == (175, 105, 105)
    with at_day(0.5):  # type: ignore[attr-defined]
        earn(bob, 1, "d")
    with at_day(0.6):  # type: ignore[attr-defined]
        assert telemetry.report().active_delta == 176
    with at_day(29.9):  # type: ignore[attr-defined]
        assert telemetry.report().active_delta == 0
    with at_day(30.55):  # type: ignore[attr-defined]
        assert (telemetry.report().active_supply, telemetry.report().active_delta) == (0, -176)


def test_items_are_told_like_money_unique_ones_too() -> None:
    alice, bob = character(), character("Bob")
    give(alice, reed_fibre=7, reed_hook=2)
    hook = item_id(alice, "reed_hook")
    hand_over_item(alice, bob, hook, "t", price=0)
    services.discard(character_id=bob, item=hook, count=1, idempotency_key="gone")
    fibre, hooks = telemetry.report("reed_fibre"), telemetry.report("reed_hook")
    assert (fibre.supply, fibre.days[-1].faucets) == (7, {"faucet:starter": 7})
    assert (hooks.supply, hooks.owners, hooks.days[-1].volume) == (1, 1, 1)
    assert (hooks.days[-1].faucets, hooks.days[-1].sinks) == ({"faucet:starter": 2}, {"sink:discard": 1})


@pytest.mark.parametrize("asset", ["glim", "reed_fibre", "reed_hook", "nonsense", ""])
def test_the_page_shows_the_asset_that_is_asked_for(asset: str) -> None:
    give(character(), glim=50, reed_fibre=7, reed_hook=1)
    game_master()
    page = sign_in("gwen").get("/gm/pages/economy/", {"asset": asset})
    assert page.status_code == 200
    shown = asset if asset in ("reed_fibre", "reed_hook") else "glim"
    assert f"Supply of {shown}" in page.content.decode()
