import { DatePipe } from '@angular/common';
import { ChangeDetectionStrategy, Component, effect, inject, output, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { injectAsk } from '../notices/notices';
import { OrderKept, ReadOrders } from '../protocol/generated';
import { endedHow } from './order-words';

type Scope = NonNullable<ReadOrders['scope']>;

/** All orders of the player, in all books: those that wait, and what came of those that are over. */
@Component({
  selector: 'aether-order-list',
  imports: [Art, DatePipe],
  template: `
    <div class="scopes">
      @for (each of scopes; track each.id) {
        <button
          class="button button--small"
          type="button"
          [attr.aria-pressed]="scope() === each.id"
          [attr.data-testid]="'orders-' + each.id"
          (click)="scope.set(each.id)"
        >
          {{ each.name }}
        </button>
      }
    </div>
    <ul data-testid="all-orders">
      @for (order of orders(); track order.id) {
        <li [attr.data-testid]="'order-' + order.id" [attr.data-state]="order.state">
          <aether-art folder="items" [name]="order.item" [size]="32" />
          <span class="what">
            <button class="name" type="button" (click)="chosen.emit(order.item)">
              @if (order.side === 'buy') {
                <ng-container i18n="@@order.mineBuy">Buying</ng-container>
              } @else {
                <ng-container i18n="@@order.mineSell">Selling</ng-container>
              }
              {{ order.quantity }} × {{ catalogue.itemName(order.item) }}
            </button>
            <small class="muted">
              <ng-container i18n="@@orders.terms">at {{ order.price }} glim each</ng-container> ·
              {{ order.placed_at * 1000 | date: 'short' }}
            </small>
            <small>
              {{ endedHow(order) }}
              @if (order.state === 'open') {
                ·
                <span class="muted" i18n="@@orders.until"
                  >until {{ order.expires_at * 1000 | date: 'short' }}</span
                >
              }
            </small>
            @if (order.paid > 0) {
              <small data-testid="order-paid">
                @if (order.side === 'buy') {
                  <ng-container i18n="@@orders.paid">paid {{ order.paid }} glim</ng-container>
                } @else {
                  <ng-container i18n="@@orders.fetched"
                    >fetched {{ order.paid - order.tax }} glim ({{ order.paid }} less
                    {{ order.tax }} tax)</ng-container
                  >
                }
              </small>
            }
          </span>
          @if (order.state === 'open') {
            <button
              class="button button--quiet button--small"
              type="button"
              data-testid="withdraw-order"
              [disabled]="isBusy()"
              (click)="cancel(order)"
              i18n="@@order.cancel"
            >
              Withdraw
            </button>
          }
        </li>
      } @empty {
        @if (!isBusy()) {
          <li class="muted" data-testid="no-orders" i18n="@@orders.none">No orders here.</li>
        }
      }
    </ul>
    @if (before() !== null) {
      <button
        class="button button--small"
        type="button"
        data-testid="older-orders"
        [disabled]="isBusy()"
        (click)="readMore()"
        i18n="@@orders.more"
      >
        Older orders
      </button>
    }
  `,
  styles: `
    .scopes {
      display: flex;
      flex-wrap: wrap;
      gap: 6px;
    }
    .scopes [aria-pressed='true'] {
      color: var(--lamp);
      border-color: var(--lamp);
    }
    ul {
      display: grid;
      gap: 8px;
      margin: 10px 0;
    }
    li {
      display: flex;
      align-items: center;
      gap: 10px;
    }
    .what {
      display: grid;
      flex: 1;
      min-width: 0;
    }
    .name {
      padding: 0;
      font: inherit;
      color: var(--text);
      text-align: start;
      background: none;
      border: 0;
      cursor: pointer;
    }
    .name:hover {
      color: var(--glow);
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class OrderList {
  /** The item whose book the player would like to see. */
  readonly chosen = output<string>();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly orders = signal<readonly OrderKept[]>([]);
  protected readonly before = signal<number | null>(null);
  protected readonly scope = signal<Scope>('open');
  protected readonly isBusy = signal(false);
  protected readonly endedHow = endedHow;
  protected readonly scopes: readonly { readonly id: Scope; readonly name: string }[] = [
    { id: 'open', name: $localize`:@@orders.open:Open` },
    { id: 'past', name: $localize`:@@orders.past:Past` },
    { id: 'all', name: $localize`:@@orders.all:All` },
  ];

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    effect(() => void this.page(this.scope(), null));
    this.socket.updates.pipe(takeUntilDestroyed()).subscribe((update) => {
      if (update.t === 'economy.market_order_changed') void this.page(this.scope(), null);
    });
  }

  protected readMore(): Promise<void> {
    return this.page(this.scope(), this.before());
  }

  protected async cancel({ id }: OrderKept): Promise<void> {
    this.isBusy.set(true);
    await this.ask(this.socket.send('economy.market_cancel', { order: id }));
    await this.page(this.scope(), null);
  }

  private async page(scope: Scope, before: number | null): Promise<void> {
    this.isBusy.set(true);
    const found = await this.ask(this.socket.send('economy.market_orders', { scope, before }));
    if (scope !== this.scope()) return;
    this.isBusy.set(false);
    if (!found) return;
    this.orders.update((shown) => [...(before === null ? [] : shown), ...found.orders]);
    this.before.set(found.before);
  }
}
