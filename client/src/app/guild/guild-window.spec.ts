import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import axe from 'axe-core';
import { Subject } from 'rxjs';
import { GameSocket } from '../connection/game-socket';
import { StreamUpdate } from '../connection/frames';
import { Guild, GuildRank } from '../protocol/generated';
import { GuildWindow } from './guild-window';

const GUILD: Guild = {
  id: 7,
  name: 'Lamplighters',
  leader: 'Brine',
  motd: 'To the kiln.',
  founded_at: 1,
  ranks: [
    {
      id: 1,
      name: 'Leader',
      permissions: ['invite', 'kick', 'promote', 'ranks', 'motd', 'props', 'dissolve'],
    },
    { id: 2, name: 'Officer', permissions: ['invite', 'kick', 'promote'] },
    { id: 3, name: 'Member', permissions: [] },
  ],
  members: [
    { name: 'Ash', rank: 3, shard: 'first', joined_at: 3, away_since: 9 },
    { name: 'Brine', rank: 1, shard: 'first', joined_at: 1, away_since: null },
    { name: 'Cole', rank: 2, shard: 'second', joined_at: 2, away_since: null },
  ],
  invited: [{ invitation: 5, name: 'Dory', expires_at: 99 }],
};

async function opened(own: string, ...updates: Pick<StreamUpdate, 't' | 'd'>[]) {
  const told = new Subject<StreamUpdate>();
  const sent: [string, unknown][] = [];
  const socket = {
    hello: signal({ character: { id: 1, name: own } }),
    updates: told,
    welcomed: new Subject(),
    send: (t: string, d: unknown) => {
      sent.push([t, d]);
      return Promise.resolve({});
    },
  };
  TestBed.configureTestingModule({ providers: [{ provide: GameSocket, useValue: socket }] });
  const fixture = TestBed.createComponent(GuildWindow);
  document.body.append(fixture.nativeElement);
  for (const each of updates) {
    told.next({ s: 'guild:7', first: 1, last: 1, ...each } as StreamUpdate);
  }
  await fixture.whenStable();
  const host = fixture.nativeElement as HTMLElement;
  const seen = (id: string) => host.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  const press = async (id: string): Promise<void> => {
    seen(id)?.click();
    await fixture.whenStable();
  };
  return { host, seen, press, sent };
}

const SHOWN = { t: 'guild.snapshot', d: { guild: GUILD } } as const;

describe('GuildWindow', () => {
  it('lists members by rank, who is here first, and who was asked', async () => {
    const { host, seen } = await opened('Ash', SHOWN);
    const listed = [...host.querySelectorAll('[data-testid^="guild-member-"]')];
    expect(listed.map((each) => each.getAttribute('data-testid'))).toEqual([
      'guild-member-Brine',
      'guild-member-Cole',
      'guild-member-Ash',
    ]);
    expect(seen('guild-invited-Dory')).not.toBeNull();
  });

  it('offers what the own rank permits, to those below it', async () => {
    const { host, seen } = await opened('Cole', SHOWN);
    expect(seen('guild-kick-Ash')).not.toBeNull();
    expect(seen('guild-kick-Brine')).toBeNull();
    expect(seen('guild-rank-of-Ash')?.querySelectorAll('option')).toHaveLength(1);
    expect(seen('guild-motd-edit')).toBeNull();
    expect(seen('guild-disband')).toBeNull();
    expect(host.querySelector('[data-testid^="guild-crown-"]')).toBeNull();
  });

  it('offers a member nothing but to leave', async () => {
    const { host, seen } = await opened('Ash', SHOWN);
    expect(seen('guild-leave')).not.toBeNull();
    expect(host.querySelector('[data-testid^="guild-kick-"]')).toBeNull();
    expect(host.querySelector('[data-testid^="guild-rank-edit-"]')).toBeNull();
  });

  it('sends nobody away at the first press', async () => {
    const { press, sent } = await opened('Brine', SHOWN);
    await press('guild-kick-Ash');
    expect(sent).toEqual([]);
    await press('guild-kick-Ash');
    expect(sent).toEqual([['chat.guild_kick', { name: 'Ash' }]]);
  });

  it('asks somebody no more', async () => {
    const { press, sent } = await opened('Cole', SHOWN);
    await press('guild-withdraw-Dory');
    expect(sent).toEqual([['chat.guild_withdraw', { invitation: 5 }]]);
    TestBed.resetTestingModule();
    expect((await opened('Ash', SHOWN)).seen('guild-withdraw-Dory')).toBeNull();
  });

  it('moves ranks among those below the own one', async () => {
    const scout = { id: 4, name: 'Scout', permissions: [] };
    const ranks = [...GUILD.ranks.slice(0, 2), scout, ...GUILD.ranks.slice(2)];
    const { seen, press, sent } = await opened('Brine', {
      t: 'guild.snapshot',
      d: { guild: { ...GUILD, ranks } },
    });
    for (const id of ['up-Leader', 'down-Leader', 'up-Officer', 'down-Member'])
      expect(seen(`guild-rank-${id}`)).toBeNull();
    await press('guild-rank-up-Scout');
    await press('guild-rank-down-Officer');
    expect(sent).toEqual([
      ['chat.guild_rank_move', { rank: 4, below: 1 }],
      ['chat.guild_rank_move', { rank: 2, below: 4 }],
    ]);
  });

  it('offers no move that gives newcomers what the player lacks', async () => {
    const [leader, officer, member] = GUILD.ranks as [GuildRank, GuildRank, GuildRank];
    const warden: GuildRank = { id: 4, name: 'Warden', permissions: ['ranks'] };
    const ranks = [leader, warden, officer, member];
    const members = GUILD.members.map((each) =>
      each.name === 'Cole' ? { ...each, rank: 4 } : each,
    );
    const { seen } = await opened('Cole', {
      t: 'guild.snapshot',
      d: { guild: { ...GUILD, ranks, members } },
    });
    expect(seen('guild-rank-edit-Officer')).not.toBeNull();
    expect(seen('guild-rank-down-Officer')).toBeNull();
    expect(seen('guild-rank-up-Member')).toBeNull();
  });

  it('has no barriers, with a rank being written and without a guild', async () => {
    const rules = { 'color-contrast': { enabled: false } };
    const led = await opened('Brine', SHOWN);
    led.host.querySelector('details')!.open = true;
    await led.press('guild-rank-edit-Officer');
    expect(led.seen('guild-rank-name')).not.toBeNull();
    expect((await axe.run(led.host, { rules })).violations.map(({ id }) => id)).toEqual([]);
    TestBed.resetTestingModule();
    const alone = await opened('Brine');
    expect(alone.seen('no-guild')).not.toBeNull();
    expect((await axe.run(alone.host, { rules })).violations.map(({ id }) => id)).toEqual([]);
  });
});
