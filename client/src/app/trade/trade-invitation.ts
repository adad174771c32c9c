import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { TradeSeen } from '../protocol/generated';
import { TradeStore } from './trade-store';

/** Somebody asks for a trade. */
@Component({
  selector: 'aether-trade-invitation',
  template: `
    <section
      class="panel question"
      role="alertdialog"
      data-testid="trade-invitation"
      i18n-aria-label="@@trade.label"
      aria-label="Trade"
    >
      <p i18n="@@trade.invited">
        <b>{{ trade().partner_name }}</b> would like to trade with you.
      </p>
      <div>
        <button
          class="button button--main button--small"
          type="button"
          data-testid="accept-trade"
          (click)="accept()"
          i18n="@@trade.accept"
        >
          Trade
        </button>
        <button
          class="button button--small"
          type="button"
          (click)="decline()"
          i18n="@@trade.decline"
        >
          Not now
        </button>
      </div>
    </section>
  `,
  styles: `
    .question {
      display: grid;
      gap: 10px;
      padding: 14px 18px;
    }
    div {
      display: flex;
      gap: 8px;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TradeInvitation {
  readonly trade = input.required<TradeSeen>();

  private readonly socket = inject(GameSocket);
  private readonly store = inject(TradeStore);
  private readonly ask = injectAsk();

  protected async accept(): Promise<void> {
    const trade = this.trade().id;
    const seen = await this.ask(this.socket.send('economy.trade_accept', { trade }));
    if (seen) this.store.seen(seen);
    else this.store.trade.set(null);
  }

  protected async decline(): Promise<void> {
    const trade = this.trade().id;
    this.store.trade.set(null);
    await this.ask(this.socket.send('economy.trade_cancel', { trade }));
  }
}
