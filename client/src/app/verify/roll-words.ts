/** What a roll was for, and what it decided, in the reader's language. */
import { BattleEvent } from '../protocol/generated';
import { PlacedRoll } from './verification';

const PURPOSES: Readonly<Record<string, string>> = {
  order: $localize`:@@roll.order:order of turns`,
  loot: $localize`:@@roll.loot:loot`,
  crit: $localize`:@@roll.crit:critical hit`,
  dodge: $localize`:@@roll.dodge:dodge`,
  damage: $localize`:@@roll.damage:damage`,
  heal: $localize`:@@roll.heal:healing`,
  shield: $localize`:@@roll.shield:shield`,
  dot: $localize`:@@roll.dot:lingering wound`,
  hot: $localize`:@@roll.hot:lasting healing`,
  drain_ap: $localize`:@@roll.drainAp:loss of an action point`,
  choice: $localize`:@@roll.choice:which of equally good moves`,
  rule: $localize`:@@roll.rule:luck of a monster's own rule`,
  drain_mp: $localize`:@@roll.drainMp:loss of a movement point`,
};

export function purposeOf(why: string): string {
  return (Object.hasOwn(PURPOSES, why) && PURPOSES[why]) || why.replaceAll('_', ' ');
}

/** What followed from a roll; empty where the log shows nothing of it by itself. */
export function decisionOf({ roll, decided, who }: PlacedRoll): string {
  if (roll.why === 'choice')
    return roll.n > 1
      ? $localize`:@@roll.chosen:number ${roll.value + 1}:number: of ${roll.n}:count:`
      : $localize`:@@roll.noChoice:there was only one`;
  switch (decided?.e) {
    case 'fight_started':
      return $localize`:@@roll.place:place ${decided.timeline.indexOf(who) + 1}:place: in the order`;
    case 'skill_cast':
      return decided.is_crit
        ? $localize`:@@roll.isCrit:a critical hit`
        : $localize`:@@roll.isNoCrit:no critical hit`;
    case 'damaged':
      return roll.why === 'dodge' ? dodgeDecision(decided) : baseDecision(decided);
    case 'healed':
      return $localize`:@@roll.healed:${decided.amount}:amount: health`;
    case 'effect_applied':
      return strength(decided.effect.value);
    case 'effect_changed':
      return strength(decided.value);
    default:
      return '';
  }
}

type Damaged = Extract<BattleEvent, { e: 'damaged' }>;

function dodgeDecision({ is_dodged }: Damaged): string {
  return is_dodged
    ? $localize`:@@roll.isDodged:half dodged`
    : $localize`:@@roll.isNotDodged:not dodged`;
}

function baseDecision({ base }: Damaged): string {
  return $localize`:@@roll.base:${base}:amount: before strength and resistance`;
}

function strength(value: number): string {
  return $localize`:@@roll.strength:a strength of ${value}:amount:`;
}
