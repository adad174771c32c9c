import { MeParts, Profile } from '../protocol/generated';
import { reduceProfile } from './profile-store';

const ASH: Profile = {
  character: 7,
  name: 'Ash',
  class_id: 'cindersmith',
  level: 1,
  xp: 10,
  xp_next: 432,
  stat_points: 0,
  stats: {},
};

describe('reduceProfile', () => {
  it('comes with the snapshot and changes as a whole', () => {
    const parts = { profile: ASH } as MeParts;
    const known = reduceProfile(null, {
      t: 'me.snapshot',
      s: 'me',
      first: 1,
      last: 1,
      d: { parts },
    });
    expect(known).toEqual(ASH);
    const profile = { ...ASH, level: 2, stat_points: 5 };
    const grown = { profile, gained_xp: 430, gained_levels: 1 };
    expect(
      reduceProfile(known, { t: 'accounts.profile_changed', s: 'me', first: 2, last: 2, d: grown }),
    ).toEqual(profile);
  });
});
