"""The combat content of a release, and the compiled rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec

from .base import Amount, Definition, Id, Percent, Small, Text
from .fighters import ClassDef, MonsterDef, ProfileDef
from .skills import CarriedDef, SkillDef

RULES_VERSION = 6


class FallDamage(Definition, frozen=True, kw_only=True, tag_field="type", tag="damage_pct"):
    """Who falls loses a share of its life, pure, at most `cap`, and is back on the cell.

    `whole` is the life that it began with, which wear does not make cheaper.
    """

    of: Literal["whole", "max", "current", "missing"] = "whole"
    pct: Percent
    cap: Amount = 10_000


class FallDeath(Definition, frozen=True, kw_only=True, tag_field="type", tag="kill"):
    """Who falls is gone, past every shield."""


class TagDef(Definition, frozen=True, kw_only=True):
    """What a tag on a cell means; `effect` is what happens to who is pushed off it."""

    id: Id
    name: Text
    effect: FallDamage | FallDeath | None = None
    fall_pct: Small = 0
    """What releases of before say instead: a share of the whole life."""

    def __post_init__(self) -> None:
        if self.effect is not None and self.fall_pct:
            raise ValueError("a fall is one of `effect` and `fall_pct`")

    @property
    def fall(self) -> FallDamage | FallDeath | None:
        """What happens to who is pushed off it, however the release says it."""
        return self.effect or (FallDamage(pct=self.fall_pct) if self.fall_pct else None)


class WearDef(Definition, frozen=True, kw_only=True):
    """How wounds wear down the most that one can have: by `pct` of the loss, to `floor_pct` of all."""

    pct: Small = 10
    floor_pct: Percent = 30


class TenacityDef(Definition, frozen=True, kw_only=True):
    """Which states, once ended, cannot be laid again on their bearer for so many of its turns."""

    states: tuple[Literal["stun", "root", "silence", "taunt"], ...] = ("stun", "silence", "taunt")
    turns: Annotated[int, msgspec.Meta(ge=1, le=5)] = 1

    def __post_init__(self) -> None:
        if len(set(self.states)) != len(self.states):
            raise ValueError("a state is named twice")


class BattleDef(Definition, frozen=True, kw_only=True):
    """How battles of this game go; with `strict`, the quicker act first, whatever the team.

    Releases of before know no `wear` and no `tenacity`: what they do not say is as it was then.
    """

    id: Id
    timeline: Literal["alternate", "strict"] = "alternate"
    wear: WearDef = WearDef()
    tenacity: TenacityDef = TenacityDef()


_USUAL = BattleDef(id="rules")

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
    def rules(self) -> BattleDef:
        """How battles go, whatever the name of the file that says so."""
        return next(iter(self.battle.values()), _USUAL)


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
