import { ChangeDetectionStrategy, Component, LOCALE_ID, inject, signal } from '@angular/core';
import { ServerClock } from '../connection/server-clock';
import { injectAsk } from '../notices/notices';
import { SeedPairSeen } from '../protocol/generated';
import { DiceStore } from './dice-store';

/** The player's dice outside battles: what the house has committed to, one's own word, and past proofs. */
@Component({
  selector: 'aether-dice-panel',
  templateUrl: './dice-panel.html',
  styleUrl: './dice-panel.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class DicePanel {
  protected readonly store = inject(DiceStore);
  protected readonly word = signal('');
  protected readonly ended = signal<readonly SeedPairSeen[] | null>(null);
  protected readonly next = signal<number | null>(null);
  protected readonly isBusy = signal(false);

  private readonly ask = injectAsk();
  private readonly clock = inject(ServerClock);
  private readonly moments = new Intl.DateTimeFormat(inject(LOCALE_ID), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });

  protected async opened(isOpen: boolean): Promise<void> {
    if (!isOpen) return;
    await this.ask(this.store.load());
    await this.list();
  }

  protected async putIn(event: Event): Promise<void> {
    event.preventDefault();
    await this.busy(this.store.share(this.word()));
    this.word.set('');
  }

  protected async reveal(): Promise<void> {
    await this.busy(this.store.reveal());
    await this.list();
  }

  protected async more(): Promise<void> {
    const page = await this.ask(this.store.ended(this.next()));
    if (!page) return;
    this.ended.update((known) => [...(known ?? []), ...page.pairs]);
    this.next.set(page.next);
  }

  protected address(pair: number): string {
    return `verify/dice/${this.store.character()}/${pair}`;
  }

  protected moment(seconds: number): string {
    return this.moments.format(this.clock.toLocalMs(seconds));
  }

  private async list(): Promise<void> {
    this.ended.set(null);
    this.next.set(null);
    await this.more();
  }

  private async busy(work: Promise<void>): Promise<void> {
    this.isBusy.set(true);
    await this.ask(work);
    this.isBusy.set(false);
  }
}
