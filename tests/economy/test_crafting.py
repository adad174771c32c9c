"""A craft takes what goes in exactly when it gives what comes out, whoever asks and however often."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import count as counting

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aether.kernel import clock, content, realtime
from aether.kernel.errors import GameError
from aether.protocol.making import CraftChanged
from apps.accounts import services as accounts
from apps.accounts.rules.progress import XP_TOTAL_MAX
from apps.economy import auditing, mailbox, selectors, services
from apps.economy import making_selectors as making
from apps.economy.buckets import bag, faucet
from apps.economy.definitions import ItemDef
from apps.economy.errors import InsufficientError, SwitchedOffError
from apps.economy.making import RecipeDef
from apps.economy.making_errors import BusyCraftingError, CraftEndedError, NotAtStationError, SkillTooLowError
from apps.economy.models import BALANCE_MAX, CraftJob, DiceThrow, FeatureSwitch, Hold, ItemInstance, Letter
from apps.economy.rules.making import make
from apps.economy.services import minting, surroundings
from apps.economy.services.crafting import finish_crafts
from apps.economy.services.ledger import Move, Posting, post
from apps.economy.services.professions import learn, learn_recipe
from apps.economy.services.throwing import thrown
from tests.console.conftest import game_master
from tests.economy.cast import all_at_once, character, give, item_id, stacks
from tests.long_run import examples

pytestmark = pytest.mark.django_db

_keys = counting(1)


@pytest.fixture(autouse=True)
def _everywhere_and_lawful(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody stands next to everything; whatever happens, the ledger is sound afterwards."""
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"forge", "workbench", "loom", "still", "bank"}])
    yield
    assert auditing.audit_ledger() == []


def crafter(name: str = "Alice", **items: int) -> int:
    who = character(name)
    give(who, glim=500, **items)
    return who


def begin(who: int, recipe: str, *, count: int = 1, key: str = "", pieces: Sequence[str] = ()) -> int:
    key = key or f"k{next(_keys)}"
    return services.craft(
        character_id=who,
        recipe_id=recipe,
        count=count,
        pieces=pieces,
        idempotency_key=f"craft:{who}:{key}",
    ).id


def pass_time(who: int) -> None:
    """Let whatever is being made be due."""
    CraftJob.objects.filter(character_id=who).update(finishes_at=clock.utc_now() - timedelta(seconds=1))


def mint_into_bag(who: int, amount: int, asset: str) -> None:
    move = Move(asset=asset, amount=amount, source=faucet("test"), target=bag(who))
    with transaction.atomic():
        post(Posting(kind="test", idempotency_key=f"mint:{who}", cause="test:1", moves=(move,)))


def mailed_to(who: int) -> dict[str, int]:
    """Return how many of each item lie in somebody's letters."""
    found: dict[str, int] = {}
    for letter in Letter.objects.filter(recipient_id=who):
        attached = mailbox.attached_to(letter)
        kinds = selectors.instances_by_asset(attached)
        for asset, amount in attached.items():
            item = kinds[asset].definition if asset in kinds else asset
            found[item] = found.get(item, 0) + amount
    return found


def test_inputs_become_outputs_in_one_entry() -> None:
    alice = crafter(reed_fibre=5, iron_link=2)
    begin(alice, "r_reed_hook")
    assert (stacks(alice), selectors.glim(alice)) == ({"reed_fibre": 1}, 495)
    assert finish_crafts() == 0
    pass_time(alice)
    assert finish_crafts() == 1
    assert stacks(alice) == {"reed_fibre": 1}
    hook = ItemInstance.objects.get(pk=item_id(alice, "reed_hook"))
    assert (hook.crafted_by, hook.created_entry.kind) == (alice, "craft")
    lines = dict(hook.created_entry.lines.filter(account__owner_type="system").values_list("asset", "amount"))
    assert lines == {"reed_fibre": 4, "iron_link": 2, "glim": 5, hook.asset: -1}
    assert making.skill(alice, "tinker").xp == 30


