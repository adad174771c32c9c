"""The console's live map, and what is written down of a zone copy each minute."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from aether.kernel import clock
from apps.accounts.models import Account, Character
from apps.world import ground, positions, services
from apps.world.models import CharacterPlace, Footfall, MonsterGroup, PopulationSample, WorldObject
from tests.accounts import cast as accounts
from tests.console.conftest import game_master, sign_in
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)

MOOR = cast.FIRST_MOOR
PAGE = "/gm/pages/live_map/"


@pytest.fixture
def console() -> Client:
    game_master()
    return sign_in("gwen")


@pytest.fixture
def alice() -> int:
    character_id = cast.character()
    cast.put(character_id, cast.MOOR, (2, 24))
    return character_id


def sample(lag_s: float = 0.0) -> None:
    services.sample(zone=cast.MOOR, instance=MOOR, here=positions.everybody(MOOR), lag_s=lag_s)


def test_the_data_say_who_is_where(console: Client, alice: int) -> None:
    group = cast.group()
    shown = console.get(f"{PAGE}data/?instance={MOOR}").json()
    assert [(each["name"], each["cell"]) for each in shown["players"]] == [("Alice", [2, 24])]
    assert group.pk in [each["id"] for each in shown["groups"]]
    assert shown["map_hash"] == ground.map_of(cast.MOOR).hash


def test_every_zone_is_shown_with_all_that_is_in_it(console: Client) -> None:
    for zone in ground.zones():
        copy = services.open_shared(zone).pk
        answer = console.get(f"{PAGE}data/?instance={copy}")
        assert answer.status_code == 200, (zone, answer.content)
        shown, drawn = answer.json(), ground.map_of(zone)
        placed = [*drawn.objects, *drawn.stations]
        assert [each["id"] for each in shown["objects"]] == [each.id for each in placed]
        assert [each["id"] for each in shown["exits"]] == [way.id for way in drawn.exits]
        assert not any(each.get("locked") for each in shown["exits"])


def test_the_page_has_a_map_and_speaks_french(console: Client, alice: int) -> None:
    page = console.get(f"{PAGE}?instance={MOOR}").content.decode()
    assert "live-map-board" in page
    assert f'data-instance="{MOOR}"' in page
    french = console.get(PAGE, headers={"accept-language": "fr"}).content.decode()
    assert "Carte en direct" in french


def test_a_copy_that_is_not_there_is_not_found(console: Client) -> None:
    answer = console.get(f"{PAGE}data/?instance=nowhere.1")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert console.get(f"{PAGE}?instance=nowhere.1").status_code == 404


def test_only_staff_who_may_look_do(alice: int) -> None:
    assert Client().get(f"{PAGE}data/?instance={MOOR}").status_code == 302
    accounts.account("steve", is_staff=True)
    assert sign_in("steve").get(f"{PAGE}data/?instance={MOOR}").status_code == 403


def test_a_minute_is_written_down_once(alice: int) -> None:
    sample(0.021)
    sample(0.5)
    row = PopulationSample.objects.get()
    assert (row.instance, row.people, row.lag_ms) == (MOOR, 1, 21)
    block = Footfall.objects.get()
    assert (block.x, block.y, block.minutes) == (0, 6, 1)


def test_where_people_stand_adds_up_and_is_forgotten_after_two_weeks(
    console: Client, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = clock.utc_now().replace(minute=10)
    for minute in range(3):
        monkeypatch.setattr(clock, "utc_now", lambda minute=minute: began + timedelta(minutes=minute))
        sample()
    assert Footfall.objects.get().minutes == 3
    assert "3 min at 0, 24" in console.get(f"{PAGE}?instance={MOOR}").content.decode()
    monkeypatch.setattr(clock, "utc_now", lambda: began + timedelta(days=15))
    assert services.prune_samples() == 4
    assert not PopulationSample.objects.exists()


def test_who_plays_a_character_is_muted_and_kicked_from_the_map(console: Client, alice: int) -> None:
    page = console.get(f"{PAGE}?instance={MOOR}").content.decode()
    assert "data-may-mute" in page
    assert "data-may-kick" in page
    address = f"/gm/accounts/character/{alice}"
    console.post(f"{address}/mute/", {"duration": "1 d", "reason": "shouts"})
    console.post(f"{address}/kick/", {"reason": "shouts on"})
    login = Character.objects.get(pk=alice).account
    assert (login.is_muted, login.mute_reason) == (True, "shouts")
    assert login.session_epoch > 0
    accounts.account("nora", is_staff=True)
    assert sign_in("nora").post(f"{address}/kick/", {"reason": "I may not"}).status_code == 403


def test_the_acts_of_the_map_do_what_they_say(console: Client, alice: int) -> None:
    address = f"/gm/world/characterplace/{alice}/teleport/"
    form = console.get(f"{address}?zone={cast.MOOR}&x=3&y=24").content.decode()
    assert 'value="3"' in form
    console.post(address, {"zone": cast.MOOR, "x": 3, "y": 24, "reason": "stuck"})
    assert CharacterPlace.objects.get(pk=alice).cell == (3, 24)
    wall = console.post(address, {"zone": cast.MOOR, "x": 127, "y": 127, "reason": "stuck"}).content.decode()
    assert "Something is in the way." in wall
    rule = ground.zone_of(cast.MOOR).spawns[0].id
    console.post(
        "/gm/world/monstergroup/spawn/", {"rule": f"{MOOR} {rule}", "x": 3, "y": 24, "reason": "event"}
    )
    group = MonsterGroup.objects.get(is_extra=True)
    console.post(f"/gm/world/monstergroup/{group.pk}/despawn/", {"reason": "over"})
    group.refresh_from_db()
    assert group.state == MonsterGroup.State.COOLDOWN


def test_who_may_not_steer_is_refused(alice: int, gwen_without_acts: Client) -> None:
    answer = gwen_without_acts.post(
        f"/gm/world/characterplace/{alice}/teleport/", {"zone": cast.MOOR, "x": 3, "y": 24, "reason": "x"}
    )
    assert answer.status_code == 403
    assert CharacterPlace.objects.get(pk=alice).cell == (2, 24)


@pytest.fixture
def gwen_without_acts() -> Client:
    Account.objects.filter(pk=accounts.account("steve", is_staff=True).pk).update(is_staff=True)
    return sign_in("steve")


def test_things_lead_to_their_rooms(console: Client, alice: int) -> None:
    page = console.get(f"{PAGE}?instance={MOOR}").content.decode()
    assert 'data-objects="/gm/world/worldobject/"' in page
    assert 'data-takings="/gm/world/objecttaking/"' in page
    assert "Open the object" in page
    french = console.get(PAGE, headers={"accept-language": "fr"}).content.decode()
    assert "Ce que des personnages en ont eu" in french
    lever = cast.character("Bob")
    x, y = ground.thing_of("cinder_terraces", "kiln_lever").cell
    cast.put(lever, "cinder_terraces", (x, y + 1))
    services.interact(character_id=lever, object_id="kiln_lever", action="pull")
    row = WorldObject.objects.get(object_id="kiln_lever")
    found = console.get(f"/gm/world/worldobject/?q=kiln_lever+{row.instance}").content.decode()
    assert f"/gm/world/worldobject/{row.pk}/change/" in found
    assert ">kiln_door<" not in found
    moor = "/gm/world/objecttaking/?zone__exact=reedmoor_flats&object_id__exact=reedmoor_chest"
    assert console.get(moor).status_code == 200


def test_a_long_history_is_read_page_by_page(console: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.world.admin.objects.CHAPTERS_SHOWN", 2)
    alice = cast.character()
    x, y = ground.thing_of("cinder_terraces", "kiln_lever").cell
    cast.put(alice, "cinder_terraces", (x, y + 1))
    for action in ("pull", "push", "pull", "push", "pull"):
        services.interact(character_id=alice, object_id="kiln_lever", action=action)
    room = f"/gm/world/worldobject/{WorldObject.objects.get(object_id='kiln_lever').pk}/change/"

    def versions(query: str = "") -> list[int]:
        page = console.get(room + query).content.decode()
        return [int(each) for each in re.findall(r'<tr class="border-t[^>]*><td[^>]*>(\d+)</td>', page)]

    assert (versions(), versions("?until=3"), versions("?until=1")) == ([5, 4], [3, 2], [1])
    assert versions("?until=99999999999") == versions("?until=x") == [5, 4]
    assert versions("?until=0") == []
    first = console.get(room).content.decode()
    assert 'href="?until=3"' in first
    assert "Newer" not in first
    assert 'href="?until=5"' in console.get(room + "?until=3").content.decode()
