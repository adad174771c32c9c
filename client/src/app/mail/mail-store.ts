import { Injectable, LOCALE_ID, inject, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { Notices } from '../notices/notices';
import { LetterOpened, LetterSeen } from '../protocol/generated';
import { inLanguage } from '../words/world-words';

/** Counts what has come since the mailbox was last looked into, and says so. */
@Injectable({ providedIn: 'root' })
export class MailStore {
  readonly unread = signal(0);
  /** Changes whenever the list of letters has to be read anew. */
  readonly changes = signal(0);
  private readonly notices = inject(Notices);
  private readonly language = inject(LOCALE_ID);

  constructor() {
    inject(GameSocket).updates.subscribe((update) => {
      if (update.t === 'economy.mail_arrived') this.arrive(update.d.letter);
      if (update.t === 'economy.mail_gone') this.changes.update((n) => n + 1);
    });
  }

  private arrive(letter: LetterSeen): void {
    this.unread.update((n) => n + 1);
    this.changes.update((n) => n + 1);
    this.notices.news(
      $localize`:@@mail.arrived:A letter has come: ${letterTitle(letter, this.language)}:subject:`,
    );
  }
}

/** What a letter is about; the house's own are worded by where they come from, or by the content. */
export function letterTitle({ source, subject, title }: LetterSeen, language: string): string {
  switch (source) {
    case 'overflow':
      return $localize`:@@mail.overflow:What you had no room for`;
    case 'market':
      return $localize`:@@mail.market:From the market`;
    case 'auction_won':
      return $localize`:@@mail.auctionWon:You have won an auction`;
    case 'auction_sold':
      return $localize`:@@mail.auctionSold:Your auction has found a buyer`;
    case 'auction_unsold':
      return $localize`:@@mail.auctionUnsold:Your auction has found nobody`;
    case 'correction':
      return $localize`:@@mail.correction:Something was put right`;
    case 'story':
    case 'player':
      return title ? inLanguage(title, language) : subject;
  }
}

/** What a letter says. */
export function letterText({ body, text }: LetterOpened, language: string): string {
  return text ? inLanguage(text, language) : body;
}
