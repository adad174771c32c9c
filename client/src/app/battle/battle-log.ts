/** What happened in a battle, as sentences. */
import { Cell } from '../board/board-types';
import { cellName } from '../board/cell-label';
import {
  BattleEnded,
  BattleEvent,
  BattleView,
  EffectChanged,
  LastingEffect,
  Moved,
  PointsChanged,
} from '../protocol/generated';
import { combatantOf, effectiveStat } from './combatants';
import { whatItDoes } from './effect-words';

export type LogTone = 'plain' | 'own' | 'harm' | 'help' | 'end';

export interface LogLine {
  readonly id: number;
  readonly text: string;
  readonly tone: LogTone;
}

export interface LogWords {
  /** A combatant as people call it. */
  readonly name: (id: number) => string;
  readonly skill: (id: string) => string;
  readonly element: (id: string) => string;
  readonly state: (id: string) => string;
  readonly line: (who: number, line: string) => string;
}

type Said = readonly [text: string, tone: LogTone] | null;

/** The sentence for an event; null when there is nothing to say about it. */
export function sentenceFor(event: BattleEvent, battle: BattleView, words: LogWords): Said {
  return (
    flowSentence(event, battle, words) ??
    actionSentence(event, words) ??
    boardSentence(event, words) ??
    stateSentence(event, battle, words)
  );
}

function flowSentence(event: BattleEvent, battle: BattleView, { name }: LogWords): Said {
  switch (event.e) {
    case 'joined':
      return [$localize`:@@log.joined:${event.combatant.name}:name: joins the battle.`, 'help'];
    case 'fight_started':
      return [$localize`:@@log.fightStarted:The battle begins.`, 'plain'];
    case 'round_started':
      return [$localize`:@@log.round:Round ${event.round}:round:`, 'end'];
    case 'turn_skipped':
      return [$localize`:@@log.turnSkipped:${name(event.who)}:name: lets the turn pass.`, 'plain'];
    case 'connection_changed':
      return event.is_connected
        ? [$localize`:@@log.cameBack:${name(event.who)}:name: is back.`, 'plain']
        : [$localize`:@@log.wentAway:${name(event.who)}:name: has lost the connection.`, 'plain'];
    case 'forfeit_voted':
      return [$localize`:@@log.forfeit:${name(event.who)}:name: gives up.`, 'plain'];
    case 'fled':
      return [$localize`:@@log.fled:${name(event.who)}:name: flees.`, 'plain'];
    case 'battle_ended':
      return endSentence(event, battle, name);
    default:
      return null;
  }
}

function endSentence({ winner }: BattleEnded, battle: BattleView, name: LogWords['name']): Said {
  const winners = battle.combatants.filter(
    ({ team, owner, kind }) => team === winner && !owner && kind !== 'object',
  );
  const names = winners.map(({ id }) => name(id)).join(', ');
  return names
    ? [$localize`:@@log.won:The battle is over. Victory: ${names}:names:.`, 'end']
    : [$localize`:@@log.ended:The battle is over. Nobody has won.`, 'end'];
}

function actionSentence(event: BattleEvent, words: LogWords): Said {
  const { name, skill } = words;
  switch (event.e) {
    case 'skill_cast':
      return event.is_crit
        ? [
            $localize`:@@log.castCritical:${name(event.who)}:name: uses ${skill(event.skill)}:skill: – a critical hit!`,
            'own',
          ]
        : [
            $localize`:@@log.cast:${name(event.who)}:name: uses ${skill(event.skill)}:skill:.`,
            'own',
          ];
    case 'damaged':
      return damageSentence(event, words);
    case 'healed':
      return [
        $localize`:@@log.healed:${name(event.who)}:name: recovers ${event.amount}:amount: health.`,
        'help',
      ];
    case 'died':
      return [$localize`:@@log.died:${name(event.who)}:name: falls.`, 'harm'];
    case 'moved':
      return walkSentence(event, name(event.who));
    case 'displaced':
      return [
        $localize`:@@log.displaced:${name(event.who)}:name: is moved to ${nameOfLast(event.path)}:cell:.`,
        'plain',
      ];
    case 'collided':
      return [
        $localize`:@@log.collided:${name(event.who)}:name: crashes into an obstacle.`,
        'plain',
      ];
    default:
      return null;
  }
}

/** Whoever does not see the board learns from this where everybody stands. */
function walkSentence({ path, stopped }: Moved, name: string): Said {
  if (!path.length) return [$localize`:@@log.stopped:${name}:name: is held back.`, 'plain'];
  const cell = nameOfLast(path);
  return stopped
    ? [$localize`:@@log.walkedSoFar:${name}:name: goes to ${cell}:cell: and is held back.`, 'plain']
    : [$localize`:@@log.walked:${name}:name: goes to ${cell}:cell:.`, 'plain'];
}

function nameOfLast(path: readonly Cell[]): string {
  const last = path.at(-1);
  return last ? cellName(last) : '';
}

