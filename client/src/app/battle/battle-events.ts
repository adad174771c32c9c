/** Folds what happened into the battle as this player sees it: assigns what the server says, computes no rule. */
import { Cell } from '../board/board-types';
import {
  BattleEvent,
  BattleView,
  CombatantView,
  Field,
  SkillCast,
  SkillUse,
} from '../protocol/generated';
import { combatantOf } from './combatants';

type Fold<E> = (battle: BattleView, event: E) => BattleView;
type Folds = { readonly [Tag in BattleEvent['e']]: Fold<Extract<BattleEvent, { e: Tag }>> };

export function applyEvent(battle: BattleView, event: BattleEvent): BattleView {
  const isKnown = Object.hasOwn(FOLDS, event.e);
  return isKnown ? (FOLDS[event.e] as Fold<BattleEvent>)(battle, event) : battle;
}

export function applyEvents(battle: BattleView, events: readonly BattleEvent[]): BattleView {
  return events.reduce(applyEvent, battle);
}

const unchanged = (battle: BattleView): BattleView => battle;

const FOLDS: Folds = {
  placed: (battle, { who, cell }) =>
    revised(battle, who, (combatant) => ({ cell, ...beginning(combatant, cell) })),
  readied: (battle, { who }) => changed(battle, who, { is_ready: true }),
  fight_started: (battle, { timeline }) => ({ ...battle, phase: 'fighting', timeline }),
  round_started: (battle, { round }) => ({ ...battle, round }),
  turn_started: (battle, { who, turn, turns }) => ({
    ...revised(battle, who, (combatant) => ({
      turns,
      ...beginning(combatant, combatant.cell),
    })),
    turn,
    turn_owner: who,
  }),
  tombstone_passed: (battle, { who, turns }) => changed(battle, who, { turns }),
  turn_ended: (battle) => ({ ...battle, turn_owner: 0 }),
  points_changed: (battle, { who, ap, mp, ap_debt, mp_debt }) =>
    changed(battle, who, { ap, mp, ap_debt, mp_debt }),
  moved: (battle, { who, path, mp }) => changed(battle, who, { mp, ...cellAtEnd(path) }),
  skill_cast: (battle, event) => paid(battle, event),
  damaged: (battle, { who, hp, hp_max }) => changed(battle, who, { hp, hp_max }),
  healed: (battle, { who, hp }) => changed(battle, who, { hp }),
  effect_applied: (battle, { who, effect }) =>
    revised(battle, who, (combatant) => ({ effects: [...combatant.effects, effect] })),
  effect_changed: (battle, { who, effect_id, value, stacks, until, is_waiting }) =>
    revised(battle, who, ({ effects }) => ({
      effects: effects.map((each) =>
        each.id === effect_id ? { ...each, value, stacks, until, is_waiting } : each,
      ),
    })),
  effect_ended: (battle, { who, effect_id }) =>
    revised(battle, who, ({ effects }) => ({
      effects: effects.filter(({ id }) => id !== effect_id),
    })),
  effect_resisted: unchanged,
  displaced: (battle, { who, path }) => changed(battle, who, cellAtEnd(path)),
  collided: unchanged,
  died: (battle, { who }) =>
    changed(battle, who, { is_alive: false, is_hidden: false, hp: 0, effects: [] }),
  revived: (battle, { who, hp }) => changed(battle, who, { is_alive: true, hp, ap: 0, mp: 0 }),
  summoned: (battle, { combatant, timeline }) => ({
    ...battle,
    timeline,
    combatants: [...battle.combatants, entered(combatant)],
  }),
  joined: (battle, { combatant }) => ({
    ...battle,
    combatants: [...battle.combatants, entered(combatant)],
  }),
  vanished: (battle, { who, mp }) => changed(battle, who, { is_hidden: true, mp }),
  appeared: (battle, { who, cell, mp }) => changed(battle, who, { is_hidden: false, cell, mp }),
  glimpsed: (battle, { who, cell }) => changed(battle, who, { cell }),
  field_laid: (battle, { field }) => ({ ...battle, fields: [...battle.fields, field] }),
  field_fired: (battle, { field }) =>
    field.kind === 'trap' ? { ...battle, fields: without(battle, field) } : battle,
  field_revealed: (battle, { field }) => ({
    ...battle,
    fields: [...without(battle, field), field],
  }),
  field_ended: (battle, { field_id, kind }) => ({
    ...battle,
    fields: without(battle, { id: field_id, kind }),
  }),
  cooldown_changed: (battle, { who, skill, ready_at }) =>
    revised(battle, who, (combatant) => ({ uses: withCooldown(combatant, skill, ready_at) })),
  said: unchanged,
  rule_followed: (battle, { who, phase }) => changed(battle, who, { phase }),
  fled: (battle, { who }) =>
    changed(battle, who, {
      is_alive: false,
      has_fled: true,
      is_hidden: false,
      hp: 0,
      effects: [],
    }),
  forfeit_voted: (battle, { who }) => ({
    ...battle,
    forfeit_votes: [...battle.forfeit_votes, who],
  }),
  connection_changed: (battle, { who, is_connected }) => changed(battle, who, { is_connected }),
  turn_skipped: (battle, { who, skipped }) => changed(battle, who, { skipped }),
  controller_changed: (battle, { who, controller }) => changed(battle, who, { controller }),
  battle_ended: (battle, { winner, reason, results }) => ({
    ...battle,
    phase: 'ended',
    turn_owner: 0,
    winner,
    end_reason: reason,
    results,
  }),
  rolled: unchanged,
};

