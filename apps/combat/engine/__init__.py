"""The battle engine: a pure library that decides (`resolve`), folds (`apply`) and shows (`view`).

What a service needs:

    open_battle(setup, rulebook, server_seed) -> Battle         a new battle, in placement; may raise NoRoom
    reopen(header, rulebook) -> Battle                          the same, from a stored `battle.header`
    step(battle, actor, intent, rulebook, dice) -> Step         .battle and .events; may raise Refusal
    resolve(battle, actor, intent, rulebook, dice) -> events    the same without the new battle
    apply(battle, event) -> Battle ; fold(battle, events)       never fails
    House(rulebook, dice).next_input(battle) -> (actor, intent) | None
                                                                loop on it after every step; log it as input
    view(battle, audience) -> BattleView                        audience: "team:0", "spectator", "omniscient"
    view_events(events, battle, audience) -> list[Event]        what the audience sees; its length counts
    audiences(battle) ; audience_of(battle, character_id)
    replay(header, inputs, rulebook, server_seed) -> Replayed   .battle and .events
    compare(header, steps, rulebook, server_seed) -> Comparison the log fought again, to the first difference
    seen_by(audiences, battle, happened)                        all of a battle as each audience was told it
    reveal(header, events, server_seed=, log_hash=) -> Reveal   after the end only
    dice_problems(reveal)                                       what is wrong with commitment and receipts
    read_export(bytes) -> ExportFile                            .export and the hashes of its text
    export_problems(file) ; fight_again(export, rulebook)       levels 1 and 2 of checking it
    spoils(battle, rulebook) -> tuple[Spoil, ...]               what the fallen monsters are worth
    build_character(...), build_monster(...) -> Build
    carrying(build, held, rulebook) -> Build                    with the items that are used in battle
    used_up(battle, combatant) -> dict[str, int]                what it has used of them
    placement_cells(board, contact=, teams=)                    may raise NoRoom

`actor` is a combatant's id (`battle.of_character(character_id).id`) or SYSTEM. `dice = Dice(server_seed)`,
one per battle, is the secret half and never part of the state. A `Refusal` is a `GameError` whose code is
complete (`combat.…`).
"""

from .ai import House
from .apply import apply, fold
from .board import board_of, placement_cells, terrain_digit
from .definitions import KINDS, RULES_VERSION, CarriedDef, CombatPack, MonsterDef, Rulebook, rulebook
from .dice import Dice
from .exports import (
    EXPORT_BYTES_MAX,
    BattleExport,
    ExportFile,
    UnreadableExportError,
    export_problems,
    fight_again,
    hashes_of,
    read_export,
)
from .inputs import SYSTEM, Input
from .opening import Setup, open_battle, reopen
from .outcome import Spoil, spoils, used_up
from .proof import dice_problems
from .refusals import Refusal
from .replay import (
    Comparison,
    LoggedInput,
    LoggedStep,
    NotReplayableError,
    Replayed,
    compare,
    first_divergence,
    replay,
    seen_by,
    turn_hashes,
)
from .resolve import Step, resolve, step
from .state import Battle, BoardSpec, Build, Combatant, Header, header_hash, state_hash
from .stats import ALLOCATABLE, STATS, brought, build_character, build_monster, carrying
from .validation import Problem, validate
from .view import (
    OMNISCIENT,
    SPECTATOR,
    Audience,
    audience_of,
    audiences,
    known_to,
    reveal,
    view,
    view_event,
    view_events,
)

__all__ = [
    "ALLOCATABLE",
    "EXPORT_BYTES_MAX",
    "KINDS",
    "OMNISCIENT",
    "RULES_VERSION",
    "SPECTATOR",
    "STATS",
    "SYSTEM",
    "Audience",
    "Battle",
    "BattleExport",
    "BoardSpec",
    "Build",
    "CarriedDef",
    "CombatPack",
    "Combatant",
    "Comparison",
    "Dice",
    "ExportFile",
    "Header",
    "House",
    "Input",
    "LoggedInput",
    "LoggedStep",
    "MonsterDef",
    "NotReplayableError",
    "Problem",
    "Refusal",
    "Replayed",
    "Rulebook",
    "Setup",
    "Spoil",
    "Step",
    "UnreadableExportError",
    "apply",
    "audience_of",
    "audiences",
    "board_of",
    "brought",
    "build_character",
    "build_monster",
    "carrying",
    "compare",
    "dice_problems",
    "export_problems",
    "fight_again",
    "first_divergence",
    "fold",
    "hashes_of",
    "header_hash",
    "known_to",
    "open_battle",
    "placement_cells",
    "read_export",
    "reopen",
    "replay",
    "resolve",
    "reveal",
    "rulebook",
    "seen_by",
    "spoils",
    "state_hash",
    "step",
    "terrain_digit",
    "turn_hashes",
    "used_up",
    "validate",
    "view",
    "view_event",
    "view_events",
]
