"""The first quest, from the registrar's desk and back, as a player lives it."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import journal
from aether.kernel.journal import StreamKind
from apps.accounts import selectors as accounts
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.quests import services
from apps.quests.errors import (
    NoSuchOptionError,
    NotActiveError,
    NotAvailableError,
    StaleTalkError,
    TooFarError,
)
from apps.world import selectors as world
from tests.quests.cast import (
    ILSE,
    MQ1,
    battle,
    hero,
    progress,
    publish,
    say,
    stand,
    stand_beside,
    state,
)

pytestmark = pytest.mark.django_db


def wear_hook(character_id: int, key: str = "e") -> None:
    hook = next(each.id for each in economy.inventory(character_id).items if each.item == "reed_hook")
    economy_services.equip(character_id=character_id, item_id=hook, idempotency_key=key)
    publish()


def fight_and_wear(character_id: int) -> None:
    publish(battle(1, character_id))
    wear_hook(character_id)


def test_the_whole_quest() -> None:
    alice = hero()
    assert state(alice) == "available"
    assert say(alice, "accept", "go") == ["welcome", "task", ""]
    assert (state(alice), progress(alice)) == ("active", {"win": 0, "wear": 0})
    publish(battle(1, alice))
    assert progress(alice) == {"win": 1, "wear": 0}
    wear_hook(alice)
    assert state(alice) == "ready"
    glim, experience = economy.glim(alice), accounts.character(alice).xp_total
    assert say(alice, "report", "farewell") == ["returned", "licensed", ""]
    assert state(alice) == "completed"
    assert economy.count_of(alice, "moor_licence") == 1
    assert economy.glim(alice) == glim + 50
    assert accounts.character(alice).xp_total == experience + 120


def test_rewards_come_once_however_often_they_are_asked_for() -> None:
    alice = hero()
    say(alice, "accept")
    fight_and_wear(alice)
    say(alice, "report")
    with pytest.raises(NotActiveError):
        services.complete(character_id=alice, quest_id=MQ1, cause="again")
    assert economy.count_of(alice, "moor_licence") == 1


def test_a_fact_that_comes_twice_counts_once() -> None:
    alice = hero()
    say(alice, "accept")
    ended = battle(1, alice)
    publish(ended)
    before = progress(alice)
    publish()
    assert progress(alice) == before == {"win": 1, "wear": 0}


def test_what_is_worn_already_counts_at_once() -> None:
    alice = hero()
    wear_hook(alice)
    say(alice, "accept")
    assert progress(alice) == {"win": 0, "wear": 1}


def test_a_practice_battle_counts_for_nothing() -> None:
    alice = hero()
    say(alice, "accept")
    publish(battle(1, alice, is_rewarded=False))
    assert progress(alice) == {"win": 0, "wear": 0}


def test_every_transition_is_in_the_journal_with_its_cause() -> None:
    alice = hero()
    say(alice, "accept")
    fight_and_wear(alice)
    say(alice, "report")
    moves = [
        (entry["before"], entry["state"], entry["cause"])
        for entry in (msgspec.json.decode(row.payload) for row in journal.entries(StreamKind.QUEST, alice))
    ]
    assert moves == [
        ("locked", "available", "character.created"),
        ("available", "active", "dialogue:ilse_varn:welcome:accept"),
        ("active", "active", "battle.won:1"),
        ("active", "ready", "item.equipped:reed_hook"),
        ("ready", "completed", "dialogue:ilse_varn:returned:report"),
    ]


def test_abandoning_and_taking_it_up_again_starts_from_nothing() -> None:
    alice = hero()
    say(alice, "accept")
    publish(battle(1, alice))
    services.abandon(character_id=alice, quest_id=MQ1)
    assert state(alice) == "abandoned"
    services.accept(character_id=alice, quest_id=MQ1)
    assert progress(alice) == {"win": 0, "wear": 0}


def test_a_quest_is_accepted_beside_its_giver_only() -> None:
    alice = hero()
    stand(alice, "reedmoor_flats", 1, 1)
    with pytest.raises(TooFarError):
        services.accept(character_id=alice, quest_id=MQ1)
    stand_beside(alice, ILSE)
    services.accept(character_id=alice, quest_id=MQ1)
    with pytest.raises(NotAvailableError):
        services.accept(character_id=alice, quest_id=MQ1)


def test_an_active_quest_only_can_be_abandoned() -> None:
    with pytest.raises(NotActiveError):
        services.abandon(character_id=hero(), quest_id=MQ1)


def test_nobody_talks_across_the_town() -> None:
    alice = hero()
    stand_beside(alice, "maren_sallow")
    with pytest.raises(TooFarError):
        services.talk(character_id=alice, npc_id=ILSE, language="en")


def test_walking_away_ends_the_talk() -> None:
    alice = hero()
    shown = services.talk(character_id=alice, npc_id=ILSE, language="en")
    stand_beside(alice, "maren_sallow")
    with pytest.raises(TooFarError):
        services.choose(character_id=alice, npc_id=ILSE, rev=shown.rev, option_id="accept", language="en")


def test_an_answer_to_an_earlier_revision_is_refused() -> None:
    alice = hero()
    first = services.talk(character_id=alice, npc_id=ILSE, language="en")
    services.choose(character_id=alice, npc_id=ILSE, rev=first.rev, option_id="accept", language="en")
    with pytest.raises(StaleTalkError):
        services.choose(character_id=alice, npc_id=ILSE, rev=first.rev, option_id="accept", language="en")


@pytest.mark.parametrize("option", ["report", "nonsense", ""])
def test_an_option_that_is_not_shown_cannot_be_chosen(option: str) -> None:
    alice = hero()
    shown = services.talk(character_id=alice, npc_id=ILSE, language="en")
    with pytest.raises(NoSuchOptionError):
        services.choose(character_id=alice, npc_id=ILSE, rev=shown.rev, option_id=option, language="en")


def test_an_ended_talk_cannot_be_answered() -> None:
    alice = hero()
    shown = services.talk(character_id=alice, npc_id=ILSE, language="en")
    ended = services.choose(character_id=alice, npc_id=ILSE, rev=shown.rev, option_id="later", language="en")
    assert (ended.node, ended.text, ended.options) == (None, "", [])
    with pytest.raises(StaleTalkError):
        services.choose(character_id=alice, npc_id=ILSE, rev=ended.rev, option_id="accept", language="en")


def test_people_speak_french_too() -> None:
    shown = services.talk(character_id=hero(), npc_id=ILSE, language="fr")
    assert shown.text.startswith("Encore quelqu’un du bac")
    assert shown.options[-1].text == "Pas aujourd’hui."


def test_the_shopkeeper_opens_her_shop() -> None:
    alice = hero(beside="maren_sallow")
    shown = services.talk(character_id=alice, npc_id="maren_sallow", language="en")
    shown = services.choose(
        character_id=alice, npc_id="maren_sallow", rev=shown.rev, option_id="trade", language="en"
    )
    assert (shown.opens, shown.node) == ("shop:lastmoor_stores", "greeting")


def test_trading_asks_to_stand_beside_the_keeper() -> None:
    alice = hero()
    deal = economy_services.Deal(
        character_id=alice,
        shop="lastmoor_stores",
        item="marsh_tonic",
        count=1,
        expected_price=12,
        idempotency_key="b",
    )
    with pytest.raises(TooFarError):
        economy_services.buy(deal)
    stand_beside(alice, "maren_sallow")
    assert economy_services.buy(deal).glim == 8


def test_the_banker_opens_the_box_of_who_stands_next_to_it() -> None:
    alice = hero(beside="bram_teller")
    shown = services.talk(character_id=alice, npc_id="bram_teller", language="fr")
    shown = services.choose(
        character_id=alice, npc_id="bram_teller", rev=shown.rev, option_id="bank", language="fr"
    )
    assert (shown.opens, shown.node) == ("bank", None)
    assert "strongbox" in world.stations_near(alice)