function entered(combatant: CombatantView): CombatantView {
  return { ...combatant, ...beginning(combatant, combatant.cell) };
}

/** Whoever's skills are known belongs to the own side: where its turn began is known as well. */
function beginning({ skills }: CombatantView, cell: Cell): Pick<CombatantView, 'began_at'> {
  return { began_at: skills.length > 0 ? cell : null };
}

function changed(battle: BattleView, who: number, changes: Partial<CombatantView>): BattleView {
  return revised(battle, who, () => changes);
}

function revised(
  battle: BattleView,
  who: number,
  revise: (combatant: CombatantView) => Partial<CombatantView>,
): BattleView {
  const combatants = battle.combatants.map((each) =>
    each.id === who ? { ...each, ...revise(each) } : each,
  );
  return { ...battle, combatants };
}

function without(battle: BattleView, gone: Pick<Field, 'id' | 'kind'>): Field[] {
  return battle.fields.filter(({ id, kind }) => id !== gone.id || kind !== gone.kind);
}

function withCooldown(combatant: CombatantView, skill: string, ready_at: number): SkillUse[] {
  const before = combatant.uses.find((use) => use.skill === skill);
  const unused = { skill, turn: 0, turn_uses: 0, turn_targets: [], fight_uses: 0 };
  return sorted(combatant, { ...(before ?? unused), ready_at });
}

function sorted(combatant: CombatantView, use: SkillUse): SkillUse[] {
  const others = combatant.uses.filter(({ skill }) => skill !== use.skill);
  return [...others, use].sort((a, b) => (a.skill < b.skill ? -1 : 1));
}

function cellAtEnd(path: CombatantView['cell'][] | readonly CombatantView['cell'][]) {
  const cell = path.at(-1);
  return cell ? { cell } : {};
}

/** Only the own team's uses are known; for the others there is nothing to keep. */
function paid(battle: BattleView, event: SkillCast): BattleView {
  const caster = combatantOf(battle, event.who);
  if (!caster) return battle;
  const uses = caster.skills.length > 0 ? withUse(caster, event) : caster.uses;
  return changed(battle, event.who, { ap: event.ap, mp: event.mp, hp: event.hp, uses });
}

function withUse(caster: CombatantView, event: SkillCast): readonly SkillUse[] {
  const before = caster.uses.find(({ skill }) => skill === event.skill);
  const thisTurn = before?.turn === caster.turns ? before : undefined;
  const use: SkillUse = {
    skill: event.skill,
    ready_at: event.ready_at,
    turn: caster.turns,
    turn_uses: (thisTurn?.turn_uses ?? 0) + 1,
    turn_targets: [...(thisTurn?.turn_targets ?? []), ...(event.target ? [event.target] : [])],
    fight_uses: (before?.fight_uses ?? 0) + 1,
  };
  return sorted(caster, use);
}
