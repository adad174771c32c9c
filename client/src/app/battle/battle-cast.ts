/** Battles made to order for tests. */
import { SkillInfo } from '../catalogue/catalogue';
import { BattleView, CombatantView, LastingEffect } from '../protocol/generated';

export function combatant(changes: Partial<CombatantView> = {}): CombatantView {
  return {
    id: 1,
    slot: 0,
    team: 0,
    kind: 'character',
    ref: 'cindersmith',
    name: 'Ash',
    level: 1,
    character_id: 7,
    controller: 'human',
    is_connected: true,
    is_ready: true,
    is_alive: true,
    has_fled: false,
    cell: [0, 0],
    hp: 50,
    hp_max: 50,
    ap: 6,
    mp: 3,
    ap_debt: 0,
    mp_debt: 0,
    turns: 1,
    skipped: 0,
    stats: {},
    effects: [],
    skills: [{ id: 'spark_throw', rank: 0, item: '', uses: 0 }],
    uses: [],
    owner: 0,
    is_hidden: false,
    phase: 0,
    began_at: null,
    hp_full: 50,
    ...changes,
  };
}

export function monster(changes: Partial<CombatantView> = {}): CombatantView {
  return combatant({
    id: 2,
    slot: 1,
    team: 1,
    kind: 'monster',
    ref: 'mud_skitter',
    character_id: null,
    skills: [],
    ...changes,
  });
}

/** `.` floor, `#` wall, `~` water, `,` reeds, digits floor of that cost. */
export function battle(rows: readonly string[], combatants: readonly CombatantView[]): BattleView {
  const digits: Readonly<Record<string, string>> = {
    '.': '1',
    '#': '2',
    '~': '0',
    ',': '3',
    '2': '5',
    '3': '9',
  };
  return {
    battle_id: 77,
    mode: 'pve',
    phase: 'fighting',
    round: 1,
    turn: 1,
    turn_owner: 1,
    timeline: combatants.map(({ id }) => id),
    board: {
      width: rows[0]?.length ?? 0,
      height: rows.length,
      terrain: rows.flatMap((row) => [...row].map((cell) => digits[cell] ?? '1')).join(''),
      tags: [],
    },
    placement: [],
    combatants,
    forfeit_votes: [],
    winner: null,
    end_reason: null,
    results: [],
    commitment: '',
    fields: [],
    objectives: [],
    turn_ends_at: null,
  };
}

export function skill(changes: Partial<SkillInfo> = {}): SkillInfo {
  return {
    id: 'spark_throw',
    name: 'Spark Throw',
    description: '',
    icon: '',
    unlock: 1,
    ap: 3,
    mp: 0,
    hp_pct: 0,
    range: { min: 1, max: 5, modifiable: true, axis: false, los: true },
    target: ['enemy'],
    shape: { type: 'single' },
    area_los: true,
    limits: { cooldown: 0, per_turn: 0, per_target: 0, per_fight: 0 },
    requires: [],
    tags: [],
    ranks: [],
    ...changes,
  };
}

export function effect(changes: Partial<LastingEffect> = {}): LastingEffect {
  return {
    id: 1,
    key: 'brace',
    kind: 'shield',
    of: '',
    skill: 'brace',
    source: 1,
    anchor: 'caster',
    anchor_id: 1,
    until: 3,
    value: 15,
    stacks: 1,
    pierce_pct: 0,
    is_harmful: false,
    is_dispellable: true,
    block: '',
    is_waiting: false,
    ...changes,
  };
}
