import { ChangeDetectionStrategy, Component, inject, output, signal } from '@angular/core';
import { Art } from '../art/art';
import { CatalogueStore } from '../catalogue/catalogue-store';
import { GameSocket } from '../connection/game-socket';
import { InventoryStore } from '../inventory/inventory-store';
import { injectAsk } from '../notices/notices';
import { Bank } from '../protocol/generated';
import { WindowFrame } from '../windows/window-frame';

/** What lies in the bank beside what is carried. */
@Component({
  selector: 'aether-bank-window',
  imports: [Art, WindowFrame],
  template: `
    <aether-window [heading]="heading" (closed)="closed.emit()">
      @if (bank(); as kept) {
        <div class="counter" data-testid="bank">
          <section>
            <h3 i18n="@@bank.carried">You carry</h3>
            <ul>
              <li>
                <aether-art folder="items" name="glim" [size]="34" />
                <span class="name">{{ inventory.inventory().glim }}</span>
                @for (amount of amounts; track amount) {
                  <button
                    class="button button--small"
                    type="button"
                    [attr.data-testid]="'deposit-glim-' + amount"
                    [disabled]="isBusy() || inventory.inventory().glim < amount"
                    (click)="deposit('glim', amount)"
                  >
                    {{ amount }} →
                  </button>
                }
              </li>
              @for (stack of inventory.inventory().stacks; track stack.item) {
                <li>
                  <aether-art folder="items" [name]="stack.item" [size]="34" />
                  <span class="name">{{ stack.count }} × {{ catalogue.itemName(stack.item) }}</span>
                  <button
                    class="button button--small"
                    type="button"
                    [attr.data-testid]="'deposit-' + stack.item"
                    [disabled]="isBusy()"
                    (click)="deposit(stack.item, stack.count)"
                    i18n="@@bank.putIn"
                  >
                    Put in
                  </button>
                </li>
              }
              @for (item of inventory.bag(); track item.id) {
                <li>
                  <aether-art folder="items" [name]="item.item" [size]="34" />
                  <span class="name">{{ catalogue.itemName(item.item) }}</span>
                  <button
                    class="button button--small"
                    type="button"
                    [attr.data-testid]="'deposit-' + item.item"
                    [disabled]="isBusy()"
                    (click)="deposit(item.id, 1)"
                    i18n="@@bank.putIn"
                  >
                    Put in
                  </button>
                </li>
              }
            </ul>
          </section>
          <section>
            <h3 i18n="@@bank.kept">In the bank</h3>
            <ul data-testid="bank-contents">
              @if (kept.glim > 0) {
                <li>
                  <aether-art folder="items" name="glim" [size]="34" />
                  <span class="name">{{ kept.glim }}</span>
                  <button
                    class="button button--small"
                    type="button"
                    data-testid="withdraw-glim"
                    [disabled]="isBusy()"
                    (click)="withdraw('glim', kept.glim)"
                    i18n="@@bank.takeOut"
                  >
                    Take out
                  </button>
                </li>
              }
              @for (stack of kept.stacks; track stack.item) {
                <li>
                  <aether-art folder="items" [name]="stack.item" [size]="34" />
                  <span class="name">{{ stack.count }} × {{ catalogue.itemName(stack.item) }}</span>
                  <button
                    class="button button--small"
                    type="button"
                    [attr.data-testid]="'withdraw-' + stack.item"
                    [disabled]="isBusy()"
                    (click)="withdraw(stack.item, stack.count)"
                    i18n="@@bank.takeOut"
                  >
                    Take out
                  </button>
                </li>
              }
              @for (item of kept.items; track item.id) {
                <li>
                  <aether-art folder="items" [name]="item.item" [size]="34" />
                  <span class="name">{{ catalogue.itemName(item.item) }}</span>
                  <button
                    class="button button--small"
                    type="button"
                    [attr.data-testid]="'withdraw-' + item.item"
                    [disabled]="isBusy()"
                    (click)="withdraw(item.id, 1)"
                    i18n="@@bank.takeOut"
                  >
                    Take out
                  </button>
                </li>
              }
            </ul>
          </section>
        </div>
      }
    </aether-window>
  `,
  styles: `
    :host {
      display: flex;
      min-height: 0;
    }
    aether-window {
      flex: 1;
    }
    .counter {
      display: grid;
      grid-template-columns: 1fr 1fr;
      gap: 24px;
    }
    ul {
      display: grid;
      gap: 6px;
    }
    li {
      display: flex;
      align-items: center;
      gap: 8px;
    }
    .name {
      flex: 1;
      min-width: 0;
    }
  `,
  changeDetection: ChangeDetectionStrategy.OnPush,
})
export class BankWindow {
  readonly closed = output();

  protected readonly catalogue = inject(CatalogueStore);
  protected readonly inventory = inject(InventoryStore);
  protected readonly heading = $localize`:@@bank.title:Bank`;
  protected readonly bank = signal<Bank | null>(null);
  protected readonly isBusy = signal(false);
  protected readonly amounts = [10, 100, 1000] as const;

  private readonly socket = inject(GameSocket);
  private readonly ask = injectAsk();

  constructor() {
    void this.show(this.socket.send('economy.bank', {})).then(() => {
      if (!this.bank()) this.closed.emit();
    });
  }

  protected deposit(item: string, count: number): Promise<void> {
    return this.show(this.socket.send('economy.bank_deposit', { item, count }));
  }

  protected withdraw(item: string, count: number): Promise<void> {
    return this.show(this.socket.send('economy.bank_withdraw', { item, count }));
  }

  private async show(answer: Promise<Bank>): Promise<void> {
    this.isBusy.set(true);
    const bank = await this.ask(answer);
    if (bank) this.bank.set(bank);
    this.isBusy.set(false);
  }
}
