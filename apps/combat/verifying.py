"""Exports of battles checked without a database: the dice, then the battle fought again."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from aether.kernel import content
from apps.combat import engine
from apps.combat.rulebooks import rulebook_in

PROBLEMS_SHOWN = 10


class VerificationError(Exception):
    """The file does not hold what it says, or nothing readable; the message is for people."""


class Rules(NamedTuple):
    """Rules to fight a battle again by, and where they come from."""

    rulebook: engine.Rulebook
    origin: str


def read_file(path: Path) -> engine.ExportFile:
    """Read an export; whatever else the file may be, refuse it with a sentence."""
    try:
        with path.open("rb") as file:
            return engine.read_export(file.read(engine.EXPORT_BYTES_MAX + 1))
    except OSError as error:
        raise VerificationError(f"it cannot be read: {error.strerror}.") from None
    except engine.UnreadableExportError as error:
        raise VerificationError(str(error)) from None


def check_dice(file: engine.ExportFile) -> None:
    """Level 1: refuse an export whose seeds, receipts or hashes do not agree."""
    problems = list(engine.export_problems(file))
    if problems:
        more = len(problems) - PROBLEMS_SHOWN
        listed = "\n".join(problems[:PROBLEMS_SHOWN])
        raise VerificationError(f"{listed}\n… and {more} more." if more > 0 else listed)


def rules_for(export: engine.BattleExport, folder: Path, *, must_fit: bool) -> Rules | None:
    """Return the rules that an export pins: its own, or those of a pack folder, if the hash agrees."""
    wanted = export.header.content_hash
    if export.content is not None:
        return Rules(rulebook_in(_own_content(export.content, wanted)), "the export")
    try:
        pack = content.load(folder)
    except content.InvalidContentError as error:
        raise VerificationError(f"the content of {folder} cannot be used: {error.problems[0]}") from None
    if pack.hash != wanted:
        if must_fit:
            raise VerificationError(f"the content of {folder} has the hash {pack.hash}, not {wanted}.")
        return None
    return Rules(rulebook_in(pack), str(folder))


def fight_again(export: engine.BattleExport, rules: Rules) -> engine.Comparison:
    """Level 2: refuse an export that the rules do not give again."""
    try:
        comparison = engine.fight_again(export, rules.rulebook)
    except engine.UnreadableExportError as error:
        raise VerificationError(str(error)) from None
    except engine.NotReplayableError:
        raise VerificationError(
            f"it was fought under version {export.header.rules_version} of the rules, these are version "
            f"{rules.rulebook.rules_version}: it cannot be fought again here."
        ) from None
    if comparison.problem:
        raise VerificationError(comparison.problem)
    return comparison


def _own_content(compiled: str, wanted: str) -> content.Pack:
    text = compiled.encode()
    if hashlib.sha256(text).hexdigest() != wanted:
        raise VerificationError("the content inside the export is not the one of the battle.")
    try:
        pack = content.from_text(text)
    except content.InvalidContentError as error:
        raise VerificationError(f"the content inside the export is not sound: {error.problems[0]}") from None
    if pack.hash != wanted:
        raise VerificationError("the content inside the export is not in its canonical form.")
    return pack
