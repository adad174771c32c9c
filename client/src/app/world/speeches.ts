import { Injectable, computed, inject } from '@angular/core';
import { Speech } from '../board/board-types';
import { ChatStore } from '../chat/chat-store';
import { ServerClock } from '../connection/server-clock';
import { emoteSeen } from '../words/world-words';
import { ZoneStore } from './zone-store';

const SHOWN_MS = 6_000;
const LONGEST_BUBBLE = 120;

/** What stands in the bubble above each head: the last line said here, or the last gesture. */
@Injectable({ providedIn: 'root' })
export class Speeches {
  private readonly chat = inject(ChatStore);
  private readonly clock = inject(ServerClock);
  private readonly zone = inject(ZoneStore);

  readonly byPlayer = computed(() => {
    const speeches = new Map<number, Speech>();
    for (const { sender, text, at } of this.chat.talk().zone.slice(-20)) {
      speeches.set(sender, { text: shortened(text), until: this.clock.toLocalMs(at) + SHOWN_MS });
    }
    const emote = this.zone.lastEmote();
    if (emote) {
      const spoken = speeches.get(emote.player);
      const until = emote.at + SHOWN_MS;
      if (!spoken || spoken.until < until) {
        speeches.set(emote.player, { text: emoteSeen(emote.emote), until, isGesture: true });
      }
    }
    return speeches;
  });

  of(player: number): Speech | null {
    const speech = this.byPlayer().get(player);
    return speech && speech.until > Date.now() ? speech : null;
  }
}

function shortened(text: string): string {
  return text.length > LONGEST_BUBBLE ? `${text.slice(0, LONGEST_BUBBLE)}…` : text;
}
