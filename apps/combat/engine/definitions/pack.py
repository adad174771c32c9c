"""The combat content of a release, and the compiled rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from .base import Definition, Id, Small, Text
from .fighters import ClassDef, MonsterDef, ProfileDef
from .skills import CarriedDef, SkillDef

RULES_VERSION = 4


class TagDef(Definition, frozen=True, kw_only=True):
    """What a tag on a cell means; `fall_pct` of the maximum is lost by who is pushed off it."""

    id: Id
    name: Text
    fall_pct: Small = 0


class BattleDef(Definition, frozen=True, kw_only=True):
    """How battles of this game go; with `strict`, the quicker act first, whatever the team."""

    id: Id
    timeline: Literal["alternate", "strict"] = "alternate"


KINDS: dict[str, type[Definition]] = {
    "classes": ClassDef,
    "skills": SkillDef,
    "monsters": MonsterDef,
    "ai": ProfileDef,
    "tags": TagDef,
    "battle": BattleDef,
}
"""Folder of the pack → type of its files."""


class CombatPack(msgspec.Struct, frozen=True, kw_only=True):
    """The combat content of a release, by id; `items` are those that are used in battle."""

    classes: Mapping[str, ClassDef] = {}
    skills: Mapping[str, SkillDef] = {}
    monsters: Mapping[str, MonsterDef] = {}
    ai: Mapping[str, ProfileDef] = {}
    tags: Mapping[str, TagDef] = {}
    battle: Mapping[str, BattleDef] = {}
    items: Mapping[str, CarriedDef] = {}


class Rulebook(CombatPack, frozen=True, kw_only=True):
    """Everything the engine looks up; a battle pins `rules_version` and `content_hash`."""

    content_hash: str
    rules_version: int = RULES_VERSION

    @property
    def has_strict_timeline(self) -> bool:
        return any(each.timeline == "strict" for each in self.battle.values())


def rulebook(pack: CombatPack, *, content_hash: str) -> Rulebook:
    """Return the compiled lookup of a validated pack; `content_hash` is 64 hex digits."""
    return Rulebook(
        classes=pack.classes,
        skills=pack.skills,
        monsters=pack.monsters,
        ai=pack.ai,
        tags=pack.tags,
        battle=pack.battle,
        items=pack.items,
        content_hash=content_hash,
    )
