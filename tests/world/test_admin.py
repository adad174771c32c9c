"""The console's rooms of the world."""

from __future__ import annotations

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.test import Client

from aether.kernel.journal import StreamKind
from aether.kernel.models import JournalLine
from apps.accounts.models import Account
from apps.world import reports, services, sky
from apps.world.models import CharacterPlace, WorldObject, ZoneCopy
from tests.accounts import cast as accounts
from tests.console.conftest import game_master, sign_in
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_sign_in_is_remembered() -> None:
    cache.clear()


@pytest.fixture
def alice() -> int:
    character_id = cast.character()
    cast.put(character_id, cast.MOOR, (2, 24))
    services.set_in_battle(character_ids=[character_id], battle_id=7)
    return character_id


@pytest.fixture
def gwen() -> Account:
    return game_master()


@pytest.fixture
def console(gwen: Account) -> Client:
    return sign_in("gwen")


def test_the_rooms_show_who_is_where_and_which_groups_there_are(console: Client, alice: int) -> None:
    group = cast.group()
    place = console.get(f"/gm/world/characterplace/{alice}/change/").content.decode()
    assert "Reedmoor Flats" in place
    assert "2, 24" in place
    assert "Alice" in console.get("/gm/world/characterplace/").content.decode()
    assert group.monsters[0][0] in console.get("/gm/world/monstergroup/").content.decode()
    assert console.get(f"/gm/world/monstergroup/{group.pk}/change/").status_code == 200
    assert console.get("/gm/world/objecttaking/").status_code == 200


def test_the_rooms_speak_french(console: Client, alice: int) -> None:
    room = console.get(f"/gm/world/characterplace/{alice}/change/", headers={"accept-language": "fr"})
    assert "Plaines de Roselande" in room.content.decode()
    assert "Ramener" in room.content.decode()


def test_nothing_is_edited_in_the_rooms(console: Client, alice: int) -> None:
    answer = console.post(f"/gm/world/characterplace/{alice}/change/", {"x": 1, "zone": cast.TOWN})
    assert answer.status_code == 403
    assert CharacterPlace.objects.get(pk=alice).zone == cast.MOOR


def test_a_stuck_character_is_brought_home_and_the_journal_says_why(console: Client, alice: int) -> None:
    console.post(f"/gm/world/characterplace/{alice}/unstick/", {"reason": "stuck behind a rock"})
    place = CharacterPlace.objects.get(pk=alice)
    assert (place.zone, place.cell, place.battle) == (cast.TOWN, cast.SQUARE, None)
    act = JournalLine.objects.filter(kind=StreamKind.AUDIT).latest("version").payload
    assert (act["actor"], act["action"], act["reason"]) == ("gwen", "unstick", "stuck behind a rock")


def test_nobody_is_brought_home_without_a_reason(console: Client, alice: int) -> None:
    console.post(f"/gm/world/characterplace/{alice}/unstick/", {"reason": " "})
    assert CharacterPlace.objects.get(pk=alice).zone == cast.MOOR


def test_who_may_not_bring_home_does_not(alice: int) -> None:
    accounts.account("ida", is_staff=True)
    answer = sign_in("ida").post(f"/gm/world/characterplace/{alice}/unstick/", {"reason": "because"})
    assert answer.status_code == 403
    assert CharacterPlace.objects.get(pk=alice).zone == cast.MOOR


def test_copies_are_listed_with_people_process_and_lag_and_can_be_drained(
    console: Client, gwen: Account
) -> None:
    services.open_shared("lastmoor", capacity=1)
    for name in ("Bob", "Carla"):
        cast.character(name)
    async_to_sync(reports.report)({"lastmoor.1": 0.0125})
    room = console.get("/gm/world/zonecopy/").content.decode()
    assert "lastmoor.2" in room
    assert reports.PROCESS in room
    assert "12.5 ms" in room
    drained = console.post("/gm/world/zonecopy/lastmoor.1/drain/", {"reason": "It is stuck."}, follow=True)
    assert drained.status_code == 200
    assert ZoneCopy.objects.get(pk="lastmoor.1").state == "draining"
    act = JournalLine.objects.filter(kind=StreamKind.AUDIT).latest("version").payload
    assert (act["actor"], act["action"], act["details"]) == ("gwen", "drain_copy", {"people": 1})
    again = console.post("/gm/world/zonecopy/lastmoor.1/drain/", {"reason": "Again."})
    assert "not open any more" in again.content.decode()
    french = console.get("/gm/world/zonecopy/lastmoor.1/change/", headers={"accept-language": "fr"})
    assert "Vider" in french.content.decode()


