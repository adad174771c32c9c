/** What waits on somebody for a moment, and answers to it when the cast is through. */
import { EffectInfo, SkillInfo } from '../catalogue/catalogue';
import { LastingEffect } from '../protocol/generated';
import { effectAt } from './forecast-ground';
import { Standing } from './forecast-scene';

const DEPTH_MAX = 8;

/** Something that happened to `who`; `other` had a part in it, `was` is the life before. */
interface Occasion {
  readonly on: string;
  readonly who: Standing | null;
  readonly other: Standing | null;
  readonly was?: number;
}

/** A trigger whose moment has come; with `reflected`, damage that goes back instead. */
export interface Answer {
  readonly bearer: Standing;
  readonly effect: LastingEffect;
  readonly other: Standing | null;
  readonly reflected?: number;
}

interface Waiting extends Answer {
  readonly depth: number;
}

interface Known {
  readonly effect: LastingEffect;
  readonly trigger: EffectInfo;
}

export class Reactions {
  private waiting: readonly Waiting[] = [];
  private readonly fired = new Set<number>();
  private readonly learnt = new Map<number, EffectInfo>();
  private depth = 0;

  constructor(private readonly skills: Readonly<Record<string, SkillInfo>>) {}

  /** Know what something that was laid just now will do. */
  learn({ id }: LastingEffect, trigger: EffectInfo): void {
    this.learnt.set(id, trigger);
  }

  triggerOf({ id, block }: LastingEffect): EffectInfo | undefined {
    return this.learnt.get(id) ?? effectAt(this.skills, block);
  }

  /** Queue what answers: by priority, then slot, then age. */
  notice(...occasions: readonly Occasion[]): void {
    const found = occasions.flatMap((occasion) => this.answersTo(occasion));
    found.sort((a, b) => b.priority - a.priority || a.slot - b.slot || a.age - b.age);
    for (const { answer } of found) this.later(answer);
  }

  /** Each answers once to whatever began it all. */
  later(answer: Answer): void {
    if (this.fired.has(answer.effect.id) || this.depth >= DEPTH_MAX) return;
    this.fired.add(answer.effect.id);
    this.waiting = [...this.waiting, { ...answer, depth: this.depth + 1 }];
  }

  /** First come, first served; what an answer sets off waits behind the others. */
  settle(react: (answer: Answer) => void): void {
    for (let [next, ...others] = this.waiting; next; [next, ...others] = this.waiting) {
      this.waiting = others;
      this.depth = next.depth;
      react(next);
    }
    this.depth = 0;
  }

  /** Let one thing happen inside another, unless too much does already. */
  inside(happening: () => void): void {
    if (this.depth >= DEPTH_MAX) return;
    this.depth++;
    happening();
    this.depth--;
  }

  /** What makes something not happen, or changes it, in its order. */
  before({ effects }: Standing, on: string, stage: string): readonly Known[] {
    return effects
      .filter(({ kind, of, is_waiting }) => isTrigger(kind, of, on, is_waiting))
      .flatMap((effect) => {
        const trigger = this.triggerOf(effect);
        return trigger?.stage === stage ? [{ effect, trigger }] : [];
      })
      .sort((a, b) => priorityOf(b.trigger) - priorityOf(a.trigger) || a.effect.id - b.effect.id);
  }

  private answersTo({ on, who, other, was }: Occasion) {
    if (!who?.isAlive || !isKnown(who)) return [];
    return who.effects.flatMap((effect) => {
      if (!isTrigger(effect.kind, effect.of, on, effect.is_waiting)) return [];
      const trigger = this.triggerOf(effect);
      const isReaction = trigger && (trigger.stage ?? 'react') === 'react';
      if (!isReaction || !isCrossed(trigger, who, was)) return [];
      return [
        {
          priority: priorityOf(trigger),
          slot: who.view.slot,
          age: effect.id,
          answer: { bearer: who, effect, other },
        },
      ];
    });
  }
}

function isTrigger(kind: string, of: string, on: string, isWaiting: boolean): boolean {
  return kind === 'trigger' && of === on && !isWaiting;
}

function priorityOf({ priority }: EffectInfo): number {
  return priority ?? 0;
}

/** Nothing is foretold of who is unseen. */
function isKnown({ view }: Standing): boolean {
  return !view.is_hidden || view.skills.length > 0;
}

/** Whether life went below the line of a trigger just now; true of other moments. */
function isCrossed(trigger: EffectInfo, { hp, view }: Standing, was: number | undefined): boolean {
  if (was === undefined) return true;
  const line = (trigger.below_pct ?? 50) * view.hp_full;
  return was * 100 >= line && line > hp * 100;
}
