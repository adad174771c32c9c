import { Injectable, Signal, computed, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { ChatLine } from '../protocol/generated';
import { BlockedStore } from './blocked-store';

export type Channel = 'zone' | 'global' | 'party' | 'guild' | 'whisper';
export const CHANNELS: readonly Channel[] = ['zone', 'global', 'party', 'guild', 'whisper'];
export type Talk = Readonly<Record<Channel, readonly ChatLine[]>>;

const KEPT_LINES = 200;
const SILENCE: Talk = { zone: [], global: [], party: [], guild: [], whisper: [] };

/** Where the staff speak: read in every channel but that of whispers. */
export const SYSTEM = 'system';
/** What the world tells of itself, read there too: lines of this window, which no server knows. */
export const NEWS = 'news';
const ANNOUNCED_IN: readonly Channel[] = ['zone', 'global', 'party', 'guild'];

/** What a line says in a language; only what the staff announce is there in several. */
export function textOf(line: ChatLine, language: string): string {
  return line.texts?.[language.slice(0, 2)] ?? line.text;
}

/** What was said where the player listens, by those whom the player wants to hear. */
@Injectable({ providedIn: 'root' })
export class ChatStore {
  private readonly blocked = inject(BlockedStore);
  private readonly clock = inject(ServerClock);
  private readonly said = signal<Talk>(SILENCE);
  private readonly news = signal<readonly ChatLine[]>([]);
  private readonly zone = this.heardIn('zone');
  private readonly global = this.heardIn('global');
  private readonly party = this.heardIn('party');
  private readonly guild = this.heardIn('guild');
  private readonly whisper = this.heardIn('whisper');
  private nextNews = -1;

  readonly talk = computed<Talk>(() => ({
    zone: this.zone(),
    global: this.global(),
    party: this.party(),
    guild: this.guild(),
    whisper: this.whisper(),
  }));

  constructor() {
    inject(GameSocket).updates.subscribe((update) =>
      this.said.update((talk) => reduceTalk(talk, update)),
    );
  }

  /** Let the world say something of itself. */
  tell(text: string): void {
    const line: ChatLine = {
      id: this.nextNews--,
      channel: NEWS,
      sender: 0,
      name: '',
      text,
      at: this.clock.now(),
      to: null,
      texts: {},
    };
    this.news.update((news) => [...news, line].slice(-KEPT_LINES));
  }

  forget(): void {
    this.said.set(SILENCE);
    this.news.set([]);
    this.blocked.forget();
  }

  /** Changes only with the channel's own lines: what is said elsewhere moves nothing here. */
  private heardIn(channel: Channel): Signal<readonly ChatLine[]> {
    const lines = computed(() => this.said()[channel]);
    const news = computed(() => (ANNOUNCED_IN.includes(channel) ? this.news() : []));
    return computed(() => heard(lines(), news(), (name) => this.blocked.has(name)));
  }
}

/** The lines of a channel with the news among them, without those of whom one does not hear. */
export function heard(
  lines: readonly ChatLine[],
  news: readonly ChatLine[],
  isBlocked: (name: string) => boolean,
): readonly ChatLine[] {
  const audible = lines.filter((line) => line.channel === SYSTEM || !isBlocked(line.name));
  return news.length ? [...audible, ...news].sort((a, b) => a.at - b.at) : audible;
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
    case 'chat.guild_current':
      return update.d.guild === null ? { ...talk, guild: [] } : talk;
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
