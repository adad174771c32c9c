import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  signal,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Subject, throttleTime } from 'rxjs';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { numberIn } from '../exchange/fields';
import { timesOff } from '../exchange/worth';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { BookDepth, BookSeen, Candle, Candles, Level, OrderSeen } from '../protocol/generated';
import { PriceChart } from './price-chart';

type Side = OrderSeen['side'];
type Interval = Candles['interval'];

const CANDLES_EVERY_MS = 5_000;
const THROTTLED = { leading: true, trailing: true };
const LEVELS_SHOWN = 8;

/** One order book: its depth, how the price went, one's own orders, and a form for the next one. */
@Component({
  selector: 'aether-order-book',
  imports: [PriceChart],
  templateUrl: './order-book.html',
  styleUrl: './order-book.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OrderBook {
  readonly item = input.required<string>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly book = signal<BookSeen | null>(null);
  protected readonly candles = signal<readonly Candle[]>([]);
  protected readonly interval = signal<Interval>('hour');
  protected readonly side = signal<Side>('buy');
  protected readonly price = signal(0);
  protected readonly quantity = signal(1);
  protected readonly isBusy = signal(false);
  protected readonly numberIn = numberIn;
  protected readonly bids = computed(() => depth(this.book()?.bids ?? []));
  protected readonly asks = computed(() => depth(this.book()?.asks ?? []));
  protected readonly held = computed(
    () => this.inventory.inventory().stacks.find(({ item }) => item === this.item())?.count ?? 0,
  );
  protected readonly total = computed(() => this.price() * this.quantity());
  protected readonly fee = computed(() => Math.max(1, Math.ceil(this.total() / 100)));
  protected readonly times = computed(() => timesOff(this.price(), this.book()?.reference ?? null));
  protected readonly canPlace = computed(() => {
    if (this.isBusy() || this.price() < 1 || this.quantity() < 1) return false;
    const { glim } = this.inventory.inventory();
    return this.side() === 'buy'
      ? this.total() <= glim
      : this.quantity() <= this.held() && this.fee() <= glim;
  });

  private readonly sold = new Subject<void>();
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => void this.read(this.item(), this.interval()));
    effect((onCleanup) => {
      const stream = `market:${this.item()}`;
      this.follow(stream);
      onCleanup(() => this.socket.unsubscribe(stream));
    });
    // A session that is new, and not the old one resumed, follows no book yet.
    this.socket.welcomed
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.follow(`market:${this.item()}`));
    this.socket.updates.pipe(takeUntilDestroyed()).subscribe((update) => {
      if (update.t === 'economy.market_order_changed') void this.readBook(this.item());
      if (update.t === 'market.snapshot' || update.t === 'market.changed') this.show(update.d.book);
    });
    this.sold
      .pipe(throttleTime(CANDLES_EVERY_MS, undefined, THROTTLED), takeUntilDestroyed())
      .subscribe(() => void this.readCandles(this.item(), this.interval()));
  }

  protected take(side: Side, level: Level): void {
    this.side.set(side);
    this.price.set(level.price);
    this.quantity.set(level.quantity);
  }

  protected async place(event: Event): Promise<void> {
    event.preventDefault();
    const order = { item: this.item(), side: this.side(), price: this.price() };
    const wanted = { ...order, quantity: this.quantity(), days: 14 };
    await this.act(this.socket.send('economy.market_place', wanted));
  }

  protected async cancel({ id }: OrderSeen): Promise<void> {
    await this.act(this.socket.send('economy.market_cancel', { order: id }));
  }

  private async act(answer: Promise<OrderSeen>): Promise<void> {
    this.isBusy.set(true);
    await this.ask(answer);
    await this.readBook(this.item());
    this.isBusy.set(false);
  }

  private follow(stream: string): void {
    this.socket.send('subscribe', { s: stream }).catch(() => undefined);
  }

  /** The book as everybody sees it; one's own orders in it are told apart. */
  private show(told: BookDepth): void {
    const book = this.book();
    if (told.item !== this.item() || !book) return;
    this.book.set({ ...book, ...told });
    if (told.sales[0]?.id !== book.sales[0]?.id) this.sold.next();
  }

  private async read(item: string, interval: Interval): Promise<void> {
    await Promise.all([this.readBook(item), this.readCandles(item, interval)]);
  }

  private async readBook(item: string): Promise<void> {
    const book = await this.ask(this.socket.send('economy.market_book', { item }));
    if (book && item === this.item()) this.book.set(book);
  }

  private async readCandles(item: string, interval: Interval): Promise<void> {
    const went = await this.ask(this.socket.send('economy.market_candles', { item, interval }));
    if (went && item === this.item()) this.candles.set(went.candles);
  }
}

/** The best levels, each with its share of the deepest. */
function depth(levels: readonly Level[]): (Level & { readonly share: number })[] {
  const shown = levels.slice(0, LEVELS_SHOWN);
  const most = Math.max(1, ...shown.map(({ quantity }) => quantity));
  return shown.map((level) => ({ ...level, share: (level.quantity / most) * 100 }));
}
