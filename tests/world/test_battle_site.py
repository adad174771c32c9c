"""The ground of a battle is a copy of the zone, and its snapshot says of which piece."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async

from aether.kernel import journal, live
from aether.kernel.ids import CharacterId
from aether.protocol.combat import BattleSnapshot
from apps.combat import running
from apps.combat.engine.board import is_walkable
from apps.combat.services import engage
from apps.combat.streaming import BattleSource
from apps.world import ground
from apps.world.rules.battleground import battleground
from tests.world import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
async def arena(transactional_db: None) -> AsyncIterator[None]:
    """Close what the loop has opened: the journal's pool would hold it up."""
    yield
    running.forget_all()
    await journal.close()
    await live.close_aredis()


async def test_a_battle_says_where_its_board_lies_on_the_map(arena: None) -> None:
    group = await sync_to_async(cast.group)()
    alice = await sync_to_async(cast.character)()
    await sync_to_async(cast.put)(alice, cast.MOOR, cast.beside(group))
    started = await sync_to_async(engage)(character_id=alice, group_id=group.pk)
    source = BattleSource()
    audience = await source.audience(CharacterId(alice), started.stream)
    _, snapshot = await source.snapshot(started.stream, audience, CharacterId(alice))
    assert isinstance(snapshot, BattleSnapshot)
    assert snapshot.site is not None
    drawn = ground.map_of(cast.MOOR)
    left, top = snapshot.site.origin
    board = snapshot.battle.board
    assert snapshot.site.map_hash == drawn.hash
    for y in range(board.height):
        for x in range(board.width):
            assert is_walkable(board, (x, y)) == drawn.is_walkable((left + x, top + y))


@pytest.mark.parametrize("cell", [(0, 0), (47, 47), (24, 22), (0, 47), (6, 5)])
def test_the_board_is_as_large_at_the_rim_as_in_the_middle(cell: tuple[int, int]) -> None:
    found = battleground(ground.map_of(cast.MOOR), cell)
    assert (found.board.width, found.board.height) == (14, 12)
    assert (found.origin[0] + found.contact[0], found.origin[1] + found.contact[1]) == cell
    assert all(0 <= x < 14 and 0 <= y < 12 for x, y, _ in found.board.tags)
