import { StreamUpdate } from '../connection/frames';
import { Party, PartyInvitation } from '../protocol/generated';
import { ALONE, PartyState, reduceParty } from './party-store';

const ASH = 1;
const BRINE = 2;
const ASKED: PartyInvitation = {
  invitation: 5,
  character: BRINE,
  name: 'Brine',
  members: 1,
  expires_at: 60,
};

function party(...members: number[]): Party {
  return {
    id: 7,
    leader: BRINE,
    invited: [],
    members: members.map((character) => ({
      character,
      name: `c${character}`,
      class_id: 'anchorite',
      level: 3,
      zone: 'lastmoor',
      is_online: true,
    })),
  };
}

function update<T extends StreamUpdate['t']>(
  t: T,
  d: Extract<StreamUpdate, { t: T }>['d'],
  s = 'me',
): StreamUpdate {
  return { t, s, first: 1, last: 1, d } as StreamUpdate;
}

function after(...updates: StreamUpdate[]): PartyState {
  return updates.reduce((state, each) => reduceParty(state, each, ASH), ALONE);
}

describe('reduceParty', () => {
  it('shows the party that the stream shows', () => {
    const shown = update('chat.party', { party: party(BRINE, ASH) }, 'party:7');
    expect(after(shown).party?.members.map(({ character }) => character)).toEqual([BRINE, ASH]);
  });

  it('begins with the snapshot of the stream', () => {
    const shown = update('party.snapshot', { party: party(ASH) }, 'party:7');
    expect(after(shown).party?.leader).toBe(BRINE);
  });

  it('forgets the party when the player is in none, and takes no late news of it', () => {
    const gone = update('chat.party_current', { party: null, stream: null, cause: 'removed' });
    const late = update('chat.party', { party: party(BRINE) }, 'party:7');
    expect(after(update('chat.party', { party: party(ASH) }), gone, late).party).toBeNull();
  });

  it('keeps each invitation once, until it is answered', () => {
    const asked = update('chat.party_invited', { invitation: ASKED });
    expect(after(asked, asked).invitations).toEqual([ASKED]);
    const answered = update('chat.party_answered', {
      invitation: 5,
      name: 'Brine',
      answer: 'withdrawn',
    });
    expect(after(asked, answered).invitations).toEqual([]);
  });

  it('has nothing to offer to who is in a battle', () => {
    const offer = { battle: 9, character: BRINE, name: 'Brine', expires_at: 30 };
    const offered = update('combat.join_offered', { offer });
    expect(after(offered).offers).toEqual([offer]);
    const entered = update('combat.current', { battle: 9, stream: 'battle:9', outcome: null });
    expect(after(offered, entered).offers).toEqual([]);
  });
});