/** What appears on the board, vanishes from it or lies on it. */
function boardSentence(event: BattleEvent, { name, skill, line }: LogWords): Said {
  switch (event.e) {
    case 'summoned':
      return event.combatant.kind === 'object'
        ? [$localize`:@@log.wall:The way is closed by ${name(event.combatant.owner)}:name:.`, 'own']
        : [$localize`:@@log.summoned:${name(event.combatant.owner)}:name: calls for help.`, 'own'];
    case 'revived':
      return [$localize`:@@log.revived:${name(event.who)}:name: stands again.`, 'help'];
    case 'vanished':
      return [
        $localize`:@@log.vanished:${name(event.who)}:name: cannot be seen any more.`,
        'plain',
      ];
    case 'appeared':
      return [$localize`:@@log.appeared:${name(event.who)}:name: can be seen again.`, 'plain'];
    case 'glimpsed':
      return [$localize`:@@log.glimpsed:${name(event.who)}:name: shows for a moment.`, 'plain'];
    case 'field_laid':
      return event.field.kind === 'trap'
        ? [
            $localize`:@@log.trapLaid:A trap of ${name(event.field.source)}:name: lies hidden.`,
            'own',
          ]
        : [
            $localize`:@@log.glyphLaid:The ground changes: ${skill(event.field.skill)}:skill:.`,
            'own',
          ];
    case 'field_fired':
      return [$localize`:@@log.fieldFired:${skill(event.field.skill)}:skill: strikes.`, 'harm'];
    case 'field_revealed':
      return [$localize`:@@log.trapRevealed:A trap comes to light.`, 'plain'];
    case 'said':
      return [`${name(event.who)}: “${line(event.who, event.line)}”`, 'end'];
    default:
      return null;
  }
}

function damageSentence(event: Extract<BattleEvent, { e: 'damaged' }>, words: LogWords): Said {
  const target = words.name(event.who);
  const element = words.element(event.element);
  if (event.is_dodged) {
    return [
      $localize`:@@log.dodged:${target}:name: partly dodges and loses ${event.lost}:amount: health (${element}:element:).`,
      'harm',
    ];
  }
  if (event.redirected > 0) {
    return [
      $localize`:@@log.redirected:${target}:name: loses ${event.lost}:amount: health (${element}:element:); a guardian takes ${event.redirected}:redirected:.`,
      'harm',
    ];
  }
  if (event.absorbed > 0) {
    return [
      $localize`:@@log.absorbed:${target}:name: loses ${event.lost}:amount: health (${element}:element:); the shield takes ${event.absorbed}:absorbed:.`,
      'harm',
    ];
  }
  return [
    $localize`:@@log.damaged:${target}:name: loses ${event.lost}:amount: health (${element}:element:).`,
    'harm',
  ];
}

function stateSentence(event: BattleEvent, battle: BattleView, words: LogWords): Said {
  const { name, state } = words;
  switch (event.e) {
    case 'effect_applied':
      return appliedSentence(event, words);
    case 'effect_changed':
      return grownSentence(event, battle, words);
    case 'points_changed':
      return lossSentence(event, battle, name(event.who));
    case 'effect_resisted':
      return [$localize`:@@log.resisted:${name(event.who)}:name: resists.`, 'plain'];
    case 'effect_ended': {
      const ended = combatantOf(battle, event.who)?.effects.find(
        ({ id }) => id === event.effect_id,
      );
      if (!ended || event.why === 'replaced' || !['state', 'shield'].includes(ended.kind))
        return null;
      return ended.kind === 'shield'
        ? [$localize`:@@log.shieldEnded:The shield of ${name(event.who)}:name: is gone.`, 'plain']
        : [
            $localize`:@@log.stateEnded:${name(event.who)}:name: is no longer ${state(ended.of)}:state:.`,
            'plain',
          ];
    }
    default:
      return null;
  }
}

/** Points that somebody lost to another; those of a new turn are no news. */
function lossSentence(event: PointsChanged, battle: BattleView, name: string): Said {
  const before = combatantOf(battle, event.who);
  if (!before) return null;
  const lost = (pool: 'ap' | 'mp') => {
    const owed = event[`${pool}_debt`] - before[`${pool}_debt`];
    // Less than before is no new turn, unless there was more than a new turn gives.
    const isAbove = before[pool] > effectiveStat(before, `${pool}_max`);
    return Math.max(0, owed, owed || isAbove ? 0 : before[pool] - event[pool]);
  };
  const [ap, mp] = [lost('ap'), lost('mp')];
  if (ap)
    return [$localize`:@@log.lostAp:${name}:name: loses ${ap}:points: action points.`, 'harm'];
  return mp
    ? [$localize`:@@log.lostMp:${name}:name: loses ${mp}:points: movement points.`, 'harm']
    : null;
}

function appliedSentence(
  event: Extract<BattleEvent, { e: 'effect_applied' }>,
  words: LogWords,
): Said {
  const { effect, who } = event;
  const { name, state } = words;
  if (effect.kind === 'shield') {
    return [
      $localize`:@@log.shielded:A shield of ${effect.value}:amount: protects ${name(who)}:name:.`,
      'help',
    ];
  }
  if (effect.kind === 'state') {
    return [$localize`:@@log.state:${name(who)}:name: is ${state(effect.of)}:state:.`, 'harm'];
  }
  if (effect.kind === 'dot') {
    return [$localize`:@@log.dot:${name(who)}:name: suffers a lingering wound.`, 'harm'];
  }
  return effect.kind === 'tenacity' || effect.kind === 'lifetime'
    ? null
    : bearingSentence(who, effect, words);
}

/** What is laid on somebody once more; that a shield wears off is told with the blow. */
function grownSentence(event: EffectChanged, battle: BattleView, words: LogWords): Said {
  const { who, effect_id, value, stacks } = event;
  const before = combatantOf(battle, who)?.effects.find(({ id }) => id === effect_id);
  return before && stacks > before.stacks
    ? bearingSentence(who, { ...before, value, stacks }, words)
    : null;
}

function bearingSentence(who: number, effect: LastingEffect, { name, skill }: LogWords): Said {
  const what = whatItDoes(effect);
  return [
    $localize`:@@log.bears:${skill(effect.skill)}:skill: on ${name(who)}:name:: ${what}:what:.`,
    effect.is_harmful ? 'harm' : 'help',
  ];
}
