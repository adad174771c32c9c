import { Injectable, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Profile } from '../protocol/generated';

/** Who the player is now: level, experience, stat points. */
@Injectable({ providedIn: 'root' })
export class ProfileStore {
  readonly profile = signal<Profile | null>(null);

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.profile.update((profile) => reduceProfile(profile, update)),
    );
  }
}

export function reduceProfile(profile: Profile | null, update: StreamUpdate): Profile | null {
  if (update.t === 'me.snapshot') return update.d.parts.profile ?? profile;
  return update.t === 'accounts.profile_changed' ? update.d.profile : profile;
}
