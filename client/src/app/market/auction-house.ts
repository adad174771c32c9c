import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  computed,
  effect,
  inject,
  signal,
} from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { ServerClock } from '../connection/server-clock';
import { numberIn, textIn } from '../exchange/fields';
import { GoodsList } from '../exchange/goods-list';
import { statWords } from '../exchange/stat-words';
import { timesTooMuch } from '../exchange/worth';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { AuctionSeen, GoodsSeen, OpenAuction, ReadAuctions } from '../protocol/generated';

type Scope = NonNullable<ReadAuctions['scope']>;
type Hours = OpenAuction['hours'];

const DEPOSIT_PCT: Readonly<Record<Hours, number>> = { 12: 1, 24: 2, 48: 4 };
const TICK_MS = 1_000;

/** Auctions of unique items: look, bid, buy at once, and put up one's own. */
@Component({
  selector: 'aether-auction-house',
  imports: [GoodsList],
  templateUrl: './auction-house.html',
  styleUrl: './auction-house.css',
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class AuctionHouse {
  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly auctions = signal<readonly AuctionSeen[]>([]);
  protected readonly after = signal<string | null>(null);
  protected readonly scope = signal<Scope>('all');
  protected readonly bids = signal<ReadonlyMap<number, number>>(new Map());
  protected readonly isBusy = signal(false);
  protected readonly item = signal('');
  protected readonly startBid = signal(0);
  protected readonly buyout = signal(0);
  protected readonly hours = signal<Hours>(12);
  protected readonly scopes: readonly { readonly id: Scope; readonly name: string }[] = [
    { id: 'all', name: $localize`:@@auctions.all:Open auctions` },
    { id: 'bids', name: $localize`:@@auctions.bids:Where I lead` },
    { id: 'mine', name: $localize`:@@auctions.mine:My auctions` },
  ];
  protected readonly allHours: readonly Hours[] = [12, 24, 48];
  protected readonly sellable = computed(() =>
    this.inventory.bag().filter(({ is_bound }) => !is_bound),
  );
  protected readonly deposit = computed(() =>
    Math.max(1, Math.ceil((this.startBid() * DEPOSIT_PCT[this.hours()]) / 100)),
  );
  protected readonly canOpen = computed(
    () =>
      !this.isBusy() &&
      this.startBid() > 0 &&
      this.sellable().some(({ id }) => id === this.item()) &&
      this.deposit() <= this.inventory.inventory().glim,
  );
  protected readonly numberIn = numberIn;
  protected readonly statWords = statWords;
  protected readonly textIn = textIn;
  protected readonly timesTooMuch = timesTooMuch;

  private readonly now = signal(Date.now());
  private readonly socket = inject(GameSocket);
  private readonly clock = inject(ServerClock);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => void this.read(this.scope()));
    const ticking = setInterval(() => this.now.set(Date.now()), TICK_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(ticking));
    this.socket.updates.pipe(takeUntilDestroyed()).subscribe((update) => {
      if (update.t === 'economy.auction_changed') this.replace(update.d.auction);
    });
  }

  protected goodsOf({ goods }: AuctionSeen): GoodsSeen {
    return { glim: 0, stacks: [], items: [goods] };
  }

  protected leftOf({ ends_at: endsAt }: AuctionSeen): string {
    const seconds = Math.max(0, Math.round((this.clock.toLocalMs(endsAt) - this.now()) / 1000));
    const minutes = Math.floor(seconds / 60);
    if (minutes >= 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return minutes > 0 ? `${minutes} min` : `${seconds} s`;
  }

  protected bidFor({ id, least }: AuctionSeen): number {
    return Math.max(this.bids().get(id) ?? 0, least);
  }

  /** How many times the usual price the player is about to bid, from where that is worth a warning on. */
  protected timesAbove(auction: AuctionSeen): number | null {
    return timesTooMuch(this.bidFor(auction), auction.reference);
  }

  protected chooseBid({ id }: AuctionSeen, amount: number): void {
    this.bids.update((bids) => new Map(bids).set(id, amount));
  }

  protected chooseHours(text: string): void {
    this.hours.set(this.allHours.find((hours) => String(hours) === text) ?? 12);
  }

  protected async bid(auction: AuctionSeen, amount: number): Promise<void> {
    await this.act(this.socket.send('economy.auction_bid', { auction: auction.id, amount }));
  }

  protected async cancel({ id }: AuctionSeen): Promise<void> {
    await this.act(this.socket.send('economy.auction_cancel', { auction: id }));
  }

  protected async open(event: Event): Promise<void> {
    event.preventDefault();
    const wanted = { item: this.item(), start_bid: this.startBid(), hours: this.hours() };
    const answer = this.socket.send('economy.auction_open', {
      ...wanted,
      buyout: this.buyout() || null,
    });
    await this.act(answer);
  }

  protected async readMore(): Promise<void> {
    const wanted = { scope: this.scope(), item: null, after: this.after() };
    const page = await this.ask(this.socket.send('economy.auctions', wanted));
    if (!page) return;
    this.auctions.update((shown) => [...shown, ...page.auctions]);
    this.after.set(page.after);
  }

  private async act(answer: Promise<AuctionSeen>): Promise<void> {
    this.isBusy.set(true);
    await this.ask(answer);
    await this.read(this.scope());
    this.isBusy.set(false);
  }

  private async read(scope: Scope): Promise<void> {
    const wanted = { scope, item: null, after: null };
    const page = await this.ask(this.socket.send('economy.auctions', wanted));
    if (!page || scope !== this.scope()) return;
    this.auctions.set(page.auctions);
    this.after.set(page.after);
  }

  private replace(auction: AuctionSeen): void {
    this.auctions.update((shown) => shown.map((each) => (each.id === auction.id ? auction : each)));
  }
}
