import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  inject,
  input,
  signal,
} from '@angular/core';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { GoodsList } from '../exchange/goods-list';
import { GoodsPicker, PickedGoods } from '../exchange/goods-picker';
import { timesTooMuch } from '../exchange/worth';
import { injectAsk } from '../notices/notices';
import { TradeChange, TradeSeen } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { TradeStore } from './trade-store';

const TICK_MS = 200;

/** A trade: what each side gives, what has changed since one agreed, and the two steps to the end. */
@Component({
  selector: 'aether-trade-window',
  imports: [GoodsList, GoodsPicker, WindowFrame],
  templateUrl: './trade-window.html',
  styleUrl: './trade-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class TradeWindow {
  readonly trade = input.required<TradeSeen>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly infinity = Infinity;
  protected readonly isBusy = signal(false);
  protected readonly isWaiting = computed(() => this.trade().state === 'invited');
  protected readonly heading = computed(() =>
    this.isWaiting()
      ? $localize`:@@trade.waiting:Waiting for ${this.trade().partner_name}:name:`
      : $localize`:@@trade.title:Trade with ${this.trade().partner_name}:name:`,
  );
  protected readonly isLocked = computed(() => this.trade().mine.is_locked);
  protected readonly canConfirm = computed(() => {
    const { state, mine, confirm_from: from } = this.trade();
    const isReady = state === 'locked' || (state === 'confirming' && !mine.is_confirmed);
    return isReady && from !== null && this.now() >= this.clock.toLocalMs(from);
  });
  protected readonly secondsLeft = computed(() => {
    const left = this.clock.toLocalMs(this.trade().expires_at) - this.now();
    return Math.max(0, Math.ceil(left / 1000));
  });
  protected readonly times = computed(() => {
    const { mine, theirs } = this.trade();
    return timesTooMuch(mine.worth, theirs.worth);
  });

  private readonly now = signal(Date.now());
  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);
  private readonly store = inject(TradeStore);
  private readonly ask = injectAsk();

  constructor() {
    const ticking = setInterval(() => this.now.set(Date.now()), TICK_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(ticking));
  }

  protected nameOf({ item }: TradeChange): string {
    return item === 'glim' ? 'glim' : this.catalogue.itemName(item);
  }

  protected async offer(goods: PickedGoods): Promise<void> {
    await this.act(this.socket.send('economy.trade_offer', { ...this.at(), goods }));
  }

  protected async lock(): Promise<void> {
    await this.act(this.socket.send('economy.trade_lock', this.at()));
  }

  protected async confirm(): Promise<void> {
    await this.act(this.socket.send('economy.trade_confirm', this.at()));
  }

  protected async cancel(): Promise<void> {
    await this.act(this.socket.send('economy.trade_cancel', { trade: this.trade().id }));
  }

  private at(): { trade: number; rev: number } {
    return { trade: this.trade().id, rev: this.trade().rev };
  }

  private async act(answer: Promise<TradeSeen>): Promise<void> {
    this.isBusy.set(true);
    const seen = await this.ask(answer);
    if (seen) this.store.seen(seen);
    this.isBusy.set(false);
  }
}
