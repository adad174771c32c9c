import { Injectable, inject, signal } from '@angular/core';
import { StreamUpdate } from '../connection/frames';
import { GameSocket } from '../connection/game-socket';
import { Notices } from '../notices/notices';
import { TradeSeen } from '../protocol/generated';

const OVER: readonly TradeSeen['state'][] = ['committed', 'cancelled', 'expired'];

/** The trade that the player is in, or was asked for. */
@Injectable({ providedIn: 'root' })
export class TradeStore {
  readonly trade = signal<TradeSeen | null>(null);
  private readonly notices = inject(Notices);

  constructor() {
    inject(GameSocket).updates.subscribe((update) => {
      const before = this.trade();
      this.trade.set(reduceTrade(before, update));
      if (update.t === 'economy.trade_changed' && before?.id === update.d.trade.id) {
        this.announceEnd(update.d.trade);
      }
    });
  }

  /** What a command was answered: the update may come before or after it. */
  seen(trade: TradeSeen): void {
    this.trade.update((before) => withTrade(before, trade));
  }

  private announceEnd({ state, partner_name: name }: TradeSeen): void {
    if (state === 'committed') {
      this.notices.gain($localize`:@@trade.done:You have traded with ${name}:name:.`, []);
    } else if (state === 'cancelled' || state === 'expired') {
      this.notices.news($localize`:@@trade.over:The trade with ${name}:name: is over.`);
    }
  }
}

export function reduceTrade(before: TradeSeen | null, update: StreamUpdate): TradeSeen | null {
  if (update.t === 'me.snapshot') return update.d.parts.trade?.trade ?? null;
  return update.t === 'economy.trade_changed' ? withTrade(before, update.d.trade) : before;
}

/** What is over goes away; an older revision of the same trade says nothing new. */
function withTrade(before: TradeSeen | null, trade: TradeSeen): TradeSeen | null {
  const isSame = before?.id === trade.id;
  if (OVER.includes(trade.state)) return isSame ? null : before;
  if (isSame && before.rev > trade.rev) return before;
  const isBusy = before !== null && !isSame && before.state !== 'invited';
  return isBusy ? before : trade;
}
