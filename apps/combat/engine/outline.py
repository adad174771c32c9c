"""Whether a header is one that a battle can have begun with: a file from outside may say anything.

What passes here, `reopen` and `step` can work on without failing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from .board import SIDE_MAX, is_walkable
from .definitions import CARRIED_MAX, Rulebook
from .state import BoardSpec, Build, Header
from .stats import STATS

_ID_MAX = 2**53 - 1
_ENTITY_MAX = 2**32 - 1
_STAT_MAX = 1_000_000
_LEVEL_MAX = 10_000
_COMBATANTS_MAX = 64
_TEAMS = 2
_TERRAIN = re.compile(r"[0-9a-f]*")
_HASH = re.compile(r"[0-9a-f]{64}")
_TERRAIN_MAX = 0xB


def header_problems(header: Header, rulebook: Rulebook | None = None) -> Iterator[str]:
    """Yield why a battle cannot have begun so; with the rules at hand, whether they know what it names."""
    yield from _identity_problems(header)
    board = list(_board_problems(header.board))
    yield from board
    if not board:
        yield from _placement_problems(header)
    yield from _side_problems(header)
    for slot, build in enumerate(header.builds):
        if build.slot != slot or not 0 < build.id <= _ENTITY_MAX:
            yield f"combatant {slot} has a wrong id or place"
        yield from _build_problems(build, slot)
        if rulebook is not None:
            yield from _unknown_names(build, rulebook)


def joiner_problems(builds: Sequence[Build], rulebook: Rulebook | None = None) -> Iterator[str]:
    """Yield why nobody can have joined so; who joins has no id and no place of its own yet."""
    if len(builds) > _COMBATANTS_MAX:
        yield "too many have joined"
        return
    for number, build in enumerate(builds):
        if build.id or build.slot or build.team not in (0, 1):
            yield f"joiner {number} has a wrong id, place or team"
        yield from _build_problems(build, number)
        if rulebook is not None:
            yield from _unknown_names(build, rulebook)


def _identity_problems(header: Header) -> Iterator[str]:
    if not 0 < header.battle_id <= _ID_MAX:
        yield "the number of the battle is out of range"
    if not _HASH.fullmatch(header.content_hash) or not _HASH.fullmatch(header.commitment):
        yield "a hash is not 64 hexadecimal digits"
    if header.attackers not in (0, 1):
        yield "there are two teams, 0 and 1"


def _board_problems(board: BoardSpec) -> Iterator[str]:
    if not (1 <= board.width <= SIDE_MAX and 1 <= board.height <= SIDE_MAX):
        yield f"a board has at most {SIDE_MAX} cells a side"
    elif len(board.terrain) != board.width * board.height or not _TERRAIN.fullmatch(board.terrain):
        yield "the terrain does not cover the board"
    elif any(int(digit, 16) > _TERRAIN_MAX for digit in board.terrain):
        yield "a cell costs more than three points"


def _placement_problems(header: Header) -> Iterator[str]:
    if len(header.placement) != _TEAMS:
        yield "each team has a place to begin"
        return
    cells = [cell for side in header.placement for cell in side]
    if len(set(cells)) != len(cells) or not all(is_walkable(header.board, cell) for cell in cells):
        yield "somebody begins where nobody can stand"


def _side_problems(header: Header) -> Iterator[str]:
    if len(header.builds) > _COMBATANTS_MAX or {build.team for build in header.builds} != {0, 1}:
        yield "two teams fight, of a reasonable size"
        return
    for team, side in enumerate(header.placement[:_TEAMS]):
        if sum(build.team == team for build in header.builds) > len(side):
            yield "a team has more members than places"
    ids = {build.id for build in header.builds}
    humans = [build.character_id for build in header.builds if build.character_id is not None]
    if len(ids) != len(header.builds) or len(set(humans)) != len(humans):
        yield "somebody takes part twice"


def _build_problems(build: Build, slot: int) -> Iterator[str]:
    if build.character_id is not None and not 0 < build.character_id <= _ID_MAX:
        yield f"combatant {slot} belongs to nobody"
    hp = build.hp if build.hp is not None else 1
    if not (1 <= build.level <= _LEVEL_MAX and 1 <= build.hp_max <= _STAT_MAX and abs(hp) <= _STAT_MAX):
        yield f"combatant {slot} has an impossible level or health"
    if any(name not in STATS or abs(value) > _STAT_MAX for name, value in build.stats.items()):
        yield f"combatant {slot} has an impossible stat"
    if any(
        not 0 <= known.uses <= CARRIED_MAX or (known.uses > 0) != bool(known.item) for known in build.skills
    ):
        yield f"combatant {slot} brings an impossible number of an item"
    if len({known.id for known in build.skills}) != len(build.skills):
        yield f"combatant {slot} knows a skill twice"


def _unknown_names(build: Build, rulebook: Rulebook) -> Iterator[str]:
    for known in build.skills:
        skill = rulebook.skills.get(known.id)
        if skill is None or not 0 <= known.rank < len(skill.ranks):
            yield f"the content has no skill {known.id} of rank {known.rank + 1}"
        item = rulebook.items.get(known.item)
        if known.item and (item is None or item.skill != known.id or known.uses > item.carried_max):
            yield f"the content has no item {known.item} for the skill {known.id}"
