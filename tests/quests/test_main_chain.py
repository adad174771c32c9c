"""The chain goes on: three anchors and a letter from the office, then what hangs below."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import facts
from aether.kernel.facts.types import DungeonCleared, LevelReached
from apps.accounts.models import Character
from apps.economy import mailbox
from apps.economy import selectors as economy
from apps.quests import services
from apps.quests.selectors import flags
from apps.world import ground
from apps.world import services as world
from apps.world.selectors import npc_place
from tests import cast as people
from tests.quests.cast import ILSE, battle, hero, progress, publish, say, stand, stand_beside, state
from tests.quests.test_first_tether import fight_and_wear
from tests.serving import Served
from tests.wire import Wire
from tests.world import cast as places

MQ2 = "mq2_slack_chain"
MQ5 = "mq5_the_counterweight"
MOOR = "reedmoor_flats"
ANCHORS = ("anchor_north", "anchor_east", "anchor_south")
SURVEYED = {"skitters": 0, "north": 1, "east": 1, "south": 1}


def licensed(name: str = "Alice") -> int:
    """Return a character that has done the first quest."""
    found = hero(name)
    say(found, "accept")
    fight_and_wear(found)
    say(found, "report")
    facts.drain()
    return found


def inspect(character_id: int, *anchors: str) -> None:
    for anchor in anchors:
        x, y = ground.thing_of(MOOR, anchor).cell
        stand(character_id, MOOR, x, y + 1)
        world.interact(character_id=character_id, object_id=anchor)
    facts.drain()
    stand_beside(character_id, ILSE)


@pytest.mark.django_db(transaction=True)
def test_the_whole_quest_and_its_letter() -> None:
    alice = licensed()
    assert state(alice, MQ2) == "available"
    assert say(alice, "chain", "go") == ["licensed", "survey", ""]
    assert progress(alice, MQ2) == dict.fromkeys(SURVEYED, 0)
    inspect(alice, *ANCHORS)
    assert progress(alice, MQ2) == SURVEYED
    for number in (2, 3, 4):
        publish(battle(number, alice))
    assert state(alice, MQ2) == "ready"
    glim, letters = economy.glim(alice), len(mailbox.mailbox(alice).letters)
    assert say(alice, "report", "farewell") == ["reporting", "surveyed", ""]
    assert (state(alice, MQ2), economy.glim(alice)) == ("completed", glim + 80)
    letter, *others = mailbox.mailbox(alice).letters
    assert len(others) == letters
    assert (letter.source, letter.attached) == ("story", 2)
    assert letter.title is not None
    assert letter.title.fr == "Votre rapport sur les ancres"


@pytest.mark.django_db(transaction=True)
def test_anchors_that_were_seen_before_count_and_giving_up_forgets_none() -> None:
    alice = licensed()
    inspect(alice, "anchor_north")
    say(alice, "chain")
    assert progress(alice, MQ2)["north"] == 1
    inspect(alice, "anchor_east", "anchor_south")
    services.abandon(character_id=alice, quest_id=MQ2)
    say(alice, "chain")
    assert progress(alice, MQ2) == SURVEYED


@pytest.mark.django_db(transaction=True)
def test_who_has_no_licence_is_sent_to_no_chain() -> None:
    alice = hero()
    assert state(alice, MQ2) == "locked"
    inspect(alice, *ANCHORS)
    assert state(alice, MQ2) == "locked"


async def test_a_player_does_it_over_the_socket(server: Served) -> None:
    alice = await people.alice()
    who = alice.character_id
    await sync_to_async(_license)(who)
    async with Wire(server.socket_url, language="fr") as wire:
        await wire.hello(await alice.ticket())
        assert "ok" in await wire.call("world.enter")
        shown = (await wire.call("quests.talk", {"npc": ILSE}))["ok"]
        assert [each["option"] for each in shown["options"]] == ["chain", "bunk", "farewell"]
        await wire.call("quests.choose", {"npc": ILSE, "rev": shown["rev"], "option": "chain"})
        for anchor in ANCHORS:
            await sync_to_async(_bring_to)(who, anchor)
            used = (await wire.call("world.interact", {"object": anchor, "action": "inspect"}))["ok"]
            assert used["says"][0].startswith("Les maillons pendent")
        await sync_to_async(facts.drain)()
        for number in (2, 3, 4):
            await sync_to_async(publish)(battle(number, who))
        await sync_to_async(_bring_to)(who, None)
        shown = (await wire.call("quests.talk", {"npc": ILSE}))["ok"]
        await wire.call("quests.choose", {"npc": ILSE, "rev": shown["rev"], "option": "report"})
        arrived = (await wire.update("economy.mail_arrived"))["d"]["letter"]
        opened = (await wire.call("economy.mail_open", {"letter": arrived["id"]}))["ok"]
        assert opened["text"]["fr"].startswith("Le Bureau a lu votre rapport")
        assert opened["goods"]["glim"] == 20
        assert opened["goods"]["stacks"] == [{"item": "marsh_tonic", "count": 3}]


def _license(character_id: int) -> None:
    stand_beside(character_id, ILSE)
    facts.drain()
    say(character_id, "accept")
    services.advance(character_id=character_id, quest_id="mq1_first_tether", cause="test")
    say(character_id, "report")
    facts.drain()


def _bring_to(character_id: int, anchor: str | None) -> None:
    """Bring somebody next to an anchor, or back to the registrar, with its socket."""
    if anchor is None:
        at = npc_place(ILSE)
        places.put(character_id, at.zone, (at.cell[0] + 1, at.cell[1]))
    else:
        x, y = ground.thing_of(MOOR, anchor).cell
        places.put(character_id, MOOR, (x, y + 1))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("choice", ["release", "bind"])
def test_who_clears_the_counterweight_says_what_becomes_of_its_governor(choice: str) -> None:
    alice = licensed()
    say(alice, "chain")
    services.advance(character_id=alice, quest_id=MQ2, cause="test")
    say(alice, "report")
    facts.drain()
    assert state(alice, MQ5) == "locked", "it asks for level 15"
    Character.objects.filter(pk=alice).update(xp_total=100_000)
    publish(LevelReached(character=alice, level=15))
    say(alice, "below")
    publish(DungeonCleared(character=alice, dungeon="elsewhere", run=2))
    assert state(alice, MQ5) == "active"
    publish(DungeonCleared(character=alice, dungeon="the_counterweight", run=1))
    assert state(alice, MQ5) == "ready"
    glim = economy.glim(alice)
    assert say(alice, choice, "farewell") == ["deciding", "decided", ""]
    assert (state(alice, MQ5), economy.glim(alice)) == ("completed", glim + 2000)
    assert set(flags(alice)) == {"governor_released" if choice == "release" else "governor_bound"}
