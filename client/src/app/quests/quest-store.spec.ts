import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { MeParts, Quest } from '../protocol/generated';
import { QuestStore, reduceQuests } from './quest-store';

const TETHER: Quest = { quest: 'mq1_first_tether', state: 'active', step: 'prove', progress: [] };

function changed(quest: Quest): StreamUpdate {
  return { t: 'quests.changed', s: 'me', first: 2, last: 2, d: { quest } };
}

describe('reduceQuests', () => {
  it('begins with the snapshot of everything that is the player’s', () => {
    const d = { parts: { quests: { quests: [TETHER] } } as unknown as MeParts };
    expect(reduceQuests([], { t: 'me.snapshot', s: 'me', first: 1, last: 1, d })).toEqual([TETHER]);
  });

  it('takes up a new quest and replaces a known one whole', () => {
    const begun = reduceQuests([], changed(TETHER));
    expect(begun).toEqual([TETHER]);
    const ready = { ...TETHER, state: 'ready' as const };
    expect(reduceQuests(begun, changed(ready))).toEqual([ready]);
  });

  it('keeps a quest that has failed apart from those that are done', () => {
    TestBed.configureTestingModule({
      providers: [{ provide: GameSocket, useValue: { updates: new Subject() } }],
    });
    const store = TestBed.inject(QuestStore);
    store.quests.set([{ ...TETHER, state: 'failed', step: null }]);
    expect(store.failed().map(({ quest }) => quest)).toEqual([TETHER.quest]);
    expect([store.current(), store.finished()]).toEqual([[], []]);
  });
});
