import { Injectable, inject, signal } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { Notices } from '../notices/notices';
import { LetterSeen } from '../protocol/generated';

/** Counts what has come since the mailbox was last looked into, and says so. */
@Injectable({ providedIn: 'root' })
export class MailStore {
  readonly unread = signal(0);
  /** Changes whenever the list of letters has to be read anew. */
  readonly changes = signal(0);
  private readonly notices = inject(Notices);

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
      $localize`:@@mail.arrived:A letter has come: ${letterTitle(letter)}:subject:`,
    );
  }
}

/** What a letter is about; the house's own are worded by where they come from. */
export function letterTitle({ source, subject }: LetterSeen): string {
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
    case 'player':
      return subject;
  }
}
