"""What the economy asks of those further up: where somebody stands, whom it hears, how its quests stand."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from aether.kernel.facts.types import BattleEnded
from apps.economy.making import StationDef
from apps.economy.making_errors import NotAtStationError

StationFinder = Callable[[int], set[str]]
"""Returns the stations and tags next to which a character stands; none during a battle."""

PeaceCheck = Callable[[int], None]
"""Refuses while the character is in a battle."""

EffectOfUse = Callable[[int], None]
"""Does what a consumable does to its user, or refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """How quests stand for a character: the state of each, and the items that open objectives ask for."""

    quests: Mapping[str, str] = field(default_factory=dict)
    wanted: frozenset[str] = frozenset()


LootLock = Callable[[BattleEnded, Sequence[int]], Mapping[str, Collection[int]]]
"""Returns the loot tables of a battle that not every winner may have, with those who may, and notes it."""

OutlookReader = Callable[[Iterable[int]], Mapping[int, Outlook]]

ReopeningReader = Callable[[Mapping[int, Collection[str]]], Mapping[tuple[int, str], str | None]]
"""Returns for completed quests of characters what keeps them so, None where they could be done again."""

Healer = Callable[[int, int], None]
"""Gives a character so many hit points back, or refuses."""

Listening = Callable[[int, int], bool]
"""Tells if a character hears another."""

_finders: list[StationFinder] = []
_peace_checks: list[PeaceCheck] = []
_readers: list[OutlookReader] = []
_reopenings: list[ReopeningReader] = []
_loot_locks: list[LootLock] = []
_effects: dict[str, EffectOfUse] = {}
_healers: list[Healer] = []
_listening: list[Listening] = []


def register_stations(finder: StationFinder) -> None:
    """Have somebody further up say next to which stations characters stand."""
    if finder not in _finders:
        _finders.append(finder)


def register_peace(check: PeaceCheck) -> None:
    """Have somebody further up refuse what is not done during a battle."""
    if check not in _peace_checks:
        _peace_checks.append(check)


def register_outlook(reader: OutlookReader) -> None:
    """Have somebody further up say how quests stand."""
    if reader not in _readers:
        _readers.append(reader)


def register_reopening(reader: ReopeningReader) -> None:
    """Have somebody further up say which quests could be done again without their rewards."""
    if reader not in _reopenings:
        _reopenings.append(reader)


def register_loot_lock(claim: LootLock) -> None:
    """Have somebody further up say which winners may have what."""
    if claim not in _loot_locks:
        _loot_locks.append(claim)


def register_effect(name: str, effect: EffectOfUse) -> None:
    """Have somebody further up do what a consumable does."""
    _effects[name] = effect


def register_healer(healer: Healer) -> None:
    """Have somebody further up give hit points back."""
    if healer not in _healers:
        _healers.append(healer)


def register_listening(hears: Listening) -> None:
    """Have somebody further up say who hears whom."""
    if hears not in _listening:
        _listening.append(hears)


def require_station(character_id: int, station: StationDef) -> None:
    """Refuse who does not stand next to a station."""
    near = set().union(*(finder(character_id) for finder in _finders))
    if station.id not in near and (station.tag is None or station.tag not in near):
        raise NotAtStationError(station=station.id)


def stations_near(character_id: int) -> set[str]:
    """Return the stations and tags next to which a character stands."""
    return set().union(*(finder(character_id) for finder in _finders))


def require_peace(character_id: int) -> None:
    """Refuse who is in a battle."""
    for check in _peace_checks:
        check(character_id)


def outlooks(character_ids: Iterable[int]) -> dict[int, Outlook]:
    """Return how quests stand for some characters."""
    wanted = list(character_ids)
    found = {each: Outlook() for each in wanted}
    for reader in _readers:
        found |= reader(wanted)
    return found


def reopened_quests(asked: Mapping[int, Collection[str]]) -> dict[tuple[int, str], str | None]:
    """Return for completed quests what would keep them so if their rewards were undone."""
    return {key: keeper for reader in _reopenings for key, keeper in reader(asked).items()}


def locked_loot(ended: BattleEnded, winners: Sequence[int]) -> dict[str, Collection[int]]:
    """Return the tables that not every winner may have, with those who may. Call inside a transaction."""
    return {table: who for claim in _loot_locks for table, who in claim(ended, winners).items()}


def effect_of(name: str) -> EffectOfUse:
    """Return what a consumable does by name."""
    return _effects[name]


def heal(character_id: int, hit_points: int) -> None:
    """Give a character hit points back, or refuse."""
    for healer in _healers:
        healer(character_id, hit_points)


def hears(character_id: int, other_id: int) -> bool:
    """Tell if a character hears another."""
    return all(each(character_id, other_id) for each in _listening)
