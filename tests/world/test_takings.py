"""What characters have of chests and shrines is remembered for each: when, how often, and how it stood."""

from __future__ import annotations

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connections
from django.test import Client

from aether.kernel import clock
from aether.kernel.errors import GameError
from aether.kernel.journal.verifying import Survey
from apps.accounts import services as accounts
from apps.world import services, taking_selectors
from apps.world.models import Cooldown, ObjectTaking, ObjectUse
from tests.console.conftest import game_master, sign_in
from tests.world import cast
from tests.world.conftest import Clock
from tests.world.test_thing_effects import STONE, beside, use

pytestmark = pytest.mark.django_db(transaction=True)

CHEST = "reedmoor_chest"


def at_the_stone(name: str = "Alice") -> int:
    """Return somebody beside the stone on the moor who is old enough to be blessed."""
    who = beside(STONE, cast.MOOR, name)
    accounts.grant_xp(character_id=who, amount=1_000, cause="test:level")
    return who


def history(zone: str, object_id: str) -> list[tuple[int, str, str, str]]:
    rows = list(taking_selectors.takers(zone, object_id))
    found = taking_selectors.history(rows, most=100)
    return [(each.character_id, each.event.action, each.event.before, each.event.state) for each in found]


def test_who_opened_a_chest_is_in_its_history(time: Clock) -> None:
    alice, bob = beside(CHEST, cast.MOOR), beside(CHEST, cast.MOOR, "Bob")
    use(alice, CHEST)
    time.go(10)
    use(bob, CHEST)
    assert history(cast.MOOR, CHEST) == [(bob, "open", "closed", "open"), (alice, "open", "closed", "open")]
    assert list(Survey().flaws()) == []


def test_how_a_chest_stood_for_each_at_a_moment_can_be_read(time: Clock) -> None:
    alice, bob = beside(CHEST, cast.MOOR), beside(CHEST, cast.MOOR, "Bob")
    use(alice, CHEST)
    between = datetime.fromtimestamp(time.now + 5, UTC)
    time.go(10)
    use(bob, CHEST)
    rows = list(taking_selectors.takers(cast.MOOR, CHEST))
    then = {each.character_id: each.event.state for each in taking_selectors.as_of(rows, between).values()}
    assert then == {alice: "open"}
    now = taking_selectors.as_of(rows, clock.utc_now())
    assert {each.character_id for each in now.values()} == {alice, bob}


def test_a_shrine_remembers_each_time(time: Clock) -> None:
    alice = at_the_stone()
    use(alice, STONE, "bless")
    waits = Cooldown.objects.get(character_id=alice)
    with pytest.raises(GameError):
        use(alice, STONE, "bless")
    time.now = waits.until.timestamp() + 1
    use(alice, STONE, "bless")
    row = ObjectTaking.objects.get()
    assert (row.version, row.character_id) == (2, alice)
    last, first = taking_selectors.history([row], most=10)
    assert first.event.until == pytest.approx(waits.until.timestamp(), abs=0.01)
    assert last.event.until > first.event.until


def test_what_is_for_everybody_is_in_the_stream_of_the_thing_alone() -> None:
    alice = beside("kiln_lever", "cinder_terraces")
    use(alice, "kiln_lever", "pull")
    assert not ObjectTaking.objects.exists()


def test_many_at_one_chest_at_once_wait_for_nobody_and_each_has_it_once(time: Clock) -> None:
    people = [beside(CHEST, cast.MOOR, name) for name in ("Alice", "Bob", "Carol")]
    together = Barrier(len(people) * 2)

    def open_it(character_id: int) -> str:
        together.wait()
        try:
            use(character_id, CHEST)
        except GameError as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "had"

    with ThreadPoolExecutor(len(people) * 2) as pool:
        outcomes = sorted(pool.map(open_it, people * 2))
    assert outcomes == ["had"] * 3 + ["world.already_used"] * 3
    assert sorted(who for who, *_ in history(cast.MOOR, CHEST)) == sorted(people)
    assert set(ObjectTaking.objects.values_list("version", flat=True)) == {1}


# The console


@pytest.fixture
def console() -> Client:
    cache.clear()
    game_master()
    return sign_in("gwen")


def read(console: Client, address: str, language: str = "en") -> str:
    page = console.get(address, headers={"accept-language": language})
    assert page.status_code == 200
    return html.unescape(page.content.decode())


def test_the_console_tells_the_past_of_a_chest(console: Client, time: Clock) -> None:
    alice, bob = beside(CHEST, cast.MOOR), beside(CHEST, cast.MOOR, "Bob")
    use(alice, CHEST)
    time.go(3600)
    use(bob, CHEST)
    page = f"/gm/pages/object-takings/?zone={cast.MOOR}&object={CHEST}&at=1970-01-12T14:00:00&who="
    both = read(console, page)
    assert "Characters that had something of it: 2;" in both
    # Only Alice had had anything then; the history below names both.
    assert (both.count(">Alice<"), both.count(">Bob<")) == (2, 1)
    assert ">Alice<" not in read(console, page + "Bob")
    assert "Les dons à un moment donné" in read(console, page, "fr")
    assert "of it: 0;" in read(console, page + "Nobody")


def test_the_rooms_are_searched_by_character(console: Client, time: Clock) -> None:
    alice, bob = at_the_stone(), at_the_stone("Bob")
    for who in (alice, bob):
        use(who, STONE, "bless")
    for room in ("objecttaking", "cooldown"):
        found = read(console, f"/gm/world/{room}/?q=alice")
        assert ">Alice<" in found
        assert ">Bob<" not in found
        assert ">Bob<" in read(console, f"/gm/world/{room}/?q={bob}")
        for nobody in ("Zed", "9" * 40, "²"):
            assert ">Alice<" not in read(console, f"/gm/world/{room}/?q={nobody}")
        read(console, f"/gm/world/{room}/?q=%00")
    row = ObjectTaking.objects.get(character_id=alice)
    assert ">Alice<" in read(console, f"/gm/world/objecttaking/{row.pk}/change/")
    wait = Cooldown.objects.get(character_id=bob)
    assert ">Bob<" in read(console, f"/gm/world/cooldown/{wait.pk}/change/", "fr")


# What was had before there were streams


def test_what_was_had_before_begins_the_stream(console: Client) -> None:
    alice = beside(CHEST, cast.MOOR)
    try:
        call_command("migrate", "world", "0010", verbosity=0)
        ObjectUse.objects.create(character_id=alice, zone=cast.MOOR, object_id=CHEST)
    finally:
        call_command("migrate", "world", verbosity=0)
    assert history(cast.MOOR, CHEST) == [(alice, "", "", "")]
    assert list(Survey().flaws()) == []
    with pytest.raises(GameError):
        services.interact(character_id=alice, object_id=CHEST)
    page = f"/gm/pages/object-takings/?zone={cast.MOOR}&object={CHEST}&at=2099-01-01T00:00:00"
    assert read(console, page).count(">Alice<") == 2


def test_streams_that_were_begun_before_a_way_back_are_not_begun_again(time: Clock) -> None:
    alice, bob = beside(CHEST, cast.MOOR), beside(CHEST, cast.MOOR, "Bob")
    use(alice, CHEST)
    try:
        call_command("migrate", "world", "0010", verbosity=0)
    finally:
        call_command("migrate", "world", verbosity=0)
    time.go(10)
    use(bob, CHEST)
    assert history(cast.MOOR, CHEST) == [(bob, "open", "closed", "open"), (alice, "", "", "")]
    assert list(Survey().flaws()) == []
