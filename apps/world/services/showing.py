"""Showing characters to those who share their zone copy: always after commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from msgspec.structs import replace

from aether.kernel import clock, failpoints, realtime
from aether.protocol.base import Cell
from aether.protocol.world import PlayerSeen
from apps.accounts import selectors as accounts
from apps.world import ground, positions
from apps.world.models import CharacterPlace
from apps.world.positions import Position
from apps.world.rules.walking import cut_short
from apps.world.selectors import cell_of

EVERY_COPY = ("zone:*", "chat:zone:*")


def show(*places: CharacterPlace, known: Mapping[int, Position] | None = None) -> None:
    """Let everybody in the zone copies see characters standing at their places, once this is committed.

    `known` is where they were seen last: whose looks are known need not be looked up.
    """
    known = known or {}
    strangers = [place.character_id for place in places if place.character_id not in known]
    looks = {character_id: position.seen for character_id, position in known.items()}
    looks |= {each.id: _looks(each) for each in accounts.characters(strangers).values()} if strangers else {}
    standing = [_standing(place, looks[place.character_id]) for place in places]
    transaction.on_commit(lambda: positions.place(*standing), robust=True)


def hand_over(place: CharacterPlace, *, left: Collection[str]) -> None:
    """Let a character appear at its place, and disappear at once from the copies that it has left.

    For those who look it is never in two copies, nor in none.
    """
    standing = _standing(place, _looks(accounts.character(place.character_id)))

    def show_it() -> None:
        if failpoints.is_armed:
            failpoints.reach("after_hand_over_before_shown")
        positions.place(standing, left=left)

    transaction.on_commit(show_it, robust=True)


def _looks(character: accounts.CharacterRecord) -> PlayerSeen:
    return PlayerSeen(
        id=character.id,
        name=character.name,
        class_id=character.class_id,
        level=character.level,
        cell=(0, 0),
    )


def _standing(place: CharacterPlace, looks: PlayerSeen) -> Position:
    seen = PlayerSeen(
        id=looks.id,
        name=looks.name,
        class_id=looks.class_id,
        level=looks.level,
        cell=place.cell,
        is_in_battle=place.battle is not None,
    )
    return Position(zone=place.zone, instance=place.instance, seen=seen)


def hide(character_id: int, instance: str) -> None:
    """Let a character disappear from a zone copy, once this is committed."""
    transaction.on_commit(lambda: positions.remove(character_id, instance), robust=True)


def show_level(*, character_id: int, level: int) -> None:
    """Show a character's new level to those around it."""

    def rise(seen: PlayerSeen) -> PlayerSeen:
        return replace(seen, level=level)

    transaction.on_commit(lambda: positions.change_looks(character_id, rise), robust=True)


def stop_before(instance: str, cell: Cell) -> None:
    """Let nobody walk through a cell that has just closed, on a way that was free before. After commit."""

    def stop(seen: PlayerSeen) -> PlayerSeen:
        path = cut_short(seen.path, seen.started_at, seen.step_ms, clock.now(), cell)
        return replace(seen, path=path, cell=path[-1])

    for player in positions.everybody(instance):
        if cell in player.path and stop(player) != player:
            positions.change_looks(player.id, lambda seen: stop(seen) if seen.path else seen)


def stand_still(place: CharacterPlace) -> Cell:
    """Move the checkpoint to where the character stands or is about to; return the cell."""
    return stand_at(place, positions.find(place.character_id))


def stand_at(place: CharacterPlace, position: Position | None) -> Cell:
    """Move the checkpoint to where a position says, if it is one of the same zone copy; return the cell."""
    if position is not None and position.instance == place.instance:
        place.x, place.y = cell_of(position)
    return place.cell


def follow(character_id: int, *, instance: str, before: str) -> None:
    """Let the sockets of a character follow its new zone copy instead of the old one."""
    if instance != before:
        realtime.follow_character(character_id, follow=ground.streams_of(instance), unfollow=EVERY_COPY)
