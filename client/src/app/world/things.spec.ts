import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Inspected } from '../protocol/generated';
import { Things } from './things';

const LOCKED: Inspected = {
  object: {
    kind: 'object',
    id: 'mast',
    object_type: 'guild_banner',
    cell: [1, 1],
    state: 'bare',
    version: 0,
    blocks: [],
    is_door: false,
    guild: null,
  },
  name: 'Bare mast',
  text: '',
  actions: [
    { action: 'raise', label: 'Raise', locked: 'It takes a guild.' },
    { action: 'look', label: 'Look', locked: null },
  ],
};
const FREE = {
  ...LOCKED,
  actions: LOCKED.actions.map((choice) => ({ ...choice, locked: null })),
};

function told(id: string): StreamUpdate {
  const object = { ...LOCKED.object, id };
  const d = { instance: 'lastmoor.1', object };
  return { t: 'world.object_changed', s: 'me', first: 1, last: 1, d } as StreamUpdate;
}

function toldAll(...ids: readonly string[]): StreamUpdate {
  const objects = ids.map((id) => ({ ...LOCKED.object, id }));
  const d = { instance: 'lastmoor.1', objects };
  return { t: 'world.objects_changed', s: 'me', first: 1, last: 1, d };
}

describe('Things', () => {
  let updates = new Subject<StreamUpdate>();
  let looked = 0;

  function open(): Things {
    looked = 0;
    updates = new Subject<StreamUpdate>();
    const answers = [LOCKED, FREE];
    const send = () => Promise.resolve(answers[looked++]);
    TestBed.configureTestingModule({
      providers: [{ provide: GameSocket, useValue: { updates, send } }],
    });
    return TestBed.inject(Things);
  }

  it('looks again at the thing that is open when it is told anew', async () => {
    const things = open();
    await things.use('mast');
    expect(things.seen()?.actions[0]?.locked).toBe('It takes a guild.');
    updates.next(told('door'));
    updates.next(told('mast'));
    await new Promise((done) => setTimeout(done));
    expect(things.seen()?.actions[0]?.locked).toBeNull();
    expect(looked).toBe(2);
  });

  it('looks again at what may be used otherwise, and leaves what it may see no more', async () => {
    const things = open();
    await things.use('mast');
    updates.next(toldAll('door', 'mast'));
    await new Promise((done) => setTimeout(done));
    expect(things.seen()?.actions[0]?.locked).toBeNull();
    updates.next(toldAll('door'));
    await new Promise((done) => setTimeout(done));
    expect([things.seen(), looked]).toEqual([null, 2]);
  });

  it('opens nothing again that was left meanwhile', async () => {
    const things = open();
    await things.use('mast');
    updates.next(told('mast'));
    things.leave();
    await new Promise((done) => setTimeout(done));
    expect(things.seen()).toBeNull();
  });
});
