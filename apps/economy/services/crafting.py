"""Crafting: what goes in is held while the work takes its time, and becomes what comes of it in one entry.

What is made always arrives: what the bag has no room for comes by mail. Whoever holds the lock of the
character decides between the end and a cancel: the hold is resolved once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction
from django.db.models import F

from aether.kernel import audit, clock, content, facts, realtime
from aether.kernel.errors import NotFoundError
from aether.kernel.facts.types import ItemCrafted, ItemGained
from aether.kernel.transactions import transactional
from aether.protocol.making import CraftChanged, Crafting, CraftSeen
from apps.accounts import selectors as accounts
from apps.economy import making_selectors as making
from apps.economy import selectors
from apps.economy.buckets import escrow, faucet, sink
from apps.economy.definitions import CURRENCY, ItemDef
from apps.economy.errors import (
    CapacityError,
    HoldResolvedError,
    ItemRetiredError,
    LevelTooLowError,
    WrongClassError,
)
from apps.economy.making import RecipeDef, StationDef
from apps.economy.making_errors import BusyCraftingError, CraftEndedError, MissingToolError, RecipeLockedError
from apps.economy.models import CraftJob, Hold, ItemInstance
from apps.economy.rules.dice import Dice
from apps.economy.rules.making import make
from apps.economy.services.due import each_alone
from apps.economy.services.freezing import require_free
from apps.economy.services.holds import HoldTerms, place_hold, post_hold, void_hold
from apps.economy.services.ingredients import are_bound, ingredients
from apps.economy.services.ledger import Move, lock_holder
from apps.economy.services.letters import deliveries
from apps.economy.services.minting import make_instances, room_in_bag, save_instances
from apps.economy.services.professions import learn, require_skill, require_taught
from apps.economy.services.surroundings import outlooks, require_peace, require_station
from apps.economy.services.switches import Feature, is_on, require_on, when_reopened
from apps.economy.services.telling import tell_change
from apps.economy.services.throwing import thrown

PURPOSE = "craft"
KEPT_FOR = timedelta(days=30)
"""What is held for a craft that nobody ever finished comes back after so long."""
SWEPT_AT_ONCE = 100

State = CraftJob.State


@dataclass(slots=True)
class _Made:
    """What has come of a craft."""

    stacks: dict[str, int] = field(default_factory=dict)
    instances: list[ItemInstance] = field(default_factory=list)

    @property
    def contents(self) -> dict[str, int]:
        """How much of each asset was made."""
        return self.stacks | {each.asset: 1 for each in self.instances}

    def by_item(self, contents: Mapping[str, int]) -> dict[str, int]:
        """Return how many of each item some of the contents are."""
        kinds = {each.asset: each.definition for each in self.instances}
        found: dict[str, int] = {}
        for asset, amount in contents.items():
            item = kinds.get(asset, asset)
            found[item] = found.get(item, 0) + amount
        return found


@dataclass(frozen=True, slots=True)
class _Arrived:
    """What has come of a craft into the bag, and how much of each item into the mail."""

    stacks: Mapping[str, int] = field(default_factory=dict)
    mailed: Mapping[str, int] = field(default_factory=dict)
    instances: Sequence[ItemInstance] = ()


@transactional
def craft(
    *, character_id: int, recipe_id: str, count: int, idempotency_key: str, pieces: Collection[str] = ()
) -> CraftSeen:
    """Begin to make something, so many times; the same key begins once.

    `pieces` are the ids of the instances that go into it, where it is made of equipment.
    """
    lock_holder(character_id)
    earlier = CraftJob.objects.filter(idempotency_key=idempotency_key).first()
    if earlier is not None:
        return making.craft_seen(earlier)
    require_on(Feature.CRAFT)
    # What was made of something cannot be taken back as it was.
    require_free(character_id)
    recipe = content.current().get(RecipeDef, recipe_id)
    require_peace(character_id)
    _finish_if_due(character_id)
    if CraftJob.objects.filter(character_id=character_id, state__in=making.UNDER_WAY).exists():
        raise BusyCraftingError
    _require_able(character_id, recipe)
    contents = ingredients(character_id, recipe, count, pieces)
    _require_room(character_id, recipe, count, len(pieces))
    now = clock.utc_now()
    finishes_at = now + timedelta(seconds=recipe.time_s * count)
    hold_id = place_hold(
        HoldTerms(
            character_id=character_id,
            purpose=PURPOSE,
            cause=f"craft:{recipe.id}",
            contents=contents,
            idempotency_key=f"craft:{idempotency_key}",
            expires_at=finishes_at + KEPT_FOR,
        )
    )
    job = CraftJob.objects.create(
        character_id=character_id,
        recipe=recipe.id,
        count=count,
        hold_id=hold_id,
        idempotency_key=idempotency_key,
        started_at=now,
        finishes_at=finishes_at,
    )
    seen = making.craft_seen(job)
    realtime.tell_character(character_id, CraftChanged(craft=seen, recipe=recipe.id))
    return seen


@transactional
def cancel_craft(*, character_id: int, craft_id: int) -> Crafting:
    """Stop a craft: everything that was set aside comes back. What is done stays done."""
    lock_holder(character_id)
    job = CraftJob.objects.filter(pk=craft_id, character_id=character_id).first()
    if job is None:
        raise NotFoundError
    if job.state == State.RUNNING:
        _finish_if_due(character_id)
        job.refresh_from_db()
    if job.state != State.RUNNING:
        raise CraftEndedError
    void_hold(job.hold_id)
    _end(job, State.CANCELLED, "cancelled")
    return making.crafting(character_id)


@transactional
def cancel_craft_as_staff(*, actor: AbstractBaseUser, craft_id: int, reason: str) -> None:
    """Take a craft back that is under way (staff)."""
    job = CraftJob.objects.filter(pk=craft_id).first()
    if job is None:
        raise NotFoundError
    lock_holder(job.character_id)
    job.refresh_from_db()
    if job.state not in making.UNDER_WAY:
        raise CraftEndedError
    audit.record(actor, "cancel_craft", f"craft:{job.pk}", reason, {"character": job.character_id})
    void_hold(job.hold_id)
    _end(job, State.CANCELLED, "cancelled")


@transactional
def settle_crafts(*, character_id: int) -> Crafting:
    """Finish what is due, and return what a character has learnt and is making."""
    lock_holder(character_id)
    _finish_if_due(character_id)
    return making.crafting(character_id)


def finish_crafts() -> int:
    """Finish the crafts whose time is over; return how many that were."""
    due = CraftJob.objects.filter(state__in=making.UNDER_WAY, finishes_at__lte=clock.utc_now())
    owners = list(due.order_by("finishes_at").values_list("character_id", flat=True)[:SWEPT_AT_ONCE])
    return each_alone(_finish_of, owners, what="craft")


@when_reopened(Feature.CRAFT)
def _keep_crafts_longer(stopped_for: timedelta) -> None:
    jobs = CraftJob.objects.filter(state__in=making.UNDER_WAY)
    Hold.objects.filter(pk__in=jobs.values("hold_id")).update(expires_at=F("expires_at") + stopped_for)
    jobs.update(finishes_at=F("finishes_at") + stopped_for)


@transaction.atomic
def _finish_of(character_id: int) -> bool:
    lock_holder(character_id)
    return _finish_if_due(character_id)


def _finish_if_due(character_id: int) -> bool:
    """Finish a character's craft if its time is over. Call while holding the character's lock."""
    if not is_on(Feature.CRAFT):
        return False
    due = CraftJob.objects.filter(
        character_id=character_id, state__in=making.UNDER_WAY, finishes_at__lte=clock.utc_now()
    )
    job = due.first()
    if job is None:
        return False
    recipe = content.current().all(RecipeDef).get(job.recipe)
    try:
        if recipe is None or not _is_still_made(recipe):
            void_hold(job.hold_id)
            _end(job, State.CANCELLED, "cancelled")
        else:
            _finish(job, recipe)
    except HoldResolvedError:
        _end(job, State.CANCELLED, "cancelled")
    return True


def _finish(job: CraftJob, recipe: RecipeDef) -> None:
    """Turn what is held into what comes of it."""
    owner, skill = job.character_id, making.skill(job.character_id, recipe.profession)
    contents = Hold.objects.values_list("contents", flat=True).get(pk=job.hold_id)
    made, cause = _thrown(job, recipe, skill.level, contents), f"craft:{recipe.id}"
    delivery = deliveries({owner: made.contents}, cause=cause)
    gained = delivery.bring(owner, made.contents, faucet(PURPOSE))
    entry_id = post_hold(job.hold_id, [*_used(job, contents), *gained], kind=PURPOSE)
    save_instances((each, entry_id) for each in made.instances)
    delivery.finish()
    tell_change(owner, cause, gained)
    learn(owner, recipe.profession, recipe.xp * job.count)
    for item, count in sorted(made.by_item(made.contents).items()):
        facts.publish(ItemGained(character=owner, item=item, count=count, source=PURPOSE))
        facts.publish(ItemCrafted(character=owner, item=item, count=count, recipe=recipe.id))
    _end(job, State.DONE, "done", _arrived(made, gained))


def _used(job: CraftJob, contents: Mapping[str, int]) -> list[Move]:
    """Return what uses up what was set aside, whatever the recipe has come to ask since."""
    held = escrow(job.character_id, PURPOSE, job.hold_id)
    return [
        Move(asset=asset, amount=amount, source=held, target=sink("fee" if asset == CURRENCY else PURPOSE))
        for asset, amount in sorted(contents.items())
    ]


def _arrived(made: _Made, gained: Iterable[Move]) -> _Arrived:
    carried: dict[str, int] = {}
    mailed: dict[str, int] = {}
    for move in gained:
        (mailed if move.target.name.startswith("mail:") else carried)[move.asset] = move.amount
    return _Arrived(
        stacks={asset: amount for asset, amount in carried.items() if asset in made.stacks},
        mailed=made.by_item(mailed),
        instances=sorted((x for x in made.instances if x.asset in carried), key=lambda each: each.asset),
    )


def _thrown(job: CraftJob, recipe: RecipeDef, skill_level: int, contents: Mapping[str, int]) -> _Made:
    """Throw what comes of a craft; one that a release before left waiting comes to what it did then."""
    key = f"hold:{job.hold_id}:resolve"
    with thrown(job.character_id, cause=f"craft:{recipe.id}", entry_key=key, earlier=job.dice) as dice:
        made = _results(job, recipe, skill_level, dice)
    if are_bound(contents):
        for each in made.instances:
            each.bound_to = job.character_id
    job.dice = dice.kept
    return made


def _results(job: CraftJob, recipe: RecipeDef, skill_level: int, dice: Dice) -> _Made:
    definitions, made = content.current().all(ItemDef), _Made()
    for _ in range(job.count):
        output, is_fine = make(recipe, skill_level, dice)
        definition = definitions[output.item]
        if definition.is_unique:
            made.instances += make_instances(
                job.character_id, [definition] * output.count, dice, is_crafted=True, is_fine=is_fine
            )
        else:
            made.stacks[output.item] = made.stacks.get(output.item, 0) + output.count + is_fine
    return made


def _is_still_made(recipe: RecipeDef) -> bool:
    known = content.current().all(ItemDef)
    return all(each.item in known for each in recipe.outputs)


def _end(
    job: CraftJob, state: State, ended: Literal["done", "cancelled"], arrived: _Arrived | None = None
) -> None:
    job.state, job.ended_at, arrived = state, clock.utc_now(), arrived or _Arrived()
    job.save(update_fields=["state", "ended_at", "dice"])
    update = CraftChanged(
        craft=None,
        ended=ended,
        recipe=job.recipe,
        stacks=selectors.stacks(arrived.stacks),
        items=[selectors.unique_item(each, "bag") for each in arrived.instances],
        mailed=selectors.stacks(arrived.mailed),
    )
    realtime.tell_character(job.character_id, update)


def _require_able(character_id: int, recipe: RecipeDef) -> None:
    """Refuse who does not know the recipe, lacks the skill or the tools, or is not where it is made."""
    require_skill(character_id, recipe.profession, recipe.level)
    character, wanted = accounts.character(character_id), recipe.unlock
    if character.level < wanted.level:
        raise LevelTooLowError(level=wanted.level)
    if wanted.class_ is not None and character.class_id != wanted.class_:
        raise WrongClassError(classes=[wanted.class_])
    if wanted.quest is not None and outlooks([character_id])[character_id].quests.get(wanted.quest) != (
        "completed"
    ):
        raise RecipeLockedError(recipe=recipe.id)
    if wanted.taught:
        require_taught(character_id, recipe.id)
    for tool in recipe.tools:
        if not selectors.count_of(character_id, tool):
            raise MissingToolError(item=tool)
    if recipe.station is not None:
        require_station(character_id, content.current().get(StationDef, recipe.station))


def _require_room(character_id: int, recipe: RecipeDef, count: int, leaving: int) -> None:
    """Refuse what would surely be too many for the bag, after so many have left it."""
    known = content.current().all(ItemDef)
    most = 0
    for each in recipe.outputs:
        if each.item not in known:
            raise ItemRetiredError(item=each.item)
        if known[each.item].is_unique:
            most = max(most, each.count * count)
    if most > leaving + room_in_bag(character_id):
        raise CapacityError(asset=recipe.outputs[0].item)
