"""The secret half of a battle: turns its server seed into keyed streams once all seeds are in."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from aether.kernel import rng
from aether.protocol.combat_events import Event, Joined, Readied
from aether.protocol.combat_values import ClientSeed

from .state import Battle, Header


class Dice:
    """The dice of one battle. Never part of the state: a view cannot reach what is not there."""

    def __init__(self, server_seed: bytes) -> None:
        self._server_seed = server_seed
        self._seeds: object = None
        self._streams: dict[str, rng.Stream] = {}
        self._key = b""

    @property
    def commitment(self) -> str:
        return rng.commit(self._server_seed).hex()

    def roll(self, battle: Battle, stream: str, n: int) -> rng.Roll:
        """Draw below n where a stream of the battle goes on."""
        if self._seeds is not battle.client_seeds:
            self._rekey(battle)
        found = self._streams.get(stream)
        if found is None:
            found = self._streams[stream] = rng.stream(self._key, stream)
        return found.below(n, battle.drawn_from(stream))

    def joiner_id(self, battle: Battle) -> int:
        """Draw the id of somebody who joins before all seeds are in, as those of who begins are drawn."""
        ids = [combatant.id for combatant in battle.combatants]
        return _fresh_ids(battle.header, self._server_seed, "joined", taken=ids, count=1)[0]

    def _rekey(self, battle: Battle) -> None:
        """Derive the key again: until the last human is ready, each client seed changes it."""
        self._seeds, self._streams = battle.client_seeds, {}
        self._key = key_of(battle, self._server_seed)


def key_of(battle: Battle, server_seed: bytes) -> bytes:
    """Return the battle's key; humans who sent no seed count with an empty one."""
    seeds = {each.character_id: bytes.fromhex(each.seed) for each in seeds_of(battle)}
    return _key(battle.header, server_seed, seeds)


def seeds_of(battle: Battle) -> tuple[ClientSeed, ...]:
    """Return the seed of every human by character, empty for who sent none."""
    humans = (build.character_id for build in battle.builds if build.character_id is not None)
    seeds = dict.fromkeys(sorted(humans), "") | {each.character_id: each.seed for each in battle.client_seeds}
    return tuple(ClientSeed(character_id, seed) for character_id, seed in seeds.items())


def seeds_logged(header: Header, events: Iterable[Event]) -> tuple[ClientSeed, ...]:
    """Return the same from the log of a battle, for which nobody has to know its content any more."""
    characters = {build.id: build.character_id for build in header.builds if build.character_id is not None}
    seeds = dict.fromkeys(characters.values(), "")
    for event in events:
        if isinstance(event, Joined) and event.combatant.character_id is not None:
            characters[event.combatant.id] = event.combatant.character_id
            seeds.setdefault(event.combatant.character_id, "")
        elif isinstance(event, Readied) and event.who in characters:
            seeds[characters[event.who]] = event.seed
    return tuple(ClientSeed(character_id, seeds[character_id]) for character_id in sorted(seeds))


def combatant_ids(header: Header, server_seed: bytes) -> tuple[int, ...]:
    """Draw the ids of those who start the battle.

    They exist before any client seed does, so they come from the key without client seeds: an id
    has to be unguessable, not fair.
    """
    return _fresh_ids(header, server_seed, "ids", taken=(), count=len(header.builds))


def joiner_ids(header: Header, server_seed: bytes, count: int) -> tuple[int, ...]:
    """Draw the ids of those who join before the fight, in their order."""
    taken = [build.id for build in header.builds]
    return _fresh_ids(header, server_seed, "joined", taken=taken, count=count)


def _fresh_ids(
    header: Header, server_seed: bytes, name: str, *, taken: Collection[int], count: int
) -> tuple[int, ...]:
    stream = rng.stream(_key(header, server_seed, {}), name)
    ids: list[int] = []
    index = 0
    while len(ids) < count:
        roll = stream.below(rng.WORD_RANGE, index)
        index = roll.next_index
        if roll.value not in (0, *taken, *ids):
            ids.append(roll.value)
    return tuple(ids)


def _key(header: Header, server_seed: bytes, seeds: dict[int, bytes]) -> bytes:
    return rng.battle_key(
        server_seed,
        battle_id=header.battle_id,
        content_hash=bytes.fromhex(header.content_hash),
        client_seeds=seeds,
    )
