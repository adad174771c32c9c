import { Injectable, inject, signal } from '@angular/core';
import { Refusal } from '../connection/frames';
import { ConnectionLostError } from '../connection/unanswered';
import { RestError } from '../rest/rest';
import { RefusalWords } from './refusal-words';

export type NoticeTone = 'refusal' | 'news' | 'gain';

export interface Notice {
  readonly id: number;
  readonly tone: NoticeTone;
  readonly title: string;
  readonly lines: readonly string[];
}

const SHOWN_MS = 6_000;
const SHOWN_AT_MOST = 4;

/** Short messages at the edge of the screen; refusals in the words of the server, or with its numbers. */
@Injectable({ providedIn: 'root' })
export class Notices {
  readonly all = signal<readonly Notice[]>([]);
  private readonly words = inject(RefusalWords);
  private nextId = 1;

  news(title: string, ...lines: string[]): void {
    this.show('news', title, lines);
  }

  gain(title: string, lines: readonly string[]): void {
    this.show('gain', title, lines);
  }

  dismiss(id: number): void {
    this.all.update((notices) => notices.filter((notice) => notice.id !== id));
  }

  /** Show why something failed; what the connection swallowed shows in its own banner. */
  refused(error: unknown): void {
    if (error instanceof ConnectionLostError) return;
    if (error instanceof Refusal) this.show('refusal', this.words.of(error), []);
    else if (error instanceof RestError) this.show('refusal', error.message, []);
    else throw error;
  }

  private show(tone: NoticeTone, title: string, lines: readonly string[]): void {
    const id = this.nextId++;
    this.all.update((notices) => [...notices, { id, tone, title, lines }].slice(-SHOWN_AT_MOST));
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }
}

/** Send a command whose refusal the player should see; `undefined` when it was refused. */
export function injectAsk(): <R>(reply: Promise<R>) => Promise<R | undefined> {
  const notices = inject(Notices);
  return (reply) =>
    reply.catch((error: unknown) => {
      notices.refused(error);
      return undefined;
    });
}
