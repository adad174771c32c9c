"""What staff give back to one character: it pays once more, its past says so, who stands there sees it."""

from __future__ import annotations

import pytest
from asgiref.sync import sync_to_async
from django.test import Client

from aether.kernel.audit import SecondPersonError
from aether.kernel.errors import GameError
from aether.kernel.journal import StreamKind
from aether.kernel.journal.verifying import Survey
from aether.kernel.models import JournalLine
from apps.economy import selectors as economy
from apps.world import ground, services, taking_selectors
from apps.world.errors import AlreadyUsedError, LockedError, NothingHadError
from apps.world.models import Cooldown, ObjectTaking
from tests import cast as people
from tests.console.conftest import game_master
from tests.serving import Served
from tests.world import cast
from tests.world.conftest import Clock
from tests.world.test_locks_of_company import standing
from tests.world.test_takings import CHEST, at_the_stone, console, history, read
from tests.world.test_thing_effects import STONE, beside, use

__all__ = ["console"]

pytestmark = pytest.mark.django_db(transaction=True)


def acts(action: str) -> list[dict[str, object]]:
    lines = JournalLine.objects.filter(kind=StreamKind.AUDIT, payload__action=action)
    return [line.payload for line in lines]


def worth(character_id: int) -> int:
    """Return what a character owns, in glim and pieces."""
    return sum(economy.holdings(character_id).values())


def test_a_chest_that_is_given_back_pays_once_more_and_only_once(time: Clock) -> None:
    alice, bob = beside(CHEST, cast.MOOR), beside(CHEST, cast.MOOR, "Bob")
    use(bob, CHEST)
    use(alice, CHEST)
    before = worth(alice)
    services.give_again(
        actor=game_master("gwin"), taking_id=ObjectTaking.objects.get(character_id=alice).pk, reason="a fault"
    )
    time.go(1)
    use(alice, CHEST)
    assert worth(alice) > before
    for who in (alice, bob):
        with pytest.raises(AlreadyUsedError):
            use(who, CHEST)
    assert [(who, action) for who, action, *_ in history(cast.MOOR, CHEST)][:3] == [
        (alice, "open"),
        (alice, "give_again"),
        (alice, "open"),
    ]
    assert acts("give_again")[0]["reason"] == "a fault"
    assert list(Survey().flaws()) == []


def test_the_same_person_gives_the_same_thing_back_only_once(time: Clock) -> None:
    alice = beside(CHEST, cast.MOOR)
    use(alice, CHEST)
    row, gwin = ObjectTaking.objects.get(), game_master("gwin")
    services.give_again(actor=gwin, taking_id=row.pk, reason="a fault")
    time.go(1)
    use(alice, CHEST)
    with pytest.raises(SecondPersonError):
        services.give_again(actor=gwin, taking_id=row.pk, reason="once more")
    services.give_again(actor=game_master("odo"), taking_id=row.pk, reason="the same fault")
    use(alice, CHEST)
    assert len(acts("give_again")) == 2


def test_a_blessing_may_be_had_at_once_after_the_wait_was_ended(time: Clock) -> None:
    alice = at_the_stone()
    use(alice, STONE, "bless")
    with pytest.raises(LockedError):
        use(alice, STONE, "bless")
    tonics = economy.count_of(alice, "marsh_tonic")
    services.end_wait(
        actor=game_master("gwin"), cooldown_id=Cooldown.objects.get().pk, reason="lost to a crash"
    )
    use(alice, STONE, "bless")
    assert economy.count_of(alice, "marsh_tonic") == tonics + 1
    assert Cooldown.objects.get().times == 2
    assert [action for _, action, *_ in history(cast.MOOR, STONE)] == ["bless", "give_again", "bless"]
    assert acts("end_wait")


def test_a_thing_is_given_back_with_its_wait() -> None:
    alice = at_the_stone()
    use(alice, STONE, "bless")
    services.give_again(actor=game_master("gwin"), taking_id=ObjectTaking.objects.get().pk, reason="a fault")
    use(alice, STONE, "bless")
    assert Cooldown.objects.get().times == 2


def test_nothing_is_given_back_that_can_be_had_and_nothing_without_a_reason() -> None:
    alice = beside(CHEST, cast.MOOR)
    use(alice, CHEST)
    row, boss = ObjectTaking.objects.get(), game_master("gwin")
    with pytest.raises(GameError):
        services.give_again(actor=boss, taking_id=row.pk, reason=" ")
    services.give_again(actor=boss, taking_id=row.pk, reason="a fault")
    with pytest.raises(NothingHadError):
        services.give_again(actor=boss, taking_id=row.pk, reason="a fault")
    assert len(acts("give_again")) == 1


def test_the_console_gives_back_and_says_who_did(console: Client) -> None:
    alice = beside(CHEST, cast.MOOR)
    use(alice, CHEST)
    row = ObjectTaking.objects.get()
    room = f"/gm/world/objecttaking/{row.pk}"
    assert "Give it back" in read(console, f"{room}/change/")
    assert "Le rendre" in read(console, f"{room}/change/", "fr")
    console.post(f"{room}/again/", {"reason": "the chest was empty"})
    assert "given back by gwen: the chest was empty" in read(console, f"{room}/change/")
    assert "rendu par gwen" in read(console, f"{room}/change/", "fr")
    use(alice, CHEST)
    taken = taking_selectors.history([row], most=1)[0]
    assert taken.event.action == "open"
    stone = at_the_stone("Bob")
    use(stone, STONE, "bless")
    wait = Cooldown.objects.get()
    console.post(f"/gm/world/cooldown/{wait.pk}/end/", {"reason": "a crash"})
    use(stone, STONE, "bless")


async def test_who_stands_before_the_chest_sees_it_closed_again(server: Served) -> None:
    alice = await people.alice()
    async with standing(server, alice, cast.MOOR, await sync_to_async(_beside_the_chest)()) as wire:
        assert "ok" in await wire.call("world.interact", {"object": CHEST})
        assert (await wire.update("world.object_changed"))["d"]["object"]["state"] == "open"
        row = await ObjectTaking.objects.aget()
        boss = await sync_to_async(game_master)("gwin")
        await sync_to_async(services.give_again)(actor=boss, taking_id=row.pk, reason="a fault")
        assert (await wire.update("world.object_changed"))["d"]["object"]["state"] == "closed"
        assert "ok" in await wire.call("world.interact", {"object": CHEST})


def _beside_the_chest() -> tuple[int, int]:
    x, y = ground.thing_of(cast.MOOR, CHEST).cell
    return x, y + 1
