import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { Offer, ShopOffers } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';

interface ForSale {
  readonly key: string;
  readonly item: string;
  /** What the command names: the item for a stack, the instance for equipment. */
  readonly reference: string;
  readonly count: number;
  readonly price: number;
}

/** A shop's counter: what it sells, and what it takes of the player's bag. */
@Component({
  selector: 'aether-shop-window',
  imports: [Art, WindowFrame],
  templateUrl: './shop-window.html',
  styleUrl: './shop-window.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class ShopWindow {
  readonly shop = input.required<string>();
  readonly closed = output();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly offers = signal<ShopOffers | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly heading = computed(() => this.catalogue.shopName(this.shop()));
  protected readonly wares = computed(() =>
    (this.offers()?.offers ?? []).filter(
      (offer): offer is Offer & { buy: number } => offer.buy !== null,
    ),
  );
  protected readonly sellable = computed(() => this.sellableThings());

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => void this.read(this.shop()));
  }

  protected async buy({ item, buy }: Offer & { buy: number }): Promise<void> {
    await this.trade(
      this.socket.send('economy.shop_buy', {
        shop: this.shop(),
        item,
        count: 1,
        expected_price: buy,
      }),
    );
  }

  protected async sell({ reference, price }: ForSale): Promise<void> {
    const body = { shop: this.shop(), item: reference, count: 1, expected_price: price };
    await this.trade(this.socket.send('economy.shop_sell', body));
  }

  /** A refusal may mean that prices have changed, so the counter is read again. */
  private async trade(receipt: Promise<unknown>): Promise<void> {
    this.isBusy.set(true);
    if (!(await this.ask(receipt))) await this.read(this.shop());
    this.isBusy.set(false);
  }

  private async read(shop: string): Promise<void> {
    const offers = await this.ask(this.socket.send('economy.shop', { shop }));
    if (offers) this.offers.set(offers);
    else if (!this.offers()) this.closed.emit();
  }

  private sellableThings(): ForSale[] {
    const prices = new Map((this.offers()?.offers ?? []).map((offer) => [offer.item, offer.sell]));
    const stacks = this.inventory
      .inventory()
      .stacks.map(({ item, count }) => ({ key: item, item, reference: item, count }));
    const items = this.inventory
      .bag()
      .filter(({ is_bound }) => !is_bound)
      .map(({ id, item }) => ({ key: id, item, reference: id, count: 1 }));
    return [...stacks, ...items].flatMap((thing) => {
      const price = prices.get(thing.item);
      return price ? [{ ...thing, price }] : [];
    });
  }
}
