"""What things bring about: what is looted, bound, blessed, read and found, and who may do it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import msgspec
import pytest
from asgiref.sync import async_to_sync

from aether.kernel import content
from aether.kernel.conditions import Condition, holds, situation_of
from aether.kernel.content import LocalText
from aether.kernel.effects import Letter
from aether.kernel.errors import NotFoundError
from aether.kernel.models import OutboxFact
from aether.protocol.base import Words
from aether.protocol.world import ObjectMoved, ObjectSeen
from apps.accounts import services as accounts
from apps.economy import mailbox
from apps.economy import selectors as economy
from apps.economy import services as economy_services
from apps.world import ground, object_selectors, positions, selectors, services
from apps.world.errors import AlreadyUsedError, LockedError
from apps.world.models import CharacterPlace, CopyFlag, ObjectUse, WorldObject
from apps.world.services import object_streams
from apps.world.services.coming import recall
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

CINDER = "cinder_terraces"
STONE = "tether_stone"
Documents = dict[str, Any]
LETTER: Documents = {"subject": {"en": "A", "fr": "B"}, "text": {"en": "C", "fr": "D"}}


def beside(object_id: str, zone: str, name: str = "Alice") -> int:
    character_id = cast.character(name)
    x, y = ground.thing_of(zone, object_id).cell
    cast.put(character_id, zone, (x, y + 1) if object_id != "kiln_chest" else (x, y - 1))
    return character_id


def use(character_id: int, object_id: str, action: str | None = None) -> services.Interaction:
    return services.interact(character_id=character_id, object_id=object_id, action=action)


@contextmanager
def changed(change: Callable[[Documents], None]) -> Iterator[None]:
    """Play with the running pack after a change."""
    pack = content.current()
    documents = deepcopy(msgspec.json.decode(pack.compiled)["documents"])
    change(documents)
    with content.using(content.from_documents(pack.info, documents)):
        yield


def board_does(**transition: Any) -> Callable[[Documents], None]:
    """Let the notice board of the town do something else, once for each."""

    def change(documents: Documents) -> None:
        read = documents["objects"]["notice_board"]["transitions"][0]
        read.clear()
        label = {"en": "Touch it", "fr": "Le toucher"}
        read.update(action="touch", label=label, **{"from": ["up"]}, once=True, **transition)

    return change


def test_a_chest_opens_only_to_whom_its_content_says() -> None:
    alice = beside("kiln_chest", CINDER)
    with pytest.raises(LockedError) as refusal:
        use(alice, "kiln_chest")
    assert refusal.value.message("en") == "It takes level 8 or more, or Tinker of level 5."
    assert not ObjectUse.objects.exists()
    accounts.grant_xp(character_id=alice, amount=20_000, cause="test:level")
    before = economy.glim(alice)
    assert use(alice, "kiln_chest").seen.state == "open"
    assert economy.glim(alice) > before
    with pytest.raises(AlreadyUsedError):
        use(alice, "kiln_chest")


def test_what_is_locked_is_said_before_anybody_tries() -> None:
    alice = beside("kiln_chest", CINDER)
    seen = object_selectors.inspected(alice, "kiln_chest", "fr")
    assert (seen.name, seen.actions[0].label) == ("Coffre du payeur", "L’ouvrir")
    assert seen.actions[0].locked == "Il faut niveau 8 ou plus, ou Rétameur de niveau 5."


def test_whoever_ties_a_thread_to_a_stone_comes_back_to_it() -> None:
    alice = beside(STONE, "gullwind_spans")
    assert [text.en for text in use(alice, STONE, "bind").says] == [
        "The thread holds. From now on you come back here."
    ]
    cast.put(alice, cast.MOOR, (2, 24))
    recall(CharacterPlace.objects.get(pk=alice))
    here = selectors.place_of(alice)
    assert (here.zone, here.cell) == ("gullwind_spans", (10, 41))


def test_a_stone_blesses_once_a_day(time: Clock) -> None:
    alice = beside(STONE, cast.MOOR)
    with pytest.raises(LockedError):
        use(alice, STONE, "bless")
    accounts.grant_xp(character_id=alice, amount=1_000, cause="test:level")
    use(alice, STONE, "bless")
    assert economy.count_of(alice, "marsh_tonic") == 1
    with pytest.raises(LockedError) as refusal:
        use(alice, STONE, "bless")
    assert refusal.value.message("en") == "Not again for another 20 h."
    assert object_selectors.inspected(alice, STONE, "fr").actions[1].locked == "Pas avant 20 h."
    asked = msgspec.convert({"cooldown": {"key": "blessing"}}, Condition)
    assert not holds(asked, situation_of(alice, asked))
    time.go(72_001)
    assert holds(asked, situation_of(alice, asked))
    use(alice, STONE, "bless")
    assert economy.count_of(alice, "marsh_tonic") == 2


def test_a_board_says_what_is_written_on_it_as_often_as_one_likes() -> None:
    alice = beside("town_board", "lastmoor")
    for _ in range(2):
        assert "slack chains" in use(alice, "town_board").says[0].en
    assert not WorldObject.objects.exists()


def test_an_anchor_is_inspected_once_by_each() -> None:
    alice = beside("anchor_south", cast.MOOR)
    assert use(alice, "anchor_south").seen.state == "inspected"
    with pytest.raises(AlreadyUsedError):
        use(alice, "anchor_south")
    bob = beside("anchor_south", cast.MOOR, "Bob")
    assert use(bob, "anchor_south").seen.state == "inspected"


def test_effects_of_every_app_come_with_one_touch() -> None:
    effects = [
        {"take": {"item": "reed_fibre", "n": 2}},
        {"give": {"item": "lampfat", "n": 1}},
        {"currency": {"n": 7}},
        {"xp": 50},
        {"flag": {"key": "bridge_lit", "set": 3, "of": "copy"}},
        {"teleport": {"zone": "reedmoor_flats", "arrival": "shrine"}},
        {"open": "bank"},
    ]
    alice = beside("town_board", "lastmoor")
    economy_services.grant(
        character_id=alice, cause="test:gift", idempotency_key="gift", items={"reed_fibre": 2}
    )
    before = economy.glim(alice)
    with changed(board_does(effects=effects)):
        assert use(alice, "town_board").opens == "bank"
        assert (economy.count_of(alice, "reed_fibre"), economy.count_of(alice, "lampfat")) == (0, 1)
        assert economy.glim(alice) == before + 7
        assert CopyFlag.objects.get(instance="lastmoor.1", key="bridge_lit").value == 3
        assert selectors.place_of(alice).cell == ground.map_of(cast.MOOR).arrivals["shrine"]


def test_a_thing_sends_a_letter_once_with_what_it_brings() -> None:
    letter: Documents = {
        "subject": {"en": "Found", "fr": "Trouvé"},
        "text": {"en": "This is yours.", "fr": "C’est à vous."},
        "glim": 7,
        "items": [{"item": "lampfat", "n": 2}, {"item": "reed_hook"}],
    }
    alice = beside("town_board", "lastmoor")
    glim = economy.glim(alice)
    with changed(board_does(effects=[{"mail": letter}, {"mail": letter | {"glim": 0, "items": []}}])):
        use(alice, "town_board")
        with pytest.raises(AlreadyUsedError):
            use(alice, "town_board")
    plain, rich = mailbox.mailbox(alice).letters
    assert (rich.source, rich.sender, rich.title, rich.attached) == (
        "story",
        None,
        Words(**letter["subject"]),
        3,
    )
    assert plain.attached == 0
    taking = economy_services.Taking(
        character_id=alice, letter_id=rich.id, cod=0, asset=None, idempotency_key="take"
    )
    assert economy_services.take_attachments(taking).text == Words(**letter["text"])
    assert economy.glim(alice) == glim + 7
    assert economy.count_of(alice, "lampfat") == 2
    assert [each.item for each in economy.inventory(alice).items] == ["reed_hook"]
    gained = [fact.payload for fact in OutboxFact.objects.filter(type="item.gained").order_by("id")]
    assert len(gained) == 2


def test_the_same_occasion_sends_no_second_letter() -> None:
    alice = cast.character()
    text = LocalText(en="Words", fr="Des mots")
    letter = Letter(subject=text, text=text, glim=5)
    for _ in range(2):
        economy_services.send_story_letter(
            character_id=alice, letter=letter, source="board:town_board", idempotency_key="mail:1:x"
        )
    assert [each.attached for each in mailbox.mailbox(alice).letters] == [1]


def test_who_cannot_pay_what_a_thing_takes_gets_nothing_of_it() -> None:
    alice = beside("town_board", "lastmoor")
    effects = [{"take": {"item": "reed_fibre", "n": 2}}, {"give": {"item": "lampfat", "n": 1}}]
    with changed(board_does(effects=effects)), pytest.raises(Exception, match="insufficient"):
        use(alice, "town_board")
    assert economy.count_of(alice, "lampfat") == 0
    assert not ObjectUse.objects.exists()


def test_a_flag_of_the_copy_is_for_everybody_in_it_and_nobody_else() -> None:
    asked = msgspec.convert({"flag": {"key": "bridge_lit", "of": "copy"}}, Condition)
    alice, bob, carol = (beside("town_board", "lastmoor", name) for name in ("Alice", "Bob", "Carol"))
    cast.put(carol, cast.MOOR, (2, 24))
    with changed(board_does(effects=[{"flag": {"key": "bridge_lit", "of": "copy"}}])):
        use(alice, "town_board")
    assert [holds(asked, situation_of(who, asked)) for who in (alice, bob, carol)] == [True, True, False]


def test_the_wrong_thing_bites() -> None:
    alice = beside("town_board", "lastmoor")
    with changed(board_does(effects=[{"start_battle": [{"monster": "mud_skitter", "level": 1}]}])):
        use(alice, "town_board")
    assert CharacterPlace.objects.get(pk=alice).battle is not None


def test_who_may_not_see_a_thing_finds_nothing_there() -> None:
    def hide(documents: Documents) -> None:
        documents["objects"]["notice_board"]["seen_if"] = {"level": {">=": 2}}

    alice = beside("town_board", "lastmoor")
    with changed(hide):
        assert "town_board" not in {each.id for each in things("lastmoor.1", alice)}
        assert "town_board" in {each.id for each in selectors.snapshot_for_staff("lastmoor.1").objects}
        with pytest.raises(NotFoundError):
            use(alice, "town_board")
        with pytest.raises(NotFoundError):
            object_selectors.inspected(alice, "town_board", "en")
        accounts.grant_xp(character_id=alice, amount=1_000, cause="test:level")
        assert "town_board" in {each.id for each in things("lastmoor.1", alice)}


def test_only_who_sees_a_thing_is_told_that_it_has_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def hide(documents: Documents) -> None:
        documents["objects"]["kiln_door"]["seen_if"] = {"level": {">=": 2}}

    told: list[int] = []
    monkeypatch.setattr(object_streams.realtime, "tell_character", lambda who, update: told.append(who))
    alice, bob = cast.character(), cast.character("Bob")
    for who in (alice, bob):
        cast.put(who, CINDER, (7, 11))
    accounts.grant_xp(character_id=alice, amount=1_000, cause="test:level")
    told.clear()
    with changed(hide):
        use(bob, "kiln_lever", "pull")
        changes = async_to_sync(positions.take_changes)(["cinder_terraces.1"])["cinder_terraces.1"]
    assert [each.object.id for each in changes if isinstance(each, ObjectMoved)] == ["kiln_lever"]
    assert told == [alice]


def things(instance: str, character_id: int) -> list[ObjectSeen]:
    return selectors.snapshot(instance, character_id=character_id).objects


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"from": ["nowhere"]}, "names no known state: nowhere"),
        ({"effects": [{"currency": {"n": 1}}]}, "needs `once` or a `cooldown`"),
        ({"effects": [{"explode": 1}]}, "unknown field"),
        ({"effects": [{"mail": LETTER}]}, "needs `once` or a `cooldown`"),
        (
            {"effects": [{"mail": LETTER | {"items": [{"item": "no_such"}]}}], "once": True},
            "no item `no_such`",
        ),
        ({"effects": [{"give": {"item": "no_such"}}], "once": True}, "there is no item `no_such`"),
        (
            {"effects": [{"bind": {"arrival": "nowhere"}}]},
            "`nowhere`, which this map does not have",
        ),
        ({"if": {"class": "no_such"}}, "there is no class `no_such`"),
        ({"loots": True, "once": True}, "goes with what pays its loot"),
        ({"moves": "open"}, "go with `to`"),
        ({"shows": "up"}, "`shows` goes with `once`"),
        ({"once": True, "cooldown": {"key": "x", "s": 5}}, "it goes with no `to` or `cooldown`"),
    ],
)
def test_a_thing_that_cannot_work_is_found_before_anybody_touches_it(
    change: dict[str, Any], message: str
) -> None:
    with (
        pytest.raises(content.InvalidContentError) as refusal,
        changed(lambda documents: documents["objects"]["notice_board"]["transitions"][0].update(change)),
    ):
        pass
    assert message in str(refusal.value)


def test_the_fact_of_using_a_thing_is_published() -> None:
    alice = beside("anchor_south", cast.MOOR)
    use(alice, "anchor_south")
    assert "object.used" in {each.type for each in OutboxFact.objects.all()}
