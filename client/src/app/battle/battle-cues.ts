/** What an event looks like on the board. */
import { BattleCue, Cell } from '../board/board-types';
import { BattleEvent, BattleView, SkillCast } from '../protocol/generated';
import { combatantOf } from './combatants';

type Unnumbered<C> = C extends unknown ? Omit<C, 'id'> : never;
export type CueDraft = Unnumbered<BattleCue>;

export interface CueWords {
  readonly area: (event: SkillCast) => { cells: readonly Cell[]; element: CastElement };
  readonly dodged: string;
  readonly state: (id: string) => string;
  readonly resisted: string;
  readonly seen: string;
  readonly line: (who: number, line: string) => string;
  /** The element of a skill, as the board colours it. */
  readonly castElement: (skill: string) => CastElement;
  readonly skill: (id: string) => string;
  readonly over: (what: string) => string;
}

type CastElement = Extract<BattleCue, { kind: 'cast' }>['element'];

/** `battle` is how things stood before the event. */
export function cuesFor(event: BattleEvent, battle: BattleView, words: CueWords): CueDraft[] {
  switch (event.e) {
    case 'moved':
      return motion('walk', event.who, event.path, battle);
    case 'displaced':
      return motion('push', event.who, event.path, battle);
    case 'skill_cast': {
      const { cells, element } = words.area(event);
      return [
        { kind: 'note', target: event.who, text: words.skill(event.skill) },
        { kind: 'cast', caster: event.who, cell: event.cell, area: cells, element },
      ];
    }
    case 'damaged':
      return damage(event, words);
    case 'field_fired':
      return [
        {
          kind: 'cast',
          caster: event.who,
          cell: event.field.centre,
          area: event.field.cells,
          element: words.castElement(event.field.skill),
        },
      ];
    case 'vanished':
      return [{ kind: 'note', target: event.who, text: words.state('invisible') }];
    case 'appeared':
    case 'glimpsed':
      return [{ kind: 'note', target: event.who, text: words.seen }];
    case 'revived':
      return [{ kind: 'heal', target: event.who, amount: event.hp }];
    case 'said':
      return [{ kind: 'note', target: event.who, text: words.line(event.who, event.line) }];
    case 'healed':
      return event.amount > 0 ? [{ kind: 'heal', target: event.who, amount: event.amount }] : [];
    case 'effect_applied':
      return applied(event, words);
    case 'effect_ended':
      return ended(event, battle, words);
    case 'effect_resisted':
      return [{ kind: 'note', target: event.who, text: words.resisted }];
    default:
      return [];
  }
}

function motion(
  kind: 'walk' | 'push',
  who: number,
  path: readonly Cell[],
  battle: BattleView,
): CueDraft[] {
  const from = combatantOf(battle, who)?.cell;
  return from && path.length > 0 ? [{ kind, target: who, path: [from, ...path] }] : [];
}

function damage(event: Extract<BattleEvent, { e: 'damaged' }>, words: CueWords): CueDraft[] {
  const shown: CueDraft[] = [{ kind: 'damage', target: event.who, amount: event.lost }];
  if (event.absorbed > 0)
    shown.unshift({ kind: 'shield', target: event.who, amount: event.absorbed });
  if (event.is_dodged) shown.unshift({ kind: 'note', target: event.who, text: words.dodged });
  return shown;
}

function applied(
  { who, effect }: Extract<BattleEvent, { e: 'effect_applied' }>,
  words: CueWords,
): CueDraft[] {
  if (effect.kind === 'shield') return [{ kind: 'shield', target: who, amount: effect.value }];
  if (effect.kind === 'state') return [{ kind: 'note', target: who, text: words.state(effect.of) }];
  const isNamed = ['dot', 'hot', 'mod', 'redirect', 'reflect'].includes(effect.kind);
  return isNamed ? [{ kind: 'note', target: who, text: words.skill(effect.skill) }] : [];
}

/** What is over, struck through by its sign: a state, or what a skill had left on somebody. */
function ended(
  { who, effect_id, why }: Extract<BattleEvent, { e: 'effect_ended' }>,
  battle: BattleView,
  words: CueWords,
): CueDraft[] {
  const effect = combatantOf(battle, who)?.effects.find(({ id }) => id === effect_id);
  if (!effect || why === 'replaced') return [];
  if (effect.kind === 'state') {
    return [{ kind: 'note', target: who, text: words.over(words.state(effect.of)) }];
  }
  const isNamed = ['shield', 'dot', 'hot', 'mod', 'redirect', 'reflect'].includes(effect.kind);
  return isNamed
    ? [{ kind: 'note', target: who, text: words.over(words.skill(effect.skill)) }]
    : [];
}
