import { StreamUpdate } from '../connection/frames';
import { Guild, GuildChanged, GuildInvitation, GuildMember } from '../protocol/generated';
import { GuildState, NONE, folded, reduceGuild } from './guild-store';

const NOW = 1_000;
const ASKED: GuildInvitation = {
  invitation: 5,
  guild: 'Lamplighters',
  name: 'Brine',
  members: 3,
  expires_at: 2_000,
};

function member(name: string, rank: number, away_since: number | null = null): GuildMember {
  return { name, rank, shard: 'first', joined_at: 1, away_since };
}

function guild(...members: GuildMember[]): Guild {
  return {
    id: 7,
    name: 'Lamplighters',
    leader: 'Brine',
    motd: '',
    founded_at: 1,
    ranks: [
      { id: 1, name: 'Leader', permissions: ['invite', 'kick'] },
      { id: 2, name: 'Member', permissions: [] },
    ],
    members,
    invited: [],
  };
}

const NO_CHANGE: GuildChanged = {
  name: null,
  leader: null,
  motd: null,
  ranks: null,
  invited: null,
  members: [],
  gone: [],
};

function update<T extends StreamUpdate['t']>(
  t: T,
  d: Extract<StreamUpdate, { t: T }>['d'],
): StreamUpdate {
  return { t, s: 'guild:7', first: 1, last: 1, d } as StreamUpdate;
}

function after(...updates: StreamUpdate[]): GuildState {
  return updates.reduce((state, each) => reduceGuild(state, each, 'Ash', NOW), NONE);
}

const SHOWN = update('guild.snapshot', { guild: guild(member('Brine', 1), member('Ash', 2)) });

describe('reduceGuild', () => {
  it('shows the guild that the stream shows', () => {
    expect(after(SHOWN).guild?.members.map(({ name }) => name)).toEqual(['Brine', 'Ash']);
  });

  it('folds what has changed, and keeps the rest', () => {
    const changed = update('chat.guild_changed', {
      ...NO_CHANGE,
      motd: '',
      members: [member('Brine', 1, 900), member('Cole', 2)],
    });
    const after_ = after(SHOWN, changed).guild;
    expect(after_?.members.map(({ name, away_since }) => [name, away_since])).toEqual([
      ['Brine', 900],
      ['Ash', null],
      ['Cole', null],
    ]);
    expect(after_?.leader).toBe('Brine');
  });

  it('lets members go', () => {
    const left = folded(guild(member('Brine', 1), member('Ash', 2)), {
      ...NO_CHANGE,
      gone: ['Brine'],
    });
    expect(left.members.map(({ name }) => name)).toEqual(['Ash']);
  });

  it('forgets a guild that the player is sent away from, and takes no late news of it', () => {
    const gone = update('chat.guild_current', {
      guild: null,
      stream: null,
      name: 'Lamplighters',
      cause: 'removed',
    });
    const late = update('chat.guild_changed', { ...NO_CHANGE, motd: 'still there?' });
    expect(after(SHOWN, gone, late).guild).toBeNull();
    const without = update('chat.guild_changed', { ...NO_CHANGE, gone: ['Ash'] });
    expect(after(SHOWN, without).guild).toBeNull();
  });

  it('keeps each invitation once, while it is open and until it is answered', () => {
    const asked = update('chat.guild_invited', { invitation: ASKED });
    expect(after(asked, asked).invitations).toEqual([ASKED]);
    const lapsed = { ...ASKED, invitation: 4, expires_at: 500 };
    expect(after(update('chat.guild_invited', { invitation: lapsed }), asked).invitations).toEqual([
      ASKED,
    ]);
    const answered = update('chat.guild_answered', {
      invitation: 5,
      name: 'Brine',
      answer: 'withdrawn',
    });
    expect(after(asked, answered).invitations).toEqual([]);
  });
});
