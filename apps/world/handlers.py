"""Commands of the world, each to its service."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, Outcome, handles
from aether.kernel.errors import NotFoundError
from aether.protocol import copies
from aether.protocol import objects as things
from aether.protocol import world as wire
from aether.protocol.base import Done
from aether.protocol.life import Health, ReadHealth
from apps.economy import services as economy
from apps.world import ground, object_selectors, selectors, services
from apps.world.services.showing import EVERY_COPY


@handles(wire.EnterWorld)
def enter(caller: Caller, command: wire.EnterWorld) -> Outcome:
    place = services.enter(character_id=caller.character_id)
    return Outcome(reply=_told(place), follow=ground.streams_of(place.instance), unfollow=EVERY_COPY)


@handles(wire.Travel)
def travel(caller: Caller, command: wire.Travel) -> Outcome:
    place, _ = services.travel(
        character_id=caller.character_id, exit_id=command.exit, occasion=caller.command_id
    )
    return Outcome(reply=_told(place), follow=ground.streams_of(place.instance), unfollow=EVERY_COPY)


@handles(copies.ListCopies)
def list_copies(caller: Caller, command: copies.ListCopies) -> copies.Copies:
    return services.copies_seen(character_id=caller.character_id)


@handles(copies.JoinCopy)
def join_copy(caller: Caller, command: copies.JoinCopy) -> Outcome:
    place, _ = services.join_copy(character_id=caller.character_id, instance=command.instance)
    return Outcome(reply=_told(place), follow=ground.streams_of(place.instance), unfollow=EVERY_COPY)


@handles(wire.Move)
async def move(caller: Caller, command: wire.Move) -> wire.Walk:
    return await services.move(character_id=caller.character_id, path=command.path)


@handles(things.Interact)
def interact(caller: Caller, command: things.Interact) -> things.Interacted:
    done = services.interact(
        character_id=caller.character_id,
        object_id=command.object,
        action=command.action,
        version=command.version,
    )
    says = [text.in_language(caller.language) for text in done.says]
    return things.Interacted(object=done.seen, says=says, opens=done.opens)


@handles(things.Inspect)
def inspect(caller: Caller, command: things.Inspect) -> things.Inspected:
    return object_selectors.inspected(caller.character_id, command.object, caller.language)


@handles(wire.Gather)
def gather(caller: Caller, command: wire.Gather) -> wire.Gathering:
    return services.begin_gathering(character_id=caller.character_id, node_id=command.node)


@handles(wire.StopGathering)
def stop_gathering(caller: Caller, command: wire.StopGathering) -> Done:
    services.stop_gathering(character_id=caller.character_id)
    return Done()


@handles(wire.Emote)
async def emote(caller: Caller, command: wire.Emote) -> Done:
    await services.emote(character_id=caller.character_id, gesture=command.emote)
    return Done()


@handles(wire.Look)
def look(caller: Caller, command: wire.Look) -> wire.ZoneSnapshot:
    place = selectors.place_of(caller.character_id)
    return selectors.snapshot(place.instance, character_id=caller.character_id)


@handles(ReadHealth)
def read_health(caller: Caller, command: ReadHealth) -> Health:
    shown = services.health_shown(caller.character_id)
    if shown is None:
        raise NotFoundError
    return shown


def _told(place: selectors.Place) -> wire.Place:
    return wire.Place(
        zone=place.zone, instance=place.instance, stream=ground.stream_of(place.instance), cell=place.cell
    )


economy.register_meeting(selectors.are_together)
realtime.register_part("health", services.health_shown)
