import { DatePipe } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  LOCALE_ID,
  computed,
  effect,
  inject,
  output,
  signal,
} from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { GoodsList } from '../exchange/goods-list';
import { injectAsk } from '../notices/notices';
import { LetterOpened, LetterSeen, Mailbox } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { LetterCorrection } from './letter-correction';
import { LetterForm } from './letter-form';
import { MailStore, letterText, letterTitle } from './mail-store';

/** The mailbox: letters, what they bring and ask for, and a way to write one. */
@Component({
  selector: 'aether-mail-window',
  imports: [DatePipe, GoodsList, LetterCorrection, LetterForm, WindowFrame],
  templateUrl: './mail-window.html',
  styleUrl: './mail-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MailWindow {
  readonly closed = output();

  protected readonly heading = $localize`:@@mail.title:Mail`;
  protected readonly titleOf = letterTitle;
  protected readonly textOf = letterText;
  protected readonly language = inject(LOCALE_ID);
  protected readonly letters = signal<readonly LetterSeen[]>([]);
  protected readonly before = signal<number | null>(null);
  protected readonly opened = signal<LetterOpened | null>(null);
  protected readonly isWriting = signal(false);
  protected readonly isBusy = signal(false);
  protected readonly house = $localize`:@@mail.house:The house`;
  protected readonly hasGoods = computed(() => (this.opened()?.letter.attached ?? 0) > 0);

  private readonly socket = inject(GameSocket);
  private readonly store = inject(MailStore);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => {
      this.store.changes();
      void this.read();
    });
  }

  protected async read(): Promise<void> {
    const mailbox = await this.ask(this.socket.send('economy.mail', { before: null }));
    if (mailbox) this.show(mailbox, []);
  }

  protected async readMore(): Promise<void> {
    const before = this.before();
    const mailbox = await this.ask(this.socket.send('economy.mail', { before }));
    if (mailbox) this.show(mailbox, this.letters());
  }

  protected async open({ id }: LetterSeen): Promise<void> {
    this.opened.set(
      (await this.ask(this.socket.send('economy.mail_open', { letter: id }))) ?? null,
    );
    await this.read();
  }

  /** Take one of the things that are attached, or all (null); what is asked for is paid first, whole. */
  protected async take({ letter }: LetterOpened, asset: string | null): Promise<void> {
    this.isBusy.set(true);
    const body = { letter: letter.id, cod: letter.cod, asset };
    const taken = await this.ask(this.socket.send('economy.mail_take', body));
    if (taken) this.opened.set(taken);
    await this.read();
    this.isBusy.set(false);
  }

  protected async discard({ letter }: LetterOpened): Promise<void> {
    const isGone = await this.ask(this.socket.send('economy.mail_discard', { letter: letter.id }));
    if (isGone) this.opened.set(null);
    await this.read();
  }

  private show(mailbox: Mailbox, shown: readonly LetterSeen[]): void {
    this.letters.set([...shown, ...mailbox.letters]);
    this.before.set(mailbox.before);
    this.store.unread.set(mailbox.unread);
  }
}
