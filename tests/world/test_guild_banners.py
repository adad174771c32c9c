"""Things that stand in the name of a guild: who may claim one, how long it is kept, what is remembered."""

from __future__ import annotations

import msgspec
import pytest

from aether.kernel import content, journal
from aether.kernel.conditions import Condition, names_of, situation_of, why_not
from aether.kernel.content import LocalText
from aether.kernel.journal import StreamKind
from aether.protocol.world import ObjectSeen
from apps.chat import services as chat
from apps.chat.models import Guild
from apps.world import claims, object_selectors, selectors, services
from apps.world.errors import LockedError, StaleObjectError
from apps.world.models import WorldObject
from apps.world.rules.objects import SNAPSHOT_EVERY, ObjectMoved, Standing, folded
from apps.world.things import TransitionDef
from tests.accounts import cast as accounts
from tests.economy.cast import give
from tests.world import cast
from tests.world.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)

MAST, COPY = "town_mast", "lastmoor.1"
BESIDE = (19, 18)


def at_the_mast(name: str, guild: str = "") -> int:
    """Return a new character beside the mast, with a guild of its own where one is named."""
    character_id = cast.character(name)
    cast.put(character_id, "lastmoor", BESIDE)
    if guild:
        give(character_id, glim=1000)
        chat.found_guild(character_id=character_id, name=guild)
    return character_id


def hoist(character_id: int, version: int | None = None) -> ObjectSeen:
    return services.interact(character_id=character_id, object_id=MAST, action="raise", version=version).seen


def seen(character_id: int) -> ObjectSeen:
    found = selectors.snapshot(COPY, character_id=character_id).objects
    return next(each for each in found if each.id == MAST)


def row() -> WorldObject:
    return WorldObject.objects.get(instance=COPY, object_id=MAST)


def test_a_banner_is_raised_in_the_name_of_a_guild_for_all_to_see() -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob")
    assert (seen(bob).state, seen(bob).guild) == ("bare", None)
    raised = hoist(alice)
    assert (raised.state, raised.version, raised.guild) == ("raised", 1, "Lamplighters")
    assert seen(bob) == raised
    looked = object_selectors.inspected(bob, MAST, "fr")
    assert looked.name == "Bannière de Lamplighters"


def test_who_has_no_guild_or_no_rank_for_it_raises_nothing() -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob")
    with pytest.raises(LockedError) as refusal:
        hoist(bob)
    assert refusal.value.message("en") == "It takes a guild, and a rank in it that may raise its banner."
    assert refusal.value.message("fr") == "Il faut une guilde, et un rang qui permette de hisser sa bannière."
    invitation = chat.invite_to_guild(character_id=alice, name="Bob").invitation
    chat.accept_guild_invitation(character_id=bob, invitation_id=invitation)
    with pytest.raises(LockedError):
        hoist(bob)
    officer = Guild.objects.get().ranks.get(position=1)
    chat.change_member_rank(character_id=alice, name="Bob", rank_id=officer.pk)
    assert hoist(bob).guild == "Lamplighters"


def test_another_guild_waits_for_an_hour(time: Clock) -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")
    hoist(alice)
    (action,) = object_selectors.inspected(bob, MAST, "en").actions
    assert action.locked == "Not again for another 60 min."
    with pytest.raises(LockedError):
        hoist(bob)
    with pytest.raises(LockedError) as refusal:
        hoist(alice)
    assert refusal.value.message("en") == claims.OURS.en
    time.go(3600)
    assert hoist(bob).guild == "Night Watch"
    assert row().version == 2


def test_a_guild_that_is_no_more_holds_nothing() -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")
    hoist(alice)
    chat.disband_guild(character_id=alice, name="Lamplighters")
    assert seen(bob).guild == "Lamplighters"
    assert hoist(bob).guild == "Night Watch"


def test_a_guild_that_is_renamed_is_seen_under_its_new_name() -> None:
    alice = at_the_mast("Alice", "Lamplighters")
    hoist(alice)
    Guild.objects.update(name="Night Watch")
    assert seen(alice).guild == "Night Watch"
    assert row().guild_name == "Lamplighters"


def test_who_has_seen_an_older_version_is_refused() -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")
    hoist(alice, 0)
    with pytest.raises(StaleObjectError):
        hoist(bob, 0)


def test_the_stream_remembers_whose_banners_flew(time: Clock) -> None:
    alice, bob = at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")
    hoist(alice)
    time.go(3600)
    hoist(bob)
    chapters = list(object_selectors.history(row().pk))
    assert [each.event.guild_name for each in chapters if isinstance(each.event, ObjectMoved)] == [
        "Lamplighters",
        "Night Watch",
    ]
    standing = folded(Standing("bare", 0), [each.event for each in chapters])
    assert standing == object_selectors.standing_of(row())
    assert object_selectors.as_of(row(), chapters[0].at).guild_name == "Lamplighters"
    assert journal.head_of(journal.Stream(StreamKind.OBJECT, row().pk)).hash == bytes(row().hash)


def test_a_snapshot_keeps_whose_banner_it_was(time: Clock) -> None:
    people = [at_the_mast("Alice", "Lamplighters"), at_the_mast("Bob", "Night Watch")]
    for n in range(SNAPSHOT_EVERY):
        hoist(people[n % 2])
        time.go(3600)
    kept = row().snapshots.get()
    assert (kept.version, kept.guild_name) == (SNAPSHOT_EVERY, "Night Watch")


def test_a_thing_that_goes_back_is_nobodys() -> None:
    alice = at_the_mast("Alice", "Lamplighters")
    hoist(alice)
    services.reset_object(actor=accounts.game_master(), row_id=row().pk, reason="an insult")
    assert (seen(alice).state, seen(alice).guild) == ("bare", None)


def test_an_entry_without_a_guild_is_written_as_ever() -> None:
    moved = ObjectMoved(object="a", definition="b", before="up", state="down", by="character", cause="pull")
    assert b"guild" not in msgspec.json.encode(moved)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"claims": True, "if": {"guild": {}}},
        {"to": "raised", "claims": True},
        {"to": "raised", "held_s": 60},
    ],
)
def test_what_claims_asks_for_a_guild_and_leads_somewhere(spoilt: dict[str, object]) -> None:
    action = {"action": "raise", "label": {"en": "a", "fr": "b"}, "from": ["bare"], **spoilt}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(action, TransitionDef)


def test_a_condition_asks_for_a_guild_in_both_languages() -> None:
    alice, bob = cast.character("Alice"), cast.character("Bob")
    give(alice, glim=1000)
    chat.found_guild(character_id=alice, name="Lamplighters")
    names = names_of(content.current())
    asked = msgspec.convert({"guild": {}}, Condition)
    assert why_not(asked, situation_of(alice, asked), names) is None
    assert why_not(asked, situation_of(bob, asked), names) == LocalText(
        en="It takes a guild.", fr="Il faut une guilde."
    )
