"""The stream `me`: numbered per character and kept in Redis; what Redis has lost comes as a snapshot.

The number and the list of kept updates move together, in one script. A counter that is not there
begins at the present milliseconds, so that numbers grow even when Redis was wiped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import msgspec
from redis.exceptions import RedisError

from aether.kernel import clock, content
from aether.kernel.database_threads import in_database_thread
from aether.kernel.errors import NotFoundError
from aether.kernel.ids import CharacterId
from aether.kernel.live.connections import aredis, redis
from aether.kernel.realtime.sources import UNKNOWN
from aether.kernel.together import Together
from aether.protocol.base import Update, Wire, update_types
from aether.protocol.codec import Encoded
from aether.protocol.economy import InventoryChanged
from aether.protocol.gateway import InventorySince, KeptInventory, MeParts, MeSnapshot

KEPT = 10_000
KEPT_S = 86_400
PAGE = 200
CHANGES_MAX = 100
"""With more changes than these, the whole is shorter."""

_APPEND = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], ARGV[2])
  redis.call('DEL', KEYS[2])
end
local n = redis.call('INCR', KEYS[1])
redis.call('RPUSH', KEYS[2], ARGV[1])
redis.call('LTRIM', KEYS[2], -tonumber(ARGV[3]), -1)
redis.call('EXPIRE', KEYS[1], ARGV[4])
redis.call('EXPIRE', KEYS[2], ARGV[4])
return n
"""
_HEAD = """
if redis.call('EXISTS', KEYS[1]) == 0 then
  redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
  redis.call('DEL', KEYS[2])
end
return {redis.call('GET', KEYS[1]), redis.call('LLEN', KEYS[2])}
"""

Changes = list[InventoryChanged]
Part = Callable[[CharacterId], Wire | None]
_parts: dict[str, Part] = {}


def register_part(name: str, part: Part) -> None:
    """Let `part(character_id)` answer, in a database thread, for a part of the snapshot of `me`."""
    if name not in MeParts.__struct_fields__:
        raise ValueError(f"the snapshot of `me` has no part {name}")
    _parts[name] = part


def number_all(told: Sequence[tuple[int, Encoded]]) -> list[int]:
    """Keep several updates in one trip, and return their numbers. Call from a thread."""
    with redis().pipeline(transaction=False) as trip:
        for character_id, encoded in told:
            trip.eval(_APPEND, 2, *_keys(character_id), *_append_arguments(encoded))
        return [int(n) for n in trip.execute()]


async def number_now(character_id: int, encoded: Encoded) -> int:
    """Keep an update and return its number."""
    answer = aredis().eval(_APPEND, 2, *_keys(character_id), *_append_arguments(encoded))
    return int(await cast(Any, answer))


def read_part(name: str, character_id: CharacterId) -> Wire | None:
    """Return one part of the snapshot of `me`. Call from a database thread."""
    part = _parts.get(name)
    return None if part is None else part(character_id)


def read_parts(character_id: CharacterId) -> MeParts:
    """Return everything that `me` tells. Call from a database thread."""
    return MeParts(**{name: cast(Any, part(character_id)) for name, part in _parts.items()})


async def shortened(
    character_id: CharacterId, n: int, snapshot: MeSnapshot, kept: KeptInventory
) -> MeSnapshot:
    """Return the snapshot of `me` at `n` for who has kept the inventory: whole if that is too old."""
    inventory = snapshot.parts.inventory
    try:
        changes = await _inventory_changes(character_id, kept, n)
    except (RedisError, OSError):
        changes = None
    if inventory is None or changes is None:
        return snapshot
    since = InventorySince(
        changes=changes,
        glim=inventory.glim,
        pieces=sum(stack.count for stack in inventory.stacks),
        items=len(inventory.items),
        carries_most=inventory.carries_most,
        prepared=inventory.prepared,
    )
    return MeSnapshot(parts=msgspec.structs.replace(snapshot.parts, inventory=None, inventory_since=since))


async def _inventory_changes(character_id: CharacterId, kept: KeptInventory, upto: int) -> Changes | None:
    if kept.seen > upto or kept.content != content.current().hash:
        return None
    source, stream, seen = PersonalSource(), f"me:{character_id}", kept.seen
    changes: Changes = []
    while seen < upto:
        page = await source.since(stream, "", seen)
        if not page:
            return None
        seen = page[-1][1]
        changes += [update for n, _, update in page if n <= upto and isinstance(update, InventoryChanged)]
        if len(changes) > CHANGES_MAX:
            return None
    return changes


class PersonalSource:
    """Answers for `me:<character>`, which only that character follows."""

    async def audience(self, character_id: CharacterId, stream: str) -> str:
        if stream != f"me:{character_id}":
            raise NotFoundError
        return ""

    async def head(self, stream: str, audience: str) -> int:
        # Every heartbeat asks: a script would cost several times what reading one key does.
        head = await _heads_together(_keys(_character_of(stream))[0])
        return int(head) if head is not None else (await self._kept(stream))[0]

    async def snapshot(self, stream: str, audience: str, character_id: CharacterId) -> tuple[int, Update]:
        try:
            head, _ = await self._kept(stream)
        except (RedisError, OSError):
            head = UNKNOWN
        return head, MeSnapshot(parts=await in_database_thread(read_parts, character_id))

    async def since(self, stream: str, audience: str, n: int) -> list[tuple[int, int, Update]] | None:
        head, kept = await self._kept(stream)
        if n > head or n < head - kept:
            return None
        at = kept - (head - n)
        rows = await cast(Any, aredis().lrange(_keys(_character_of(stream))[1], at, at + PAGE - 1))
        try:
            return [(n + i, n + i, _decode(row)) for i, row in enumerate(rows, start=1)]
        except (KeyError, msgspec.MsgspecError):
            # Kept by a process of another version, during an upgrade: the client gets a snapshot.
            return None

    async def _kept(self, stream: str) -> tuple[int, int]:
        arguments = [_first_number(), KEPT_S]
        answer = aredis().eval(_HEAD, 2, *_keys(_character_of(stream)), *arguments)
        head, kept = await cast(Any, answer)
        return int(head), int(kept)


async def _heads(keys: Sequence[str]) -> list[bytes | None]:
    return cast("list[bytes | None]", await aredis().mget(keys))


_heads_together = Together(_heads)


def _decode(row: bytes) -> Update:
    type_name, _, body = row.partition(b" ")
    return msgspec.json.decode(body, type=update_types()[type_name.decode()])


def _append_arguments(encoded: Encoded) -> list[Any]:
    row = encoded.type_name.encode() + b" " + encoded.body("json")
    return [row, _first_number(), KEPT, KEPT_S]


def _first_number() -> int:
    return int(clock.now() * 1000)


def _keys(character_id: int) -> tuple[str, str]:
    return f"me:{{{character_id}}}:head", f"me:{{{character_id}}}:kept"


def _character_of(stream: str) -> int:
    return int(stream.split(":", 1)[1])
