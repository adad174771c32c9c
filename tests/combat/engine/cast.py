"""A cast for the tests of battle: the sample pack, a board, two duelists and some monsters."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from aether.kernel.content.reading import read_document
from aether.protocol.combat_values import SkillSlot
from apps.combat import engine
from apps.combat.engine.definitions import SkillDef
from apps.combat.engine.inputs import EndTurn, Input, PlacementTimeout
from apps.combat.ranks import written_out

PACK = Path(__file__).parents[3] / "content" / "aether"
SERVER_SEED = bytes(range(32))
MEADOW = engine.board_of(
    [
        "............",
        "...#........",
        "............",
        "......#.....",
        "............",
        "..#.....,...",
        "............",
        "........~...",
        "............",
        "............",
    ]
)


@cache
def pack() -> engine.CombatPack:
    return engine.CombatPack(**{kind: load(kind) for kind in engine.KINDS}, items=carried())


def carried() -> dict[str, engine.CarriedDef]:
    """Return the items of the pack that are used in battle."""
    documents = [read_document(path, path.name).value for path in sorted((PACK / "items").glob("*.yaml"))]
    items = [item for found in documents for item in (found if isinstance(found, list) else [found])]
    return {
        item["id"]: msgspec.convert(item["battle"], type=engine.CarriedDef, strict=True)
        for item in items
        if "battle" in item
    }


def load(kind: str) -> dict[str, object]:
    files = sorted((PACK / kind).glob("*.yaml"))
    documents = [read_document(file, file.name).value for file in files]
    if kind == "skills":
        documents = list(map(written_out, documents))
    definitions = [msgspec.convert(found, type=engine.KINDS[kind], strict=True) for found in documents]
    return {definition.id: definition for definition in definitions}  # type: ignore[attr-defined]


@cache
def rules() -> engine.Rulebook:
    return engine.rulebook(pack(), content_hash="ab" * 32)


def hero(class_id: str, *, character_id: int, team: int = 0, level: int = 3, **bonuses: int) -> engine.Build:
    build = engine.build_character(
        class_id,
        character_id=character_id,
        name=f"{class_id} {character_id}",
        level=level,
        bonuses=bonuses,
        rulebook=rules(),
    )
    return replace(build, team=team)


def supplied(build: engine.Build, count: int = 99) -> engine.Build:
    """Return somebody who brings every item that is used in battle, as many as it may."""
    return engine.carrying(build, dict.fromkeys(rules().items, count), rules())


def monster(monster_id: str, level: int = 1) -> engine.Build:
    return engine.build_monster(monster_id, level=level, rulebook=rules())


def battle_of(
    *builds: engine.Build,
    mode: str = "pvp",
    board: engine.BoardSpec = MEADOW,
    placement: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]] | None = None,
    seed: bytes = SERVER_SEED,
) -> engine.Battle:
    setup = engine.Setup(
        battle_id=42,
        mode=mode,  # type: ignore[arg-type]
        map_hash="cd" * 32,
        board=board,
        placement=placement or (((0, 4), (0, 5), (0, 6)), ((5, 4), (5, 5), (5, 6))),
        builds=builds,
    )
    return engine.open_battle(setup, rules(), seed)


class Fight:
    """A battle being played, with its log; `do` acts for whoever's turn it is."""

    def __init__(self, *builds: engine.Build, seed: bytes = SERVER_SEED, **options: object) -> None:
        self.battle = battle_of(*builds, seed=seed, **options)  # type: ignore[arg-type]
        self.header = self.battle.header
        self.seed = seed
        self.dice = engine.Dice(seed)
        self.rulebook = rules()
        self.log: list[engine.LoggedInput] = []
        self.events: list[object] = []

    def give(self, actor: int, intent: Input) -> tuple[object, ...]:
        battle, events = engine.step(self.battle, actor, intent, self.rulebook, self.dice)
        self.battle = battle
        self.log.append(engine.LoggedInput(actor, intent))
        self.events += events
        return events

    def do(self, intent: Input) -> tuple[object, ...]:
        return self.give(self.battle.turn_owner, intent)

    def start(self) -> Fight:
        self.give(engine.SYSTEM, PlacementTimeout())
        return self

    def who(self, slot: int) -> engine.Combatant:
        return self.battle.combatants[slot]

    def skip_to(self, slot: int) -> None:
        while self.battle.turn_owner != self.who(slot).id:
            self.do(EndTurn())

    def teach(self, slot: int, *effects: dict[str, Any], **changes: Any) -> None:
        """Teach somebody the skill `trick`, made of any effects; free and without limits unless said."""
        plain = {"en": "Trick", "fr": "Tour"}
        document = {
            "id": "trick",
            "name": plain,
            "description": plain,
            "icon": "trick",
            "ap": 0,
            "range": {"min": 0, "max": 12},
            "target": ["cell"],
            "ranks": [{"level": 1, "effects": list(effects)}],
            **changes,
        }
        skill = msgspec.convert(document, type=SkillDef, strict=True)
        self.rulebook = replace(self.rulebook, skills={**self.rulebook.skills, skill.id: skill})
        build = self.battle.builds[slot]
        known = tuple(known for known in build.skills if known.id != skill.id)
        self.rebuild(slot, skills=(*known, SkillSlot(skill.id, 0)))

    def rebuild(self, slot: int, **changes: Any) -> None:
        """Change what a combatant was when the battle began."""
        builds = list(self.battle.builds)
        builds[slot] = replace(builds[slot], **changes)
        start = tuple(builds[: len(self.header.builds)])
        self.battle = replace(
            self.battle, builds=tuple(builds), header=replace(self.battle.header, builds=start)
        )

    def give_stats(self, slot: int, **stats: int) -> None:
        self.rebuild(slot, stats={**self.battle.builds[slot].stats, **stats})

    def set(self, slot: int, **changes: object) -> None:
        """Arrange a situation; only for tests that do not replay."""
        combatants = list(self.battle.combatants)
        combatants[slot] = replace(combatants[slot], **changes)
        self.battle = replace(self.battle, combatants=tuple(combatants))


def of_type(events: object, kind: type) -> list[object]:
    return [event for event in events if isinstance(event, kind)]  # type: ignore[attr-defined]
