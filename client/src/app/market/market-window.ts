import {
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { textIn } from '../exchange/fields';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { BookSummary } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';
import { AuctionHouse } from './auction-house';
import { OrderBook } from './order-book';
import { OrderList } from './order-list';

/** The market: the list of order books, one of them, or the auctions. */
@Component({
  selector: 'aether-market-window',
  imports: [Art, AuctionHouse, OrderBook, OrderList, WindowFrame],
  templateUrl: './market-window.html',
  styleUrl: './market-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class MarketWindow {
  readonly closed = output();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly heading = $localize`:@@market.title:Market`;
  protected readonly tab = signal<'goods' | 'auctions' | 'orders'>('goods');
  protected readonly item = signal<string | null>(null);
  protected readonly wanted = signal('');
  protected readonly textIn = textIn;
  protected readonly books = computed(() => this.allBooks());

  private readonly summaries = signal<readonly BookSummary[]>([]);
  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    void this.read();
  }

  protected showBook(item: string): void {
    this.tab.set('goods');
    this.item.set(item);
  }

  protected back(): void {
    this.item.set(null);
    void this.read();
  }

  private async read(): Promise<void> {
    const found = await this.ask(this.socket.send('economy.market', {}));
    if (found) this.summaries.set(found.books);
  }

  /** Everything that stacks and may change hands, with the prices of what was ever ordered. */
  private allBooks() {
    const prices = new Map(this.summaries().map((book) => [book.item, book]));
    const wanted = this.wanted().trim().toLowerCase();
    return Object.values(this.catalogue.all().items)
      .filter(({ slot, kind, bound }) => !slot && kind !== 'quest' && !bound)
      .map(({ id, name }) => ({ id, name, prices: prices.get(id) ?? null }))
      .filter(({ name }) => name.toLowerCase().includes(wanted))
      .sort((a, b) => Number(!!b.prices) - Number(!!a.prices) || a.name.localeCompare(b.name));
  }
}
