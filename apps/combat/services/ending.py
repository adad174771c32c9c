"""The end of a battle: its rows, and the fact for all who pay, free and count, committed with the last entry.

Nothing is paid here. Whoever pays subscribes to the fact and does it once per character.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from msgspec.structs import replace

from aether.kernel import clock, facts, rng
from aether.kernel.facts.types import BattleEnded, Participant, SlainMonster
from aether.kernel.journal import Batch, Rider
from apps.combat import clocks, engine, rules
from apps.combat.engine.dice import key_of
from apps.combat.models import BattleRecord
from apps.combat.running import Place
from apps.world import services as world

Outcome = Literal["won", "lost", "drawn"]

OUTCOMES: dict[str, Outcome] = {"win": "won", "loss": "lost", "draw": "drawn"}

_NEVER = 0

_RECORD = Batch(
    """UPDATE combat_battlerecord AS b SET
        status = r.status, round = r.round, lease_until = NULL,
        deadline = CASE WHEN r.deadline_ms = 0 THEN NULL
            ELSE timestamptz 'epoch' + r.deadline_ms * interval '1 millisecond' END,
        ended_at = CASE WHEN r.ended_ms = 0 THEN NULL
            ELSE timestamptz 'epoch' + r.ended_ms * interval '1 millisecond' END
    FROM {rows} WHERE b.id = r.id""",
    (
        ("id", "bigint"),
        ("status", "smallint"),
        ("round", "smallint"),
        ("deadline_ms", "bigint"),
        ("ended_ms", "bigint"),
    ),
)

_PARTICIPANT = Batch(
    """UPDATE combat_battleparticipant AS p SET is_live = false, outcome = r.outcome
    FROM {rows} WHERE p.battle_id = r.battle_id AND p.character_id = r.character_id""",
    (("battle_id", "bigint"), ("character_id", "bigint"), ("outcome", "text")),
)


class Ending(NamedTuple):
    """What the end means for one human."""

    character_id: int
    outcome: Outcome
    level: int
    has_fled: bool
    health: int
    """What is left of its hit points, in parts of ten thousand."""
    used: dict[str, int] | None
    """What it has used up of the items that it brought, if it brought any."""


def record_rider(state: engine.Battle, clock: clocks.Clock, now: int) -> Rider:
    """Return the change of a battle's row that goes with an entry."""
    deadline = clocks.deadline(clock, state) or _NEVER
    status, ended = BattleRecord.Status.LIVE, _NEVER
    if state.phase == "ended":
        is_fault = state.end_reason == "engine_fault"
        status = BattleRecord.Status.FAULTED if is_fault else BattleRecord.Status.ENDED
        ended = now
    return Rider(_RECORD, (state.header.battle_id, status, state.round, deadline, ended))


def end_riders(
    state: engine.Battle, place: Place, rulebook: engine.Rulebook, server_seed: bytes
) -> tuple[Rider, ...]:
    """Return what is written with the last entry: everybody is free again, and the others are told."""
    endings = endings_of(state)
    freed = [
        Rider(_PARTICIPANT, (state.header.battle_id, each.character_id, each.outcome)) for each in endings
    ]
    ended = replace(fact_of(state, place, rulebook, server_seed), ended_at=clock.now())
    return (*freed, facts.rider(ended))


def fact_of(state: engine.Battle, place: Place, rulebook: engine.Rulebook, server_seed: bytes) -> BattleEnded:
    """Return what the other apps are told of a battle that is over."""
    return _fact(state, place, endings_of(state), _Worth.of(state, rulebook, server_seed))


def endings_of(state: engine.Battle) -> list[Ending]:
    """Return what the end means for each human. Without a result, as after a fault, it is a draw."""
    results = {result.who: OUTCOMES[result.outcome] for result in state.results}
    return [
        Ending(
            character_id=state.build(combatant).character_id or 0,
            outcome=results.get(combatant.id, "drawn"),
            level=state.build(combatant).level,
            has_fled=combatant.has_fled,
            health=world.health_of(combatant.hp, state.build(combatant).hp_max),
            used=engine.used_up(state, combatant) if engine.brought(state.build(combatant)) else None,
        )
        for combatant in clocks.humans_of(state)
    ]


class _Worth(NamedTuple):
    spoils: Sequence[engine.Spoil]
    key: bytes

    @classmethod
    def of(cls, state: engine.Battle, rulebook: engine.Rulebook, server_seed: bytes) -> _Worth:
        return cls(engine.spoils(state, rulebook), key_of(state, server_seed))

    def loot_key(self, whose: int | str) -> str:
        """Return the key of the battle's own dice for the loot of a character, or of the whole `battle`."""
        return rng.stream(self.key, f"loot:{whose}").key.hex()


def _fact(state: engine.Battle, place: Place, endings: Sequence[Ending], worth: _Worth) -> BattleEnded:
    winners = {
        each.character_id: each.level for each in endings if each.outcome == "won" and not each.has_fled
    }
    whole = sum(spoil.xp for spoil in worth.spoils) * (100 + place.bonus_pct) // 100
    earned = rules.experience(whole, winners, [spoil.level for spoil in worth.spoils])
    leaves_wounds = place.mode == "pve" and state.end_reason not in ("engine_fault", "staff")
    return BattleEnded(
        battle=state.header.battle_id,
        mode=place.mode,
        zone=place.zone,
        instance=place.instance,
        group=place.group_id,
        rounds=state.round,
        participants=tuple(
            Participant(
                character=each.character_id,
                outcome=each.outcome,
                xp=earned.get(each.character_id, 0),
                loot_key=worth.loot_key(each.character_id),
                health=each.health if leaves_wounds else None,
                used=each.used,
            )
            for each in endings
        ),
        slain=tuple(
            SlainMonster(monster=spoil.monster, level=spoil.level, loot_table=spoil.loot)
            for spoil in worth.spoils
        ),
        is_rewarded=place.mode == "pve"
        and state.end_reason != "engine_fault"
        and not state.header.is_practice,
        bonus_pct=place.bonus_pct,
        loot_key=worth.loot_key("battle"),
    )