@pytest.fixture
def pulled(alice: int) -> WorldObject:
    """A lever that Bob has pulled."""
    bob = cast.character("Bob")
    cast.put(bob, "cinder_terraces", (7, 11))
    services.interact(character_id=bob, object_id="kiln_lever", action="pull")
    return WorldObject.objects.get(object_id="kiln_door")


def test_the_history_of_an_object_says_who_did_what_to_it(console: Client, pulled: WorldObject) -> None:
    page = console.get(f"/gm/world/worldobject/{pulled.pk}/change/").content.decode()
    for told in ("What happened to it", "Bob", "Fire door, closed", "Fire door, open", "object:kiln_lever"):
        assert told in page
    french = console.get(
        f"/gm/world/worldobject/{pulled.pk}/change/", headers={"accept-language": "fr"}
    ).content.decode()
    for told in ("Ce qui lui est arrivé", "Porte coupe-feu, ouverte", "Remettre en place"):
        assert told in french
    assert "kiln_door" in console.get("/gm/world/worldobject/").content.decode()


def test_a_game_master_puts_an_object_back_with_a_reason(
    console: Client, gwen: Account, pulled: WorldObject
) -> None:
    url = f"/gm/world/worldobject/{pulled.pk}/reset/"
    assert "required" in console.post(url, {"reason": ""}).content.decode()
    console.post(url, {"reason": "it was stuck"})
    pulled.refresh_from_db()
    assert (pulled.state, pulled.version) == ("closed", 2)
    page = console.get(f"/gm/world/worldobject/{pulled.pk}/change/").content.decode()
    assert "it was stuck" in page
    acts = JournalLine.objects.filter(kind=StreamKind.AUDIT, payload__action="reset_object")
    assert acts.get().actor_id == gwen.pk


def test_how_the_objects_of_a_copy_stood_can_be_asked(console: Client, pulled: WorldObject) -> None:
    def at(moment: str) -> str:
        asked = {"instance": "cinder_terraces.1", "at": moment}
        return console.get("/gm/pages/objects-as-of/", asked).content.decode()

    assert "Fire door, closed" in at("2020-01-01T00:00:00")
    assert "Fire door, closed" not in at("2099-01-01T00:00:00")
    assert "Fire door, open" in at("2099-01-01T00:00:00")


def test_a_game_master_opens_an_event_with_a_reason_in_the_journal(console: Client, gwen: Account) -> None:
    room = console.get("/gm/world/calendarevent/").content.decode()
    assert "Mooring Week" in room
    assert "Slack alarm" in room
    asked = console.get("/gm/world/calendarevent/slack_alarm/open/")
    assert asked.status_code == 200
    refused = console.post("/gm/world/calendarevent/slack_alarm/open/", {"reason": "", "duration": "1 h"})
    assert refused.status_code == 200
    assert not sky.is_event_active("slack_alarm")
    done = console.post(
        "/gm/world/calendarevent/slack_alarm/open/", {"reason": "A quiet evening.", "duration": "1 h"}
    )
    assert done.status_code == 302
    assert sky.is_event_active("slack_alarm")
    assert JournalLine.objects.filter(kind=StreamKind.AUDIT).exists()
    console.post("/gm/world/calendarevent/slack_alarm/close/", {"reason": "Enough.", "duration": "ever"})
    assert not sky.is_event_active("slack_alarm")
    page = console.get(
        "/gm/world/calendarevent/slack_alarm/change/", headers={"accept-language": "fr"}
    ).content.decode()
    assert "Selon le calendrier" in page
    assert "Enough." in page
    assert console.get("/gm/world/vitality/").status_code == 200


def test_support_without_the_permission_switches_nothing(console: Client, gwen: Account) -> None:
    gwen.groups.clear()
    denied = console.post("/gm/world/calendarevent/slack_alarm/open/", {"reason": "x", "duration": "1 h"})
    assert denied.status_code in (302, 403, 404)
    assert not sky.is_event_active("slack_alarm")
