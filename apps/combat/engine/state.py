"""The state of a battle as frozen values: a header that never changes and what events change."""

from __future__ import annotations

import hashlib

import msgspec

from aether.protocol.combat_values import (
    BoardView,
    Cell,
    ClientSeed,
    Controller,
    EndReason,
    Field,
    Kind,
    LastingEffect,
    Mode,
    Objective,
    Phase,
    Result,
    SkillSlot,
    SkillUse,
)

BoardSpec = BoardView


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """A combatant as it enters the battle: a snapshot that nothing changes any more.

    `id` and `slot` are given by `open_battle`; leave them 0.
    """

    kind: Kind
    ref: str
    name: str
    level: int
    hp_max: int
    stats: dict[str, int]
    skills: tuple[SkillSlot, ...]
    team: int = 0
    character_id: int | None = None
    hp: int | None = None
    id: int = 0
    slot: int = 0


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a battle pins at its start; with the ordered inputs it replays the battle.

    `attackers` is the team that loses when both fall at once in PvE.
    """

    rules_version: int
    battle_id: int
    content_hash: str
    map_hash: str
    mode: Mode
    board: BoardSpec
    placement: tuple[tuple[Cell, ...], ...]
    builds: tuple[Build, ...]
    commitment: str
    attackers: int = 0
    is_practice: bool = False
    objectives: tuple[Objective, ...] = ()


class RuleUse(msgspec.Struct, frozen=True):
    """A row of a monster's own rules that it has followed, and in which of its turns."""

    rule: int
    turns: int


class Combatant(msgspec.Struct, frozen=True, kw_only=True):
    """What changes about a combatant; the rest is `battle.builds[slot]`.

    `seen_at` is where others have seen it last while it `is_hidden`; `began_at` where its turn began;
    `obstructed` in which of its turns it last walked into somebody unseen; `luck` what was rolled this turn
    for each row of its own rules.
    """

    id: int
    slot: int
    team: int
    cell: Cell
    hp: int
    hp_max: int
    ap: int
    mp: int
    controller: Controller
    is_ready: bool
    ap_debt: int = 0
    mp_debt: int = 0
    turns: int = 0
    skipped: int = 0
    is_alive: bool = True
    has_fled: bool = False
    is_connected: bool = True
    effects: tuple[LastingEffect, ...] = ()
    uses: tuple[SkillUse, ...] = ()
    owner: int = 0
    is_linked: bool = False
    is_hidden: bool = False
    seen_at: Cell = (0, 0)
    began_at: Cell = (0, 0)
    obstructed: int = 0
    phase: int = 0
    rules: tuple[RuleUse, ...] = ()
    luck: tuple[int, ...] = ()


class StreamIndex(msgspec.Struct, frozen=True):
    stream: str
    index: int


class Battle(msgspec.Struct, frozen=True, kw_only=True):
    """A battle at one moment. `combatants` and `builds` go by slot; nobody is ever removed."""

    header: Header
    builds: tuple[Build, ...]
    combatants: tuple[Combatant, ...]
    phase: Phase = "placement"
    round: int = 0
    turn: int = 0
    cursor: int = -1
    turn_owner: int = 0
    timeline: tuple[int, ...] = ()
    effects_created: int = 0
    fields: tuple[Field, ...] = ()
    events: int = 0
    streams: tuple[StreamIndex, ...] = ()
    client_seeds: tuple[ClientSeed, ...] = ()
    forfeit_votes: tuple[int, ...] = ()
    winner: int | None = None
    end_reason: EndReason | None = None
    results: tuple[Result, ...] = ()

    @property
    def entrants(self) -> int:
        """Return how many began the battle, or joined it before the fight; all later slots were called."""
        count = len(self.header.builds)
        while count < len(self.builds) and self.builds[count].character_id is not None:
            count += 1
        return count

    def of(self, combatant_id: int) -> Combatant:
        """Return a combatant that is known to take part."""
        for combatant in self.combatants:
            if combatant.id == combatant_id:
                return combatant
        raise LookupError(combatant_id)

    def find(self, combatant_id: int) -> Combatant | None:
        for combatant in self.combatants:
            if combatant.id == combatant_id:
                return combatant
        return None

    def is_automatic(self, combatant: Combatant) -> bool:
        """Tell whether the house plays for somebody; who stands may play what it has called."""
        if combatant.controller == "owner":
            caller = self.of(combatant.owner)
            return caller.controller != "human" or not caller.is_alive
        return combatant.controller != "human"

    def drawn_from(self, stream: str) -> int:
        """Return the index at which a stream of the dice goes on."""
        for known in self.streams:
            if known.stream == stream:
                return known.index
        return 0

    def build(self, combatant: Combatant) -> Build:
        return self.builds[combatant.slot]

    def standing_on(self, cell: Cell) -> Combatant | None:
        """Return the living combatant on a cell, seen or not."""
        for combatant in self.combatants:
            if combatant.cell == cell and combatant.is_alive:
                return combatant
        return None

    def seen_on(self, cell: Cell, team: int) -> Combatant | None:
        """Return the living combatant that a team knows to be on a cell."""
        standing = self.standing_on(cell)
        return None if standing is None or (standing.is_hidden and standing.team != team) else standing

    def corpse_on(self, cell: Cell) -> Combatant | None:
        """Return who lies fallen on a cell and may rise again."""
        for combatant in self.combatants:
            has_fallen = combatant.cell == cell and not combatant.is_alive and not combatant.has_fled
            if has_fallen and self.builds[combatant.slot].kind in ("character", "monster"):
                return combatant
        return None

    def of_character(self, character_id: int) -> Combatant | None:
        for build in self.builds:
            if build.character_id == character_id:
                return self.combatants[build.slot]
        return None


_HASHED = tuple(field for field in Battle.__struct_fields__ if field not in ("header", "builds"))


def state_hash(battle: Battle) -> str:
    """Return the SHA-256 of the canonical JSON of all that events can change."""
    changing = {field: getattr(battle, field) for field in _HASHED}
    changing["summoned"] = battle.builds[len(battle.header.builds) :]
    return hashlib.sha256(msgspec.json.encode(changing, order="sorted")).hexdigest()


def header_hash(header: Header) -> str:
    """Return the SHA-256 of the canonical JSON of the header."""
    return hashlib.sha256(msgspec.json.encode(header, order="sorted")).hexdigest()