def test_a_cancel_is_as_if_nothing_had_been_begun() -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    before = selectors.inventory(alice)
    craft = begin(alice, "r_reed_hook")
    services.cancel_craft(character_id=alice, craft_id=craft)
    assert selectors.inventory(alice) == before
    with pytest.raises(CraftEndedError):
        services.cancel_craft(character_id=alice, craft_id=craft)


def test_a_craft_uses_what_it_has_set_aside_whatever_the_recipe_has_become() -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    begin(alice, "r_reed_hook")
    pass_time(alice)
    pack = content.current()
    recipes = pack.raw("recipes")
    dearer = recipes["r_reed_hook"] | {"inputs": {"reed_fibre": 9, "iron_link": 2}, "fee": 9}
    stored = json.loads(pack.compiled)
    stored["documents"]["recipes"] = {**recipes, "r_reed_hook": dearer}
    with content.using(content.from_text(json.dumps(stored).encode())):
        assert finish_crafts() == 1
    assert item_id(alice, "reed_hook")
    assert selectors.glim(alice) == 495


def test_a_stop_stops_what_is_being_made_too_and_no_time_runs_meanwhile() -> None:
    alice, began, gwen = crafter(reed_fibre=4, iron_link=2), clock.now(), game_master()
    begin(alice, "r_reed_hook")
    services.switch_off(actor=gwen, feature=services.Feature.CRAFT, reason="a recipe pays too much")
    with clock.replaced(lambda: began + 3600):
        assert finish_crafts() == 0
        services.switch_on(actor=gwen, feature=services.Feature.CRAFT, reason="mended")
        assert finish_crafts() == 0
    with clock.replaced(lambda: began + 7200):
        assert finish_crafts() == 1


def test_one_craft_that_cannot_end_holds_up_no_other() -> None:
    alice, bob = crafter(reed_fibre=4, iron_link=2), crafter("Bob", reed_fibre=4, iron_link=2)
    begin(alice, "r_reed_hook")
    begin(bob, "r_reed_hook")
    held = Hold.objects.get(character_id=alice).contents
    Hold.objects.filter(character_id=alice).update(contents={"reed_fibre": 400})
    for each in (alice, bob):
        pass_time(each)
    assert finish_crafts() == 1
    assert item_id(bob, "reed_hook")
    Hold.objects.filter(character_id=alice).update(contents=held)
    assert finish_crafts() == 1


def test_what_is_done_cannot_be_cancelled() -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    craft = begin(alice, "r_reed_hook")
    pass_time(alice)
    with pytest.raises(CraftEndedError):
        services.cancel_craft(character_id=alice, craft_id=craft)


def test_nobody_cancels_the_craft_of_another() -> None:
    alice, bob = crafter(reed_fibre=4, iron_link=2), crafter("Bob")
    craft = begin(alice, "r_reed_hook")
    with pytest.raises(GameError) as refusal:
        services.cancel_craft(character_id=bob, craft_id=craft)
    assert refusal.value.code == "not_found"


def test_the_same_command_begins_once() -> None:
    alice = crafter(reed_fibre=8, iron_link=4)
    assert begin(alice, "r_reed_hook", key="a") == begin(alice, "r_reed_hook", key="a")
    assert stacks(alice) == {"reed_fibre": 4, "iron_link": 2}


@pytest.mark.parametrize(
    ("recipe", "items", "refusal"),
    [
        ("r_reed_hook", {"reed_fibre": 3, "iron_link": 2}, InsufficientError),
        ("r_slag_helm", {"slag_plate": 6, "kiln_coal": 2}, SkillTooLowError),
    ],
)
def test_what_cannot_be_made_takes_nothing(
    recipe: str, items: dict[str, int], refusal: type[GameError]
) -> None:
    alice = crafter(**items)
    with pytest.raises(refusal):
        begin(alice, recipe)
    assert (stacks(alice), selectors.glim(alice)) == (items, 500)


