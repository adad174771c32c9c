"""Commands of the world, each to its service."""

from __future__ import annotations

from aether.kernel import realtime
from aether.kernel.dispatch import Caller, Outcome, handles
from aether.kernel.errors import NotFoundError
from aether.protocol import world as wire
from aether.protocol.base import Done
from aether.protocol.life import Health, ReadHealth
from apps.economy import services as economy
from apps.world import ground, selectors, services
from apps.world.services.showing import streams_of


@handles(wire.EnterWorld)
def enter(caller: Caller, command: wire.EnterWorld) -> Outcome:
    place = services.enter(character_id=caller.character_id)
    elsewhere = [ground.instance_of(zone) for zone in ground.zones() if zone != place.zone]
    left = tuple(stream for instance in elsewhere for stream in streams_of(instance))
    return Outcome(reply=_told(place), follow=streams_of(place.instance), unfollow=left)


@handles(wire.Travel)
def travel(caller: Caller, command: wire.Travel) -> Outcome:
    place, before = services.travel(character_id=caller.character_id, exit_id=command.exit)
    return Outcome(reply=_told(place), follow=streams_of(place.instance), unfollow=streams_of(before))


@handles(wire.Move)
async def move(caller: Caller, command: wire.Move) -> wire.Walk:
    return await services.move(character_id=caller.character_id, path=command.path)


@handles(wire.Interact)
def interact(caller: Caller, command: wire.Interact) -> wire.Interacted:
    seen = services.interact(character_id=caller.character_id, object_id=command.object)
    return wire.Interacted(object=seen)


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
