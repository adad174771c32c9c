"""A finished battle as one file that anybody can check without a server (docs/battle-export.md)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from aether.protocol.battles import SeenBattle
from aether.protocol.combat import BattleSite
from aether.protocol.combat_events import Reveal

from . import events as e
from .definitions import Rulebook
from .dice import Dice, combatant_ids, joiner_ids, seeds_logged
from .inputs import CHOICE, Decision, Join
from .opening import reopen
from .outcome import NOBODY
from .outline import header_problems, joiner_problems
from .proof import dice_problems
from .replay import Comparison, LoggedStep, compare, seen_by, turn_hashes
from .state import Build, Header
from .view import audiences

FORMAT: Literal["aether.battle"] = "aether.battle"
VERSION: Literal[1] = 1
EXPORT_BYTES_MAX = 64 * 1024 * 1024
STOPS = (e.BattleEnded(NOBODY, "engine_fault", ()), e.BattleEnded(NOBODY, "staff", ()))
"""All that may stop a battle from outside: nobody wins it, and nobody gets a result."""


class Hashes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`log` covers header, log and stop; `turns` are the state's at each turn's end."""

    header: str
    log: str
    turns: tuple[str, ...]


class BattleExport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. `stopped` is what ended a battle from outside."""

    format: Literal["aether.battle"] = FORMAT
    version: Literal[1] = VERSION
    header: Header
    site: BattleSite | None
    log: tuple[LoggedStep, ...]
    stopped: tuple[e.Event, ...]
    reveal: Reveal
    hashes: Hashes
    views: tuple[SeenBattle, ...]
    content: str | None = None

    @property
    def joiners(self) -> list[Build]:
        return [step.input.build for step in self.log if isinstance(step.input, Join)]

    @property
    def events(self) -> Iterator[e.Event]:
        for step in self.log:
            yield from step.events
        yield from self.stopped


class UnreadableExportError(Exception):
    """The file is no export of a battle; the message says why, in a sentence."""


class ExportFile(NamedTuple):
    """An export as it was read, and the hashes that its text really has."""

    export: BattleExport
    hashes: Hashes


class _Hashed(msgspec.Struct):
    """What the hashes cover, as it stands in the file: types of another day must not change a hash."""

    header: Any
    log: Any
    stopped: Any


def hashes_of(header: Header, log: Sequence[LoggedStep], stopped: Sequence[e.Event]) -> Hashes:
    """Return the SHA-256 of the canonical JSON of the header, and of everything that happened."""
    events = [event for step in log for event in step.events]
    return _hashes(_Hashed(header, log, stopped), turn_hashes(events))


def read_export(text: bytes) -> ExportFile:
    """Return the export that a file holds; refuse anything else with a sentence."""
    if len(text) > EXPORT_BYTES_MAX:
        raise UnreadableExportError(f"it is larger than {EXPORT_BYTES_MAX >> 20} MiB.")
    try:
        export = msgspec.json.decode(text, type=BattleExport)
        hashed = msgspec.json.decode(text, type=_Hashed)
    except msgspec.ValidationError as error:
        raise UnreadableExportError(f"it is no export of a battle: {error}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise UnreadableExportError(f"it is not JSON: {error}.") from None
    except RecursionError:
        raise UnreadableExportError("it is nested too deeply.") from None
    for problem in header_problems(export.header):
        raise UnreadableExportError(f"its header cannot be: {problem}.")
    for problem in joiner_problems(export.joiners):
        raise UnreadableExportError(f"its log cannot be: {problem}.")
    events = [event for step in export.log for event in step.events]
    return ExportFile(export, _hashes(hashed, turn_hashes(events)))


def export_problems(file: ExportFile) -> Iterator[str]:
    """Yield what is wrong at level 1: seeds, receipts, and whether the parts of the file agree."""
    export, true = file
    yield from dice_problems(export.reveal)
    yield from _end_problems(export)
    yield from _disagreements(export)
    yield from _draw_problems(export)
    if export.hashes.header != true.header:
        yield "the hash of the header is another one."
    if export.hashes.turns != true.turns:
        yield "the hashes of the turns are not those of the log."
    if {export.hashes.log, export.reveal.log_hash} != {true.log}:
        yield "the hash of the log is another one."


def fight_again(export: BattleExport, rulebook: Rulebook) -> Comparison:
    """Level 2: fight the battle again and compare it turn by turn. Call when level 1 found nothing.

    Raise UnreadableExportError when the rules cannot have made such a header.
    """
    for problem in header_problems(export.header, rulebook):
        raise UnreadableExportError(f"its header cannot be: {problem}.")
    for problem in joiner_problems(export.joiners, rulebook):
        raise UnreadableExportError(f"its log cannot be: {problem}.")
    again = compare(export.header, export.log, rulebook, _bytes(export.reveal.server_seed))
    if again.problem:
        return again
    # Only an end that may be is folded.
    problem = next(_end_problems(export), "") or next(_view_problems(export, rulebook), "")
    return replace(again, problem=problem)


def _end_problems(export: BattleExport) -> Iterator[str]:
    """A battle has one end, after which nothing happens; a fault or the staff may end it from outside."""
    if export.stopped not in ((), *((stop,) for stop in STOPS)):
        yield "what stopped the battle is no fault of the engine and no game master, whose end nobody wins."
        return
    ends = [isinstance(event, e.BattleEnded) for event in export.events]
    if sum(ends) != 1 or not ends[-1]:
        yield "the log does not end with the end of the battle."


def _view_problems(export: BattleExport, rulebook: Rulebook) -> Iterator[str]:
    """The rules tell what each audience saw; how it was cut into messages does not matter."""
    battle = reopen(export.header, rulebook)
    happened = (*(step.events for step in export.log), export.stopped)
    true = seen_by(audiences(battle), battle, happened)
    if [view.audience for view in export.views] != [view.audience for view in true]:
        yield "the battle is shown to others than its audiences."
        return
    for shown, seen in zip(export.views, true, strict=True):
        if shown.start != seen.start or _flat(shown) != _flat(seen):
            yield f"what {shown.audience} was shown is not what happened."


def _flat(seen: SeenBattle) -> list[e.Event]:
    return [event for events in seen.told for event in events]


def _disagreements(export: BattleExport) -> Iterator[str]:
    header, reveal = export.header, export.reveal
    pinned = (header.battle_id, header.content_hash, header.commitment)
    if pinned != (reveal.battle_id, reveal.content_hash, reveal.commitment):
        yield "the reveal belongs to another battle than the header."
        return
    if reveal.client_seeds != seeds_logged(header, export.events):
        yield "the players' seeds are not those of the log."
    if reveal.rolls != tuple(event for event in export.events if isinstance(event, e.Rolled)):
        yield "the receipts are not those of the log."
    fighters = (*header.builds, *export.joiners)
    players = {f"loot:{build.character_id}" for build in fighters if build.character_id is not None}
    if not {roll.stream for roll in reveal.loot} <= players | {"loot:battle"}:
        yield "somebody has loot who was not in the battle."
    if reveal.server_seed and Dice(_bytes(reveal.server_seed)).commitment == header.commitment:
        ids = combatant_ids(header, _bytes(reveal.server_seed))
        if ids != tuple(build.id for build in header.builds):
            yield "the combatants do not have the ids that the seed gives them."
        joined = tuple(event.combatant.id for event in export.events if isinstance(event, e.Joined))
        if joined != joiner_ids(header, _bytes(reveal.server_seed), len(export.joiners)):
            yield "those who joined do not have the ids that the seed gives them."


def _draw_problems(export: BattleExport) -> Iterator[str]:
    """What a machine drew to decide has one receipt, among as many decisions as its input says."""
    for number, step in enumerate(export.log, 1):
        among = step.input.among if isinstance(step.input, Decision) else 0
        drawn = [ev.n for ev in step.events if isinstance(ev, e.Rolled) and (ev.stream, ev.why) == CHOICE]
        # Of an input that made the rules run away nothing is left but the end.
        if drawn != ([among] if among else []) and step.events != STOPS[:1]:
            yield f"input {number} does not say among how many decisions it was drawn, as its receipt does."


def _bytes(digits: str) -> bytes:
    try:
        return bytes.fromhex(digits)
    except ValueError:
        return b""


def _hashes(hashed: _Hashed, turns: tuple[str, ...]) -> Hashes:
    return Hashes(header=_hash(hashed.header), log=_hash(hashed), turns=turns)


def _hash(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()
