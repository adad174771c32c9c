import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { DiceSeen, SeedPairSeen } from '../protocol/generated';
import { DiceStore } from './dice-store';
import { rememberCommitment, toldCommitment } from './told-commitments';

function pair(number: number, clientSeed = ''): SeedPairSeen {
  return {
    number,
    commitment: `${number}`.padStart(64, '0'),
    client_seed: clientSeed,
    throws: 0,
    started_at: null,
    ended_at: null,
    server_seed: null,
  };
}

function dice(waiting: SeedPairSeen): DiceSeen {
  return { in_use: null, waiting, week_ends_at: 0 };
}

function store(first: DiceSeen) {
  const sent: { t: string; d: unknown }[] = [];
  const welcomed = new Subject<unknown>();
  const updates = new Subject<unknown>();
  let now = first;
  const socket = {
    welcomed,
    updates,
    send: (t: string, d: { pair?: number; seed?: string }) => {
      sent.push({ t, d });
      if (t === 'economy.dice_share') now = dice(pair(d.pair!, d.seed));
      return Promise.resolve(now);
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: socket }] });
  const made = TestBed.inject(DiceStore);
  const settled = (): Promise<unknown> => new Promise((done) => setTimeout(done));
  return {
    store: made,
    sent,
    settled,
    enter: () => welcomed.next({ character: { id: 7 } }),
    tell: (seen: DiceSeen) =>
      updates.next({ t: 'economy.dice_changed', d: { dice: seen } } as unknown as StreamUpdate),
  };
}

describe('DiceStore', () => {
  beforeEach(() => localStorage.clear());

  it('puts chance into a pair that its owner gave no word for, and remembers what was told', async () => {
    const { store: dice_, sent, settled, enter } = store(dice(pair(1)));
    enter();
    await settled();
    expect(sent.map(({ t }) => t)).toEqual(['economy.dice', 'economy.dice_share']);
    expect(dice_.dice()?.waiting.client_seed).toMatch(/^[0-9a-f]{32}$/);
    expect(toldCommitment(7, 1)).toBe(pair(1).commitment);
  });

  it('leaves a word that is there, and shares in each pair that comes next', async () => {
    const { sent, settled, enter, tell } = store(dice(pair(1, 'aa')));
    enter();
    await settled();
    expect(sent.map(({ t }) => t)).toEqual(['economy.dice']);
    tell(dice(pair(2)));
    await settled();
    expect(sent.at(-1)).toMatchObject({ t: 'economy.dice_share', d: { pair: 2 } });
    expect(toldCommitment(7, 2)).toBe(pair(2).commitment);
  });

  it('believes what was told first', () => {
    rememberCommitment(7, 1, 'first');
    rememberCommitment(7, 1, 'second');
    expect(toldCommitment(7, 1)).toBe('first');
    expect(toldCommitment(8, 1)).toBeNull();
    localStorage.setItem('aether.dice.7', '{');
    expect(toldCommitment(7, 1)).toBeNull();
  });
});
