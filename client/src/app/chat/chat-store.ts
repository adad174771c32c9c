import { Injectable, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ChatLine } from '../protocol/generated';

export type Channel = 'zone' | 'global' | 'party' | 'whisper';
export const CHANNELS: readonly Channel[] = ['zone', 'global', 'party', 'whisper'];
export type Talk = Readonly<Record<Channel, readonly ChatLine[]>>;

const KEPT_LINES = 200;
const SILENCE: Talk = { zone: [], global: [], party: [], whisper: [] };

/** What was said where the player listens. */
@Injectable({ providedIn: 'root' })
export class ChatStore {
  readonly talk = signal<Talk>(SILENCE);

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.talk.update((talk) => reduceTalk(talk, update)),
    );
  }

  forget(): void {
    this.talk.set(SILENCE);
  }

  addHistory(channel: Channel, lines: readonly ChatLine[]): void {
    this.talk.update((talk) => ({ ...talk, [channel]: merged(lines, talk[channel]) }));
  }
}

export function reduceTalk(talk: Talk, update: StreamUpdate): Talk {
  switch (update.t) {
    case 'chat.snapshot': {
      const channel = update.d.channel as Channel;
      return { ...talk, [channel]: update.d.lines };
    }
    case 'chat.line':
    case 'chat.whisper': {
      const { line } = update.d;
      const channel = line.channel as Channel;
      return { ...talk, [channel]: merged(talk[channel] ?? [], [line]) };
    }
    case 'chat.party_current':
      return update.d.party === null ? { ...talk, party: [] } : talk;
    default:
      return talk;
  }
}

/** Both in order of their ids, each line once. */
function merged(some: readonly ChatLine[], others: readonly ChatLine[]): readonly ChatLine[] {
  const byId = new Map([...some, ...others].map((line) => [line.id, line]));
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-KEPT_LINES);
}
