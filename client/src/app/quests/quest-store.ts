import { Injectable, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Quest } from '../protocol/generated';

/** How far the player is with each quest. */
@Injectable({ providedIn: 'root' })
export class QuestStore {
  readonly quests = signal<readonly Quest[]>([]);
  readonly current = computed(() =>
    this.quests().filter(({ state }) => state === 'active' || state === 'ready'),
  );
  readonly failed = computed(() => this.quests().filter(({ state }) => state === 'failed'));
  readonly finished = computed(() => this.quests().filter(({ state }) => state === 'completed'));

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.quests.update((quests) => reduceQuests(quests, update)),
    );
  }
}

export function reduceQuests(quests: readonly Quest[], update: StreamUpdate): readonly Quest[] {
  if (update.t === 'me.snapshot') return update.d.parts.quests?.quests ?? quests;
  if (update.t === 'quests.locked') {
    return quests.filter(({ quest }) => quest !== update.d.quest);
  }
  if (update.t !== 'quests.changed') return quests;
  const { quest } = update.d;
  const isKnown = quests.some((each) => each.quest === quest.quest);
  return isKnown
    ? quests.map((each) => (each.quest === quest.quest ? quest : each))
    : [...quests, quest];
}
