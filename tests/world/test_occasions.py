"""What is there only at times: groups by the hour, weather or event; offers; and what waiting is worth."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from aether.kernel import content
from aether.kernel.errors import GameError
from apps.economy import shelves
from apps.economy.services import Deal, buy
from apps.world import ground, selectors, services, sky
from apps.world.errors import NoEventError
from apps.world.models import CalendarEvent, MonsterGroup
from apps.world.rules.sky import Weather
from tests.console.conftest import game_master
from tests.economy.cast import give
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

DAY_S = 96 * 60
NOON = DAY_S / 2
SPANS = "gullwind_spans"


def at(time: Clock, moment: str) -> None:
    time.now = datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp()


def kept(zone: str, rule: str) -> int:
    services.ensure_groups(f"{zone}.1")
    services.keep_groups(f"{zone}.1", Random(1))
    return MonsterGroup.objects.filter(zone=zone, rule=rule, state="roaming").count()


def test_who_comes_at_night_goes_by_day(time: Clock) -> None:
    time.now = DAY_S * 300 + NOON
    assert kept(cast.MOOR, "nightlights") == 0
    time.go(NOON)
    assert sky.phase().id == "night"
    assert kept(cast.MOOR, "nightlights") == 2
    time.go(NOON)
    assert kept(cast.MOOR, "nightlights") == 0
    assert kept(cast.MOOR, "shallows") > 0


def test_who_comes_with_the_storm_goes_with_it(time: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sky, "weather_of", lambda zone: Weather("squall", 0, 4e12))
    assert kept(SPANS, "storm_harriers") == 1
    monkeypatch.setattr(sky, "weather_of", lambda zone: Weather("clear", 0, 4e12))
    assert kept(SPANS, "storm_harriers") == 0


def test_a_group_in_battle_outlives_its_hour(time: Clock) -> None:
    time.now = DAY_S * 300.0
    kept(cast.MOOR, "nightlights")
    row = MonsterGroup.objects.filter(rule="nightlights").order_by("pk")[0]
    MonsterGroup.objects.filter(pk=row.pk).update(state="in_battle", battle=7)
    time.go(NOON)
    kept(cast.MOOR, "nightlights")
    row.refresh_from_db()
    assert (row.state, row.battle) == ("in_battle", 7)


def test_the_season_has_its_own_groups(time: Clock) -> None:
    at(time, "2026-12-17T12:00")
    assert kept(cast.MOOR, "drowned_lamps") == 0
    at(time, "2026-12-18T12:00")
    assert sky.is_event_active("mooring_week")
    assert kept(cast.MOOR, "drowned_lamps") == 2


def test_a_game_master_opens_and_closes_with_a_reason(time: Clock) -> None:
    gwen = game_master()
    switch = {"actor": gwen, "event": "slack_alarm", "reason": "The players are brave."}
    services.switch_event(mode=services.Mode.ON, **switch)
    assert sky.open_events() == ["slack_alarm"]
    assert kept(SPANS, "slack_walkers") == 2
    services.switch_event(mode=services.Mode.OFF, **switch)
    assert kept(SPANS, "slack_walkers") == 0
    at(time, "2026-12-20T12:00")
    services.switch_event(actor=gwen, event="mooring_week", mode=services.Mode.OFF, reason="Too many lamps.")
    assert not sky.is_event_active("mooring_week")
    services.switch_event(
        actor=gwen, event="mooring_week", mode=services.Mode.CALENDAR, reason="The lamps are back."
    )
    assert sky.is_event_active("mooring_week")


def test_an_event_that_was_opened_for_a_time_ends(time: Clock) -> None:
    until = datetime.fromtimestamp(time.now + 3_600, UTC)
    services.switch_event(
        actor=game_master(), event="slack_alarm", mode=services.Mode.ON, reason="An hour.", until=until
    )
    assert sky.is_event_active("slack_alarm")
    time.go(3_600)
    assert not sky.is_event_active("slack_alarm")


def test_what_the_calendar_does_not_know_is_refused() -> None:
    with pytest.raises(NoEventError):
        services.switch_event(actor=game_master(), event="dragon", mode=services.Mode.ON, reason="Why not.")
    assert not CalendarEvent.objects.filter(event="dragon").exists()


def test_without_a_reason_nothing_is_switched() -> None:
    with pytest.raises(GameError):
        services.switch_event(actor=game_master(), event="slack_alarm", mode=services.Mode.ON, reason=" ")
    assert not sky.is_event_active("slack_alarm")


def test_a_shop_offers_some_things_only_on_its_night(time: Clock) -> None:
    alice = cast.character()
    give(alice, glim=100)
    deal = Deal(
        character_id=alice,
        shop="lastmoor_stores",
        item="kite_ration",
        count=1,
        expected_price=38,
        idempotency_key="k",
    )
    cast.put(alice, cast.TOWN, beside_the_keeper())
    at(time, "2026-11-28T17:00")
    assert "kite_ration" not in [each.item for each in shelves.shop_offers("lastmoor_stores").offers]
    with pytest.raises(GameError):
        buy(deal)
    at(time, "2026-11-28T19:00")
    assert "kite_ration" in [each.item for each in shelves.shop_offers("lastmoor_stores").offers]
    assert buy(deal).glim == 62


def beside_the_keeper() -> tuple[int, int]:
    drawn = ground.map_of(cast.TOWN)
    (x, y) = selectors.npc_place("maren_sallow").cell
    return next(cell for cell in ((x, y + 1), (x + 1, y), (x - 1, y), (x, y - 1)) if drawn.is_walkable(cell))


def test_a_group_that_nobody_touches_is_worth_more_and_at_most_twice(time: Clock) -> None:
    row = cast.group()
    assert row.bonus_pct == 0
    time.go(3_601)
    services.keep_groups(cast.FIRST_MOOR, Random(1))
    row.refresh_from_db()
    assert row.bonus_pct == 20
    seen = selectors.groups_seen(row.instance)[row.pk]
    assert seen is not None
    assert seen.bonus_pct == 20
    time.go(365 * 86_400)
    services.keep_groups(cast.FIRST_MOOR, Random(1))
    row.refresh_from_db()
    assert (row.bonus_pct, row.bonus_at) == (100, None)


def test_waking_up_late_is_worth_as_much_as_being_watched(time: Clock) -> None:
    cast.group()
    watched, slept = MonsterGroup.objects.filter(rule="shallows", state="roaming").order_by("pk")[:2]
    before = slept.bonus_at
    for look in range(9):
        time.go(1_000)
        services.keep_groups(cast.FIRST_MOOR, Random(1))
        if look < 8:
            MonsterGroup.objects.filter(pk=slept.pk).update(bonus_pct=0, bonus_at=before)
    watched.refresh_from_db()
    slept.refresh_from_db()
    assert (watched.bonus_pct, watched.bonus_at) == (slept.bonus_pct, slept.bonus_at)
    assert watched.bonus_pct == 40


def test_the_bonus_is_claimed_with_the_group_and_gone_with_it(time: Clock) -> None:
    row = cast.group()
    time.go(7_300)
    services.keep_groups(cast.FIRST_MOOR, Random(1))
    row.refresh_from_db()
    alice = cast.character()
    cast.put(alice, cast.MOOR, cast.beside(row))
    claimed = services.claim_group(character_id=alice, group_id=row.pk)
    assert claimed.bonus_pct == 40


def test_groups_stray_no_further_than_they_may(time: Clock) -> None:
    time.now = DAY_S * 300.0
    kept(cast.MOOR, "nightlights")
    homes = {row.pk: row.home for row in MonsterGroup.objects.filter(rule="nightlights")}
    for second in range(300):
        time.go(3)
        services.keep_groups(cast.FIRST_MOOR, Random(second))
        for row in MonsterGroup.objects.filter(rule="nightlights", state="roaming"):
            x, y = homes[row.pk]
            assert all(abs(a - x) + abs(b - y) <= 6 for a, b in row.path)


def test_the_sources_of_conditions(time: Clock) -> None:
    time.now = DAY_S * 300 + NOON
    assert sky.is_time_between("11:00", "13:00")
    assert not sky.is_time_between("21:00", "05:00")
    at(time, "2026-11-28T12:00")
    assert sky.is_weekday(["sat", "sun"])
    assert not sky.is_weekday(["mon"])
    told = sky.weather_of(cast.MOOR)
    assert told is not None
    assert sky.is_weather(cast.MOOR, [told.id])
    assert not sky.is_weather(cast.MOOR, [])


def test_the_sky_is_told_with_the_zone(time: Clock) -> None:
    time.now = DAY_S * 300 + NOON
    alice = cast.character()
    shown = selectors.snapshot("lastmoor.1", character_id=alice).sky
    assert shown is not None
    assert (shown.phase, shown.day_s, shown.day_began) == ("day", DAY_S, DAY_S * 300)
    assert shown.weather in content.current().raw("weathers")
