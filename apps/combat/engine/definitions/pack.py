"""The combat content of a release, and the compiled rulebook."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from .base import Definition, Id, Small, Text
from .fighters import ClassDef, MonsterDef, ProfileDef
from .skills import SkillDef

RULES_VERSION = 2


class TagDef(Definition, frozen=True, kw_only=True):
    """What a tag on a cell means; `fall_pct` of the maximum is lost by who is pushed off it."""

    id: Id
    name: Text
    fall_pct: Small = 0


KINDS: dict[str, type[Definition]] = {
    "classes": ClassDef,
    "skills": SkillDef,
    "monsters": MonsterDef,
    "ai": ProfileDef,
    "tags": TagDef,
}
"""Folder of the pack → type of its files."""


class CombatPack(msgspec.Struct, frozen=True, kw_only=True):
    """The combat content of a release, by id."""

    classes: Mapping[str, ClassDef] = {}
    skills: Mapping[str, SkillDef] = {}
    monsters: Mapping[str, MonsterDef] = {}
    ai: Mapping[str, ProfileDef] = {}
    tags: Mapping[str, TagDef] = {}


class Rulebook(CombatPack, frozen=True, kw_only=True):
    """Everything the engine looks up; a battle pins `rules_version` and `content_hash`."""

    content_hash: str
    rules_version: int = RULES_VERSION


def rulebook(pack: CombatPack, *, content_hash: str) -> Rulebook:
    """Return the compiled lookup of a validated pack; `content_hash` is 64 hex digits."""
    return Rulebook(
        classes=pack.classes,
        skills=pack.skills,
        monsters=pack.monsters,
        ai=pack.ai,
        tags=pack.tags,
        content_hash=content_hash,
    )
