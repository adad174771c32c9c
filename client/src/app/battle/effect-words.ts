/** What a lasting effect does, in a few words. */
import { LastingEffect } from '../protocol/generated';
import { elementName, stateName, statName } from '../words/elements';

export function whatItDoes({ kind, of, value, stacks }: LastingEffect): string {
  const amount = value * stacks;
  switch (kind) {
    case 'shield':
      return $localize`:@@effect.shield:shield ${value}:amount:`;
    case 'dot':
      return $localize`:@@effect.dot:${amount}:amount: ${elementName(of)}:element: each turn`;
    case 'hot':
      return $localize`:@@effect.hot:heals ${amount}:amount: each turn`;
    case 'mod':
      return `${amount > 0 ? '+' : ''}${amount} ${statName(of)}`;
    case 'state':
      return stateName(of);
    case 'redirect':
      return $localize`:@@effect.redirect:${value}:amount: % of the damage goes to a guardian`;
    case 'reflect':
      return $localize`:@@effect.reflect:${value}:amount: % of the damage comes back`;
    case 'trigger':
      return $localize`:@@effect.trigger:waits for its moment`;
    case 'skill_mod':
      return $localize`:@@effect.skillMod:changes a skill`;
    case 'lifetime':
      return $localize`:@@effect.lifetime:stands for a while`;
    default:
      return $localize`:@@effect.tenacity:cannot be ${stateName(of)}:state: again yet`;
  }
}
