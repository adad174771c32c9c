"""`engine_cast`: what one cast costs the processor: resolve and apply, view for three audiences, encode."""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from aether.kernel.content.reading import read_document
from apps.combat import engine
from apps.combat.engine import inputs
from apps.combat.ranks import written_out
from bench.report import Figures, quantile

CASTS = 3_000
SKILL_AP = 3
PACK = Path(__file__).resolve().parents[1] / "content" / "aether"
AUDIENCES = (engine.Audience("team:0"), engine.Audience("team:1"), engine.SPECTATOR)

_encode = msgspec.json.Encoder().encode


def run() -> Figures:
    """Time every cast of duels that go on until somebody falls, each with dice of its own."""
    rulebook = rulebook_of_the_sample()
    times = []
    for _, (battle, dice, cast) in zip(range(CASTS), _casts(rulebook), strict=False):
        began = time.perf_counter()
        step = engine.step(battle, battle.turn_owner, cast, rulebook, dice)
        for audience in AUDIENCES:
            _encode(engine.view_events(step.events, step.battle, audience))
        times.append((time.perf_counter() - began) * 1e6)
    times.sort()
    return Figures(
        name="engine_cast",
        median_us=round(quantile(times, 0.5), 1),
        p99_us=round(quantile(times, 0.99), 1),
        count=CASTS,
    )


def _casts(rulebook: engine.Rulebook) -> Iterator[tuple[engine.Battle, engine.Dice, engine.Input]]:
    for number in count():
        battle, dice = _fighting(rulebook, number)
        while battle.phase == "fighting":
            foe = next(each for each in battle.combatants if each.id != battle.turn_owner)
            intent: engine.Input = inputs.Cast("wire_dart", foe.cell)
            if battle.of(battle.turn_owner).ap < SKILL_AP:
                intent = inputs.EndTurn()
            else:
                yield battle, dice, intent
            battle = engine.step(battle, battle.turn_owner, intent, rulebook, dice).battle


def _fighting(rulebook: engine.Rulebook, number: int) -> tuple[engine.Battle, engine.Dice]:
    seed = number.to_bytes(32, "big")
    board = engine.board_of(["." * 14] * 14)
    builds = tuple(_build(character_id, rulebook) for character_id in (1, 2))
    setup = engine.Setup(
        battle_id=number + 1,
        mode="pvp",
        map_hash="0" * 64,
        board=board,
        placement=(((3, 3),), ((3, 6),)),
        builds=builds,
    )
    battle, dice = engine.open_battle(setup, rulebook, seed), engine.Dice(seed)
    for combatant in battle.combatants:
        battle = engine.step(battle, combatant.id, inputs.Ready("00"), rulebook, dice).battle
    return battle, dice


def _build(character_id: int, rulebook: engine.Rulebook) -> engine.Build:
    build = engine.build_character(
        "kitewright",
        character_id=character_id,
        name=f"Bench {character_id}",
        level=1,
        bonuses={},
        rulebook=rulebook,
    )
    return msgspec.structs.replace(build, team=character_id - 1)


def rulebook_of_the_sample() -> engine.Rulebook:
    parts = {
        kind: {
            definition.id: definition
            for path in sorted((PACK / kind).glob("*.yaml"))
            for definition in _definitions(path, kind)
        }
        for kind in engine.KINDS
    }
    return engine.rulebook(engine.CombatPack(**parts), content_hash="0" * 64)


def _definitions(path: Path, kind: str) -> list[Any]:
    found = read_document(path, path.name).value
    documents = found if isinstance(found, list) else [found]
    if kind == "skills":
        documents = list(map(written_out, documents))
    return [msgspec.convert(document, engine.KINDS[kind]) for document in documents]
