"""Who thinks, how, and about what: the battle as its team knows it, and what a place is worth."""

from __future__ import annotations

from functools import cached_property

from aether.protocol.combat_values import Cell, Element

from ..board import distance
from ..casting import as_known, check_summons, check_usable, is_target, use_of
from ..definitions import ProfileDef, Rulebook, SkillDef, Target
from ..hurting import Defence, defence_of, sent
from ..refusals import Refusal
from ..sight import Sight, sight_over
from ..state import Battle, Combatant
from ..stats import ELEMENTS, has_state, stat
from .places import FAR, Places, may_walk, outset_of, places_of

AFK_PROFILE = "guard"
_INDIFFERENT = ProfileDef(id="indifferent", damage=10, kill=100, approach=5)
_BLOW_BASE, _BLOW_PER_LEVEL = 10, 3
"""What somebody without any power strikes for, by the measure of content: threats are compared by it."""
_LEAVING = 4
"""How far who hits and leaves wants to be from its enemies, at least."""


class Mind:
    """Who thinks: its profile, what it may cast, whom it knows of, and what it has worked out so far.

    `battle` is what its team knows. Nothing of it changes while it thinks, so what was worked out once
    for a place, a blow or somebody's defence holds until the decision is made.
    """

    def __init__(self, battle: Battle, who: int, rulebook: Rulebook) -> None:
        me = battle.of(who)
        self.battle, self.rulebook, self.me = battle, rulebook, me
        self.standing = tuple([each for each in battle.combatants if each.is_alive])
        living = [each for each in self.standing if battle.builds[each.slot].kind != "object"]
        self.enemies = tuple([each for each in living if each.team != me.team])
        self.allies = tuple([each for each in living if each.team == me.team and each.id != who])
        self.usable = tuple(_usable(battle, me, rulebook))
        self.profile, band = _character(battle, me, rulebook)
        self.band = _wanted_band(me, self.profile, band, is_spent=not self.usable)
        self.may_walk = may_walk(me, self.profile)
        self.is_taunted = bool(me.effects) and has_state(me, "taunt")
        self.blows: dict[tuple[int, int, int], int] = {}
        self.may_meet: dict[tuple[str, Cell, int], bool] = {}
        self._powers: dict[Element, tuple[int, int, int, int]] = {}
        self._defences: dict[tuple[int, Element], Defence] = {}
        self._threats: dict[int, int] = {}
        self._greatest: dict[bool, int] = {}
        self._targets: dict[tuple[Target, ...], tuple[tuple[Combatant, int], ...]] = {}

    @cached_property
    def places(self) -> Places:
        """Where it may go; whoever can neither walk nor cast need not know."""
        me, profile = self.me, self.profile
        return places_of(
            outset_of(self.battle, me, profile, self.band, enemies=self.enemies, allies=self.allies)
        )

    def position(self, cell: Cell) -> int:
        return self.places.position(cell)

    @cached_property
    def sight(self) -> Sight:
        return sight_over(self.battle.header.board)

    @cached_property
    def others_at(self) -> dict[Cell, list[Combatant]]:
        """Who else stands where; whoever is unseen may be thought to be where somebody is."""
        there: dict[Cell, list[Combatant]] = {}
        for each in self.others:
            there.setdefault(each.cell, []).append(each)
        return there

    @cached_property
    def others(self) -> list[Combatant]:
        return [each for each in self.standing if each is not self.me]

    @cached_property
    def unseen(self) -> tuple[Combatant, ...]:
        """Who of the others is hidden: only where it was seen last is known."""
        combatants = self.battle.combatants
        return tuple([each for each in combatants if each.is_hidden and each.team != self.me.team])

    @cached_property
    def blockers(self) -> int:
        """Who would be in the way of a line, one bit a cell; one is never in one's own."""
        seen = [each.cell for each in self.standing if not each.is_hidden and each is not self.me]
        return self.sight.mask(seen)

    def power(self, element: Element) -> tuple[int, int, int, int]:
        """Return what the own stats make of a blow of an element: power, flat, `out_pct`, `pierce_pct`."""
        known = self._powers.get(element)
        if known is None:
            battle, me = self.battle, self.me
            known = self._powers[element] = (
                stat(battle, me, "power_" + element) + stat(battle, me, "power_all"),
                stat(battle, me, "flat_" + element) + stat(battle, me, "flat_all"),
                stat(battle, me, "out_pct"),
                stat(battle, me, "pierce_pct"),
            )
        return known

    def defence(self, target: Combatant, element: Element) -> Defence:
        key = (target.slot, element)
        known = self._defences.get(key)
        if known is None:
            known = self._defences[key] = defence_of(self.battle, target, element)
        return known

    def targets(self, skill: SkillDef) -> tuple[tuple[Combatant, int], ...]:
        """Return whom a skill can be aimed at among those who stand, and how far from here each is."""
        known = self._targets.get(skill.target)
        if known is None:
            battle, me = self.battle, self.me
            known = self._targets[skill.target] = tuple(
                [
                    (each, distance(me.cell, each.cell))
                    for each in self.standing
                    if is_target(battle, me, skill, each.cell, each)
                ]
            )
        return known

    def threat_pct(self, target: Combatant) -> int:
        """Return how dangerous somebody is, in percent of the most dangerous of its side."""
        is_enemy = target.team != self.me.team
        most = self._greatest.get(is_enemy)
        if most is None:
            side = self.enemies if is_enemy else (*self.allies, self.me)
            most = self._greatest[is_enemy] = max([self._threat(each) for each in side], default=0)
        return self._threat(target) * 100 // most if most else 100

    def _threat(self, of: Combatant) -> int:
        """Return what a turn of somebody may do, by what everybody sees of it: level, stats and effects."""
        known = self._threats.get(of.slot)
        if known is None:
            known = self._threats[of.slot] = _threat_of(self.battle, of)
        return known