def test_a_recipe_is_made_at_its_station(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(surroundings, "_finders", [lambda _: {"loom"}])
    with pytest.raises(NotAtStationError):
        begin(crafter(reed_fibre=4, iron_link=2), "r_reed_hook")


def test_one_thing_at_a_time_and_none_while_it_is_switched_off() -> None:
    alice = crafter(reed_fibre=20, iron_link=20)
    begin(alice, "r_reed_hook")
    with pytest.raises(BusyCraftingError):
        begin(alice, "r_reed_hook")
    FeatureSwitch.objects.update_or_create(feature="craft", defaults={"is_on": False})
    with pytest.raises(SwitchedOffError):
        begin(crafter("Bob", reed_fibre=4, iron_link=2), "r_reed_hook")


def test_what_has_no_room_comes_by_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    begin(alice, "r_reed_hook")
    pass_time(alice)
    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", 0)
    told: list[object] = []
    monkeypatch.setattr(realtime, "tell_character", lambda _, update: told.append(update))
    assert finish_crafts() == 1
    hook = ItemInstance.objects.get(crafted_by=alice)
    (letter,) = Letter.objects.filter(recipient_id=alice)
    assert (letter.source, letter.cause) == (Letter.Source.OVERFLOW, "craft:r_reed_hook")
    assert mailbox.attached_to(letter) == {hook.asset: 1}
    ended = next(each for each in told if isinstance(each, CraftChanged))
    assert (ended.ended, ended.items, [(x.item, x.count) for x in ended.mailed]) == (
        "done",
        [],
        [("reed_hook", 1)],
    )
    monkeypatch.undo()
    taking = services.Taking(
        character_id=alice, letter_id=letter.pk, cod=0, asset=None, idempotency_key="take"
    )
    services.take_attachments(taking)
    assert item_id(alice, "reed_hook") == str(hook.pk)


def test_the_part_of_a_stack_that_has_no_room_comes_by_mail() -> None:
    alice = crafter(reed_fibre=3, lampfat=1, marsh_tonic=BALANCE_MAX - 1)
    begin(alice, "r_marsh_tonic")
    pass_time(alice)
    assert finish_crafts() == 1
    assert stacks(alice) == {"marsh_tonic": BALANCE_MAX}
    (letter,) = Letter.objects.filter(recipient_id=alice)
    assert mailbox.attached_to(letter)["marsh_tonic"] in (1, 2)


def test_what_a_cancel_gives_back_comes_by_mail_where_there_is_no_room_any_more() -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    craft = begin(alice, "r_reed_hook")
    mint_into_bag(alice, BALANCE_MAX - 1, "reed_fibre")
    services.cancel_craft(character_id=alice, craft_id=craft)
    (letter,) = Letter.objects.filter(recipient_id=alice)
    assert mailbox.attached_to(letter) == {"reed_fibre": 3}
    assert stacks(alice) == {"iron_link": 2, "reed_fibre": BALANCE_MAX}


def test_what_a_release_before_left_waiting_for_room_is_thrown_once_and_handed_over() -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    craft = begin(alice, "r_reed_hook")
    pass_time(alice)
    job, recipe = CraftJob.objects.get(pk=craft), content.current().get(RecipeDef, "r_reed_hook")
    with (
        transaction.atomic(),
        thrown(alice, cause="craft:r_reed_hook", entry_key=f"hold:{job.hold_id}:resolve") as dice,
    ):
        make(recipe, 1, dice)
    CraftJob.objects.update(state=CraftJob.State.READY, dice=dice.kept)
    assert finish_crafts() == 1
    assert item_id(alice, "reed_hook")
    assert DiceThrow.objects.count() == 1


@pytest.mark.parametrize("recipe", [each.id for each in content.current().all(RecipeDef).values()])
def test_every_recipe_of_the_pack_can_be_made(recipe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    definition = content.current().get(RecipeDef, recipe)
    alice = crafter(**definition.inputs)
    accounts.grant_xp(character_id=alice, amount=XP_TOTAL_MAX, cause="test")
    done = surroundings.Outlook(quests={str(definition.unlock.quest): "completed"})
    monkeypatch.setattr(surroundings, "_readers", [lambda ids: dict.fromkeys(ids, done)])
    learn(alice, definition.profession, 10**6)
    if definition.unlock.taught:
        learn_recipe(alice, recipe)
    known = content.current().all(ItemDef)
    pieces = [item_id(alice, each) for each in definition.inputs if known[each].is_unique]
    begin(alice, recipe, pieces=pieces)
    pass_time(alice)
    assert finish_crafts() == 1
    made = definition.outputs[0].item
    assert selectors.count_of(alice, made) >= definition.outputs[0].count
    is_unique = content.current().get(ItemDef, made).is_unique
    assert not stacks(alice) or (not is_unique and set(stacks(alice)) == {made})


Step = st.tuples(st.sampled_from(["begin", "cancel", "pass", "settle"]), st.integers(1, 3))


@settings(
    max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    recipe=st.sampled_from(["r_marsh_tonic", "r_reed_hook"]),
    room=st.integers(0, 4),
    steps=st.lists(Step, max_size=12),
)
def test_inputs_are_consumed_exactly_when_outputs_are_produced(
    recipe: str, room: int, steps: list[tuple[str, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """31: at every prefix, what is carried, held and mailed and what was made of it is what there was."""
    definition = content.current().get(RecipeDef, recipe)
    output, had = definition.outputs[0], {item: n * 10 for item, n in definition.inputs.items()}
    fitting = BALANCE_MAX - room
    alice = crafter(f"A{next(_keys)}", **had, marsh_tonic=fitting)
    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", room)
    craft = 0
    for step, count in steps:
        with suppress(GameError):
            match step:
                case "begin":
                    craft = begin(alice, recipe, count=count)
                case "cancel":
                    services.cancel_craft(character_id=alice, craft_id=craft)
                case "pass":
                    pass_time(alice)
                    # Something else has come into the bag meanwhile.
                    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", max(0, room - count))
                case _:
                    services.settle_crafts(character_id=alice)
                    monkeypatch.setattr(minting, "BAG_INSTANCES_MAX", room)
        jobs = CraftJob.objects.filter(character_id=alice)
        done = sum(job.count for job in jobs if job.state == CraftJob.State.DONE)
        under_way = sum(job.count for job in jobs if job.state == CraftJob.State.RUNNING)
        held, mailed = selectors.holdings(alice), mailed_to(alice)
        for item, n in definition.inputs.items():
            assert held.get(item, 0) + mailed.get(item, 0) == had[item] - n * (done + under_way)
        made = held.get(output.item, 0) + mailed.get(output.item, 0)
        made -= fitting if output.item == "marsh_tonic" else 0
        most = output.count + (output.item == "marsh_tonic")
        assert output.count * done <= made <= most * done
        assert held["glim"] == 500 - definition.fee * (done + under_way)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("tasks", [2, 8, 20])
def test_the_same_inputs_are_used_once_however_many_begin(tasks: int) -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    results = all_at_once(
        *(lambda n=n: begin(alice, "r_reed_hook", key=f"race{n}") for n in range(tasks))  # type: ignore[misc]
    )
    assert sum(isinstance(each, int) for each in results) == 1
    assert all(isinstance(each, (int, BusyCraftingError, InsufficientError)) for each in results)
    assert stacks(alice) == {}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seed", range(4))
def test_a_cancel_against_the_end_has_one_outcome(seed: int) -> None:
    alice = crafter(reed_fibre=4, iron_link=2)
    craft = begin(alice, "r_reed_hook")
    pass_time(alice)
    all_at_once(
        lambda: services.cancel_craft(character_id=alice, craft_id=craft),
        finish_crafts,
        lambda: services.settle_crafts(character_id=alice),
        finish_crafts,
    )
    made = selectors.count_of(alice, "reed_hook")
    assert (made, stacks(alice)) in [(1, {}), (0, {"reed_fibre": 4, "iron_link": 2})]


@pytest.mark.django_db(transaction=True)
def test_wearing_what_goes_into_the_bank_has_one_outcome() -> None:
    alice = crafter(reed_hook=1)
    hook = item_id(alice, "reed_hook")
    all_at_once(
        lambda: services.equip(character_id=alice, item_id=hook, idempotency_key="e"),
        lambda: services.deposit(character_id=alice, item=hook, count=1, idempotency_key="d"),
    )
    worn = selectors.equipped(alice).get("weapon") == hook
    kept = [each.id for each in making.bank_of(alice).items] == [hook]
    assert worn != kept
