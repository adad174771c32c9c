import {
  ChangeDetectionStrategy,
  Component,
  ElementRef,
  LOCALE_ID,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { DatePipe } from '@angular/common';
import { GameSocket } from '../connection/game-socket';
import { GuildStore } from '../guild/guild-store';
import { Notices } from '../notices/notices';
import { PartyStore } from '../party/party-store';
import { ChatLine } from '../protocol/generated';
import { BlockedStore } from './blocked-store';
import { CHANNELS, Channel, ChatStore, NEWS, SYSTEM, textOf } from './chat-store';

const CHANNEL_NAMES: Readonly<Record<Channel, string>> = {
  zone: $localize`:@@chat.zone:Here`,
  global: $localize`:@@chat.global:Everyone`,
  party: $localize`:@@chat.party:Party`,
  guild: $localize`:@@chat.guild:Guild`,
  whisper: $localize`:@@chat.whisper:Whispers`,
};

/** What people say, and a line to answer. Text is only ever shown as text. */
@Component({
  selector: 'aether-chat-dock',
  imports: [DatePipe],
  templateUrl: './chat-dock.html',
  styleUrl: './chat-dock.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ChatDock {
  /** The player's own character: its lines look different. */
  readonly ownId = input.required<number>();
  readonly startsFolded = input(false);

  /** Whoever travels alone has no party to talk to, and not everybody has a guild. */
  protected readonly channels = computed(() => {
    const isMissing = { party: !this.party.party(), guild: !this.guild.guild() };
    return CHANNELS.filter((id) => !isMissing[id as keyof typeof isMissing]).map((id) => ({
      id,
      name: CHANNEL_NAMES[id],
    }));
  });
  protected readonly channel = signal<Channel>('zone');
  protected readonly draft = signal('');
  protected readonly whisperTo = signal('');
  protected readonly isFolded = linkedSignal(() => this.startsFolded());
  protected readonly lines = computed(() => this.store.talk()[this.channel()]);
  protected readonly unread = signal<ReadonlySet<Channel>>(new Set());
  protected readonly limit = computed(() => this.socket.hello()?.limits.chat_characters ?? 300);

  protected readonly system = SYSTEM;
  protected readonly news = NEWS;
  protected readonly blocked = inject(BlockedStore);

  private readonly language = inject(LOCALE_ID);
  private readonly socket = inject(GameSocket);
  private readonly store = inject(ChatStore);
  private readonly notices = inject(Notices);
  private readonly party = inject(PartyStore);
  private readonly guild = inject(GuildStore);
  private readonly sayings = viewChild<ElementRef<HTMLElement>>('sayings');
  private readonly entry = viewChild<ElementRef<HTMLInputElement>>('entry');
  private lastSeen: Partial<Record<Channel, number>> = {};

  constructor() {
    effect(() => this.markUnread());
    effect(() => {
      if (!this.channels().some(({ id }) => id === this.channel())) this.open('zone');
    });
    effect(() => {
      this.lines();
      queueMicrotask(() => this.scrollToEnd());
    });
  }

  /** Put the cursor where the player can type. */
  focus(): void {
    this.isFolded.set(false);
    queueMicrotask(() => this.entry()?.nativeElement.focus());
  }

  /** Begin a whisper to somebody. */
  address(name: string): void {
    this.open('whisper');
    this.whisperTo.set(name);
    this.focus();
  }

  protected open(channel: Channel): void {
    this.channel.set(channel);
    this.isFolded.set(false);
    this.unread.update((unread) => new Set([...unread].filter((each) => each !== channel)));
  }

  protected async say(event: Event): Promise<void> {
    event.preventDefault();
    const text = this.draft().trim();
    if (!text) return;
    const channel = this.channel();
    const to = channel === 'whisper' ? this.whisperTo().trim() || null : null;
    if (channel === 'whisper' && !to) return;
    this.write('');
    try {
      await this.socket.send('chat.say', { channel, text, to });
    } catch (error) {
      if (!this.draft()) this.write(text);
      this.notices.refused(error);
    }
  }

  protected leave(event: Event): void {
    event.stopPropagation();
    this.entry()?.nativeElement.blur();
  }

  protected async block(name: string): Promise<void> {
    if (await this.blocked.block(name)) this.whisperTo.set('');
  }

  protected textOf(line: ChatLine): string {
    return textOf(line, this.language);
  }

  protected counterpart(line: ChatLine): string {
    return line.sender === this.ownId() && line.to ? line.to : line.name;
  }

  /** Straight into the field too: it may not have been drawn since the last key was pressed. */
  private write(text: string): void {
    this.draft.set(text);
    const entry = this.entry()?.nativeElement;
    if (entry) entry.value = text;
  }

  private markUnread(): void {
    const talk = this.store.talk();
    const open = this.channel();
    const fresh = CHANNELS.filter(
      (channel) => this.hasNews(channel, talk[channel]) && channel !== open,
    );
    if (fresh.length > 0) this.unread.update((unread) => new Set([...unread, ...fresh]));
  }

  private hasNews(channel: Channel, lines: readonly ChatLine[]): boolean {
    // News of the world have been shown to whoever plays.
    const last = lines.filter((line) => line.channel !== NEWS).at(-1);
    const before = this.lastSeen[channel];
    this.lastSeen[channel] = last?.id ?? before ?? 0;
    return (
      last !== undefined && before !== undefined && last.id > before && last.sender !== this.ownId()
    );
  }

  private scrollToEnd(): void {
    const sayings = this.sayings()?.nativeElement;
    if (sayings) sayings.scrollTop = sayings.scrollHeight;
  }
}