def _threat_of(battle: Battle, of: Combatant) -> int:
    power = max([stat(battle, of, "power_" + element) for element in ELEMENTS])
    flat = max([stat(battle, of, "flat_" + element) for element in ELEMENTS])
    blow = sent(
        _BLOW_BASE + _BLOW_PER_LEVEL * battle.build(of).level,
        power=power + stat(battle, of, "power_all"),
        flat=flat + stat(battle, of, "flat_all"),
        out_pct=stat(battle, of, "out_pct"),
    )
    return blow * stat(battle, of, "ap_max")


def _character(battle: Battle, me: Combatant, rulebook: Rulebook) -> tuple[ProfileDef, tuple[int, int]]:
    """Return by what profile and at what distance somebody fights.

    A character whose player is gone keeps the distance of its first skill.
    """
    build = battle.build(me)
    monster = rulebook.monsters.get(build.ref)
    if monster is not None and build.kind != "character":
        return rulebook.ai.get(monster.ai.profile, _INDIFFERENT), monster.ai.band
    reach = rulebook.skills[build.skills[0].id].range
    return rulebook.ai.get(AFK_PROFILE, _INDIFFERENT), (max(1, reach.min), max(1, reach.max))


def _wanted_band(
    me: Combatant, profile: ProfileDef, band: tuple[int, int], *, is_spent: bool
) -> tuple[int, int]:
    if me.hp * 100 < me.hp_max * profile.flee_below_pct:
        return FAR, FAR
    if profile.leaves and is_spent:
        return max(band[1], _LEAVING), FAR
    return band


def _usable(battle: Battle, me: Combatant, rulebook: Rulebook) -> list[tuple[SkillDef, int]]:
    build = battle.build(me)
    monster = rulebook.monsters.get(build.ref)
    reserved = monster.ai.reserved if monster is not None else ()
    usable = []
    for slot in build.skills:
        if slot.id in reserved or slot.item:
            continue
        skill = rulebook.skills[slot.id]
        if me.effects:
            skill = as_known(me, skill)
        # Most of what cannot be cast costs too much or is not ready: that needs no refusal to be known.
        if me.ap < skill.ap or (me.uses and use_of(me, skill.id).ready_at > me.turns):
            continue
        try:
            check_usable(battle, me, skill)
            check_summons(battle, me, skill, slot.rank)
        except Refusal:
            continue
        usable.append((skill, slot.rank))
    return usable
