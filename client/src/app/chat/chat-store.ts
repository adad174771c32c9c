import { Injectable, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ChatLine } from '../protocol/generated';

export type Channel = 'zone' | 'global' | 'party' | 'whisper';
export const CHANNELS: readonly Channel[] = ['zone', 'global', 'party', 'whisper'];
export type Talk = Readonly<Record<Channel, readonly ChatLine[]>>;

const KEPT_LINES = 200;
const SILENCE: Talk = { zone: [], global: [], party: [], whisper: [] };

/** Where the staff speak: read in every channel but that of whispers. */
export const SYSTEM = 'system';
const ANNOUNCED_IN: readonly Channel[] = ['zone', 'global', 'party'];

/** What a line says in a language; only what the staff announce is there in several. */
export function textOf(line: ChatLine, language: string): string {
  return line.texts?.[language.slice(0, 2)] ?? line.text;
}

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
      if (line.channel === SYSTEM) return announced(talk, line);
      const channel = line.channel as Channel;
      return { ...talk, [channel]: merged(talk[channel] ?? [], [line]) };
    }
    case 'chat.party_current':
      return update.d.party === null ? { ...talk, party: [] } : talk;
    default:
      return talk;
  }
}

function announced(talk: Talk, line: ChatLine): Talk {
  const heard = ANNOUNCED_IN.map((channel) => [channel, merged(talk[channel], [line])]);
  return { ...talk, ...Object.fromEntries(heard) };
}

/** Both in order of their ids, each line once. */
function merged(some: readonly ChatLine[], others: readonly ChatLine[]): readonly ChatLine[] {
  const byId = new Map([...some, ...others].map((line) => [line.id, line]));
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-KEPT_LINES);
}
